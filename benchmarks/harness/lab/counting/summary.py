"""From counted generations to the costs of a task. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from benchmarks.harness.lab.counting.broker_counters import (
    RECEIVED,
    SENT,
    TRANSACTIONS,
    TRIPS,
    WAL,
)
from benchmarks.harness.lab.counting.bursts import Span
from benchmarks.harness.lab.counting.counts_record import DIGITS, FunctionCost
from benchmarks.harness.lab.counting.estimate import Estimate, Table, per_task
from benchmarks.harness.lab.counting.generation import (
    ROLES,
    CountedGeneration,
    Reading,
    padded,
)
from benchmarks.harness.shared.count_files import WIDTH

STARTS, LINES, CALLS = range(WIDTH)
COMMAND = "command:"
MODULE = "<module>"
BROKER_METRICS = {
    TRIPS: "round_trips_per_task",
    RECEIVED: "bytes_sent_per_task",
    SENT: "bytes_received_per_task",
    TRANSACTIONS: "transactions_per_task",
    WAL: "wal_bytes_per_task",
}
"""The broker's counters, and the metrics: what it receives is what the library sends."""

PREFIX = {"worker": "", "producer": "enqueue_"}


@dataclass(kw_only=True)
class Costs:
    """What was estimated so far, over all generations.

    Attributes:
        samples: metric to one value per generation; `spreads` alike.
        commands: role to command to so many per task, of the last generation.
    """

    samples: dict[str, list[float]] = field(default_factory=dict)
    spreads: dict[str, list[float]] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)
    commands: dict[str, dict[str, float]] = field(default_factory=dict)
    functions: list[FunctionCost] = field(default_factory=list)

    def add(self, metric: str, value: float, spread: float = 0.0) -> None:
        """Keep one more value of *metric*."""
        self.samples.setdefault(metric, []).append(round(value, DIGITS))
        self.spreads.setdefault(metric, []).append(round(spread, DIGITS))


def add_functions(costs: Costs, generation: CountedGeneration, package: str) -> None:
    """Lines and calls of a task, and those until the first task was done."""
    functions: list[FunctionCost] = []
    for role in ROLES:
        names = generation.tables[role].functions
        own = np.array([file.startswith(f"{package}/") for file, _ in names], dtype=np.bool_)
        ready = padded(generation.ready.functions[role], len(names))
        if role == "worker":
            modules = np.array([name == MODULE for _, name in names], dtype=np.bool_)
            costs.add("start_lines", float(ready[:, LINES].sum()))
            costs.add("start_modules", float(ready[modules, STARTS].sum()))
            costs.idle |= _idle(generation, len(names), own)
        if generation.spans:
            functions += _add_tasks(costs, generation, role, own)
    costs.functions = functions


def _add_tasks(
    costs: Costs, generation: CountedGeneration, role: str, own: npt.NDArray[np.bool_]
) -> Iterator[FunctionCost]:
    names = generation.tables[role].functions

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        ends = [padded(reading.functions[role], len(names)) for reading in (before, after)]
        return (ends[1] - ends[0]).astype(np.float64).reshape(-1)

    estimate = _estimate(generation.spans, role, count)
    column = np.tile(np.arange(WIDTH), len(names))
    owned = np.repeat(own, WIDTH)
    prefix = PREFIX[role]
    costs.add(f"{prefix}lines_per_task", *estimate.total(owned & (column == LINES)))
    costs.add(f"{prefix}calls_per_task", *estimate.total(owned & (column == CALLS)))
    costs.add(f"{prefix}all_lines_per_task", *estimate.total(column == LINES))
    values = estimate.values.reshape(-1, WIDTH)
    spreads = np.ptp(estimate.left_out, axis=0).reshape(-1, WIDTH)[:, LINES]
    for index in np.flatnonzero(values.any(axis=1) | (spreads > 0)):
        file, name = names[index]
        numbers = (float(round(x, DIGITS)) for x in (*values[index], spreads[index]))
        yield FunctionCost(role, file, name, bool(own[index]), *numbers)


def add_allocations(costs: Costs, generation: CountedGeneration) -> None:
    """Allocations of a task, on either side."""
    for role in ROLES if generation.spans else ():

        def count(before: Reading, after: Reading, role: str = role) -> npt.NDArray[np.float64]:
            return np.array([float(after.allocated[role] - before.allocated[role])])

        estimate = _estimate(generation.spans, role, count)
        everything = np.ones(1, dtype=np.bool_)
        costs.add(f"{PREFIX[role]}allocations_per_task", *estimate.total(everything))


def add_broker(costs: Costs, generation: CountedGeneration) -> None:
    """Commands, round trips and bytes of a task: of sending it and of working on it."""
    if not generation.spans:
        return
    names = sorted(generation.spans[-1].working[-1][1].broker)

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        return np.array([after.broker.get(name, 0) - before.broker.get(name, 0) for name in names])

    estimates = {role: _estimate(generation.spans, role, count) for role in ROLES}
    commands = np.array([name.startswith(COMMAND) for name in names], dtype=np.bool_)
    _add_both(costs, "broker_commands_per_task", estimates, commands)
    for counter, metric in BROKER_METRICS.items():
        if counter in names:
            _add_both(costs, metric, estimates, np.array([name == counter for name in names]))
    for role, estimate in estimates.items():
        costs.commands[role] = {
            name.removeprefix(COMMAND): float(round(value, DIGITS))
            for name, value in zip(names, estimate.values, strict=True)
            if name.startswith(COMMAND) and value
        }
    idle = _count(generation.idle, "worker", count)
    costs.idle["broker_commands"] = _per_second(idle[commands].sum(), generation.idle)


def _add_both(
    costs: Costs, metric: str, estimates: Mapping[str, Estimate], chosen: npt.NDArray[np.bool_]
) -> None:
    totals = [estimate.total(chosen) for estimate in estimates.values()]
    costs.add(metric, sum(value for value, _ in totals), sum(spread for _, spread in totals))


def _idle(
    generation: CountedGeneration, functions: int, own: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """Lines per second of workers with nothing to do."""

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        ends = [padded(reading.functions["worker"], functions) for reading in (before, after)]
        return (ends[1] - ends[0])[:, LINES].astype(np.float64)

    lines = _count(generation.idle, "worker", count)
    return {
        "lines": _per_second(lines[own].sum(), generation.idle),
        "all_lines": _per_second(lines.sum(), generation.idle),
    }


def _per_second(count: float, span: Span[Reading]) -> float:
    return round(float(count) / span.working_s, 2)


type Difference = Callable[[Reading, Reading], npt.NDArray[np.float64]]


def _estimate(spans: Sequence[Span[Reading]], role: str, difference: Difference) -> Estimate:
    table: Table = np.array([_count(span, role, difference) for span in spans])
    return per_task([span.tasks for span in spans], table)


def _count(span: Span[Reading], role: str, difference: Difference) -> npt.NDArray[np.float64]:
    """What *role* did in a span: the producer while sending, the workers afterwards."""
    turns = span.working if role == "worker" else (span.sending,)
    return np.sum([difference(before, after) for before, after in turns], axis=0)

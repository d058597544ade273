"""From counted rounds to the costs of a task. Pure."""

from collections.abc import Callable, Iterator, Mapping
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
from benchmarks.harness.lab.counting.clock_driven_work import Still, without_clock
from benchmarks.harness.lab.counting.counted_round import (
    ROLES,
    CountedRound,
    Reading,
    padded,
)
from benchmarks.harness.lab.counting.task_cost import Estimate, Table, per_task
from benchmarks.harness.lab.results.counts_record import DIGITS, CompiledCost, FunctionCost
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

LEAST_TOLD = 1 / 2000
"""Compiled functions that execute less of a task's instructions are left out of the record."""


type Difference = Callable[[Reading, Reading], npt.NDArray[np.float64]]
"""What was counted between two readings, per quantity."""


@dataclass(kw_only=True)
class Costs:
    """What was estimated so far, over all rounds.

    Attributes:
        samples: metric to one value per round; `spreads` alike.
        commands: role to command to so many per task, of the last round.
    """

    samples: dict[str, list[float]] = field(default_factory=dict)
    spreads: dict[str, list[float]] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)
    commands: dict[str, dict[str, float]] = field(default_factory=dict)
    functions: list[FunctionCost] = field(default_factory=list)
    compiled: list[CompiledCost] = field(default_factory=list)

    def add(self, metric: str, value: float, spread: float = 0.0) -> None:
        """Keep one more value of *metric*."""
        self.samples.setdefault(metric, []).append(round(value, DIGITS))
        self.spreads.setdefault(metric, []).append(round(spread, DIGITS))


def add_functions(costs: Costs, counted: CountedRound, package: str) -> None:
    """Lines and calls of a task, and those until the first task was done."""
    functions: list[FunctionCost] = []
    for role in ROLES:
        names = counted.names[role].functions
        own = np.array([file.startswith(f"{package}/") for file, _ in names], dtype=np.bool_)
        ready = padded(counted.ready.functions[role], len(names))
        if role == "worker":
            modules = np.array([name == MODULE for _, name in names], dtype=np.bool_)
            if not counted.spans:  # else the polls until it is ready would count
                costs.add("start_lines", float(ready[:, LINES].sum()))
            costs.add("start_modules", float(ready[modules, STARTS].sum()))
            costs.idle |= _idle(counted, len(names), own)
        if counted.spans:
            functions += _add_tasks(costs, counted, role, own)
    costs.functions = functions


def _add_tasks(
    costs: Costs, counted: CountedRound, role: str, own: npt.NDArray[np.bool_]
) -> Iterator[FunctionCost]:
    names = counted.names[role].functions
    starts = np.arange(WIDTH * len(names)) // WIDTH * WIDTH + STARTS
    estimate = _estimate(counted, role, _by_function(counted, role), starts)
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


def add_allocations(costs: Costs, counted: CountedRound) -> None:
    """Allocations of a task, on either side."""
    for role in ROLES if counted.spans else ():

        def count(before: Reading, after: Reading, role: str = role) -> npt.NDArray[np.float64]:
            return np.array([float(after.totals[role] - before.totals[role])])

        _add_sum(costs, f"{PREFIX[role]}allocations_per_task", _estimate(counted, role, count))


def add_instructions(costs: Costs, counted: CountedRound) -> None:
    """Instructions of a task, on either side, or of the workers until the first task was done."""
    if not counted.spans:
        costs.add("start_instructions", float(counted.ready.functions["worker"].sum()))
        return
    compiled: list[CompiledCost] = []
    for role in ROLES:
        by_function = _by_function(counted, role)
        estimate = _estimate(counted, role, _summed(by_function))
        _add_sum(costs, f"{PREFIX[role]}instructions_per_task", estimate)
        compiled += _compiled(counted, role, _estimate(counted, role, by_function))
    costs.compiled = compiled


def _compiled(counted: CountedRound, role: str, estimate: Estimate) -> Iterator[CompiledCost]:
    """The functions that execute enough of a task to be told."""
    spreads = np.ptp(estimate.left_out, axis=0) if len(estimate.left_out) else 0 * estimate.values
    least = LEAST_TOLD * estimate.values.sum()
    for row in np.flatnonzero((estimate.values >= least) & (estimate.values > 0)):
        numbers = (float(round(x, DIGITS)) for x in (estimate.values[row], spreads[row]))
        yield CompiledCost(role, *counted.names[role].functions[row], *numbers)


def _add_sum(costs: Costs, metric: str, estimate: Estimate) -> None:
    """State the sum of all, but where a clock seems to drive all of it: no task is free."""
    total, spread = estimate.total(np.ones(len(estimate.values), dtype=np.bool_))
    if total > 0:
        costs.add(metric, total, spread)


def _summed(difference: Difference) -> Difference:
    """All quantities of *difference* as one."""
    return lambda before, after: difference(before, after).sum(keepdims=True)


def _by_function(counted: CountedRound, role: str) -> Difference:
    """How two readings of *role* differ: all columns of a function, then those of the next."""
    functions = len(counted.names[role].functions)

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        ends = [padded(reading.functions[role], functions) for reading in (before, after)]
        return (ends[1] - ends[0]).astype(np.float64).reshape(-1)

    return count


def add_broker(costs: Costs, counted: CountedRound) -> None:
    """Commands, round trips and bytes of a task: of sending it and of working on it."""
    if not counted.spans:
        return
    names = sorted(counted.spans[-1].working[-1][1].broker)

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        return np.array([after.broker.get(name, 0) - before.broker.get(name, 0) for name in names])

    estimates = {role: _estimate(counted, role, count) for role in ROLES}
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
    idle = _count(counted.idle, "worker", count)
    costs.idle["broker_commands"] = _per_second(idle[commands].sum(), counted.idle)


def _add_both(
    costs: Costs, metric: str, estimates: Mapping[str, Estimate], chosen: npt.NDArray[np.bool_]
) -> None:
    totals = [estimate.total(chosen) for estimate in estimates.values()]
    costs.add(metric, sum(value for value, _ in totals), sum(spread for _, spread in totals))


def _idle(counted: CountedRound, functions: int, own: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Lines per second of workers with nothing to do."""

    def count(before: Reading, after: Reading) -> npt.NDArray[np.float64]:
        ends = [padded(reading.functions["worker"], functions) for reading in (before, after)]
        return (ends[1] - ends[0])[:, LINES].astype(np.float64)

    lines = _count(counted.idle, "worker", count)
    return {
        "lines": _per_second(lines[own].sum(), counted.idle),
        "all_lines": _per_second(lines.sum(), counted.idle),
    }


def _per_second(count: float, span: Span[Reading]) -> float:
    return round(float(count) / span.working_s, 2)


def _estimate(
    counted: CountedRound,
    role: str,
    difference: Difference,
    starts: npt.NDArray[np.intp] | None = None,
) -> Estimate:
    """What a task costs in *role*; no clock drives anything while the workers are frozen."""
    spans, idle = counted.spans, counted.idle
    tasks = [span.tasks for span in spans]
    table: Table = np.array([_count(span, role, difference) for span in spans])
    if role == "worker":
        seconds = [span.working_s for span in spans]
        still = Still(_count(idle, role, difference), idle.working_s)
        table = without_clock(tasks, table, seconds, still, starts)
    return per_task(tasks, table)


def _count(span: Span[Reading], role: str, difference: Difference) -> npt.NDArray[np.float64]:
    """What *role* did in a span: the producer while sending, the workers afterwards."""
    turns = span.working if role == "worker" else (span.sending,)
    return np.sum([difference(before, after) for before, after in turns], axis=0)

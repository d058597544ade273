"""Counts one library in one scenario: every instrument, each a round of workers of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product

from benchmarks.harness.lab.counting import cost_summary
from benchmarks.harness.lab.counting.bursts import Sizes
from benchmarks.harness.lab.counting.callgrind import why_absent
from benchmarks.harness.lab.counting.counted_round import (
    INSTRUCTIONS,
    CountedRound,
    count_round,
    job_of,
)
from benchmarks.harness.lab.counting.python_version import python_version
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.counts_record import (
    VERSION,
    CountedMetric,
    CountsRecord,
    pack,
)
from benchmarks.harness.shared.count_files import ALLOCATIONS, FUNCTIONS
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.metric_names import COUNTED_UNITS
from benchmarks.harness.shared.spec import Work


class Instrument(StrEnum):
    """What can be counted, each by itself."""

    FUNCTIONS = "functions"
    ALLOCATIONS = "allocations"
    INSTRUCTIONS = "instructions"
    BROKER = "broker"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPlan:
    """How much is counted.

    Attributes:
        rounds: of each instrument, each in a layout of memory of its own.
        layout: the first of these.
    """

    instruments: tuple[Instrument, ...] = tuple(Instrument)
    rounds: int = 1
    layout: int = 0


@dataclass(kw_only=True)
class CountedCell:
    """What became of counting a cell.

    Attributes:
        versions: installed versions in the library's environment.
    """

    record: CountsRecord
    versions: dict[str, str] = field(default_factory=dict)


WHOLE = 100
QUICK, SLOW = Sizes(), Sizes(small=10, large=30)
SIZES = {
    FUNCTIONS: (QUICK, SLOW),
    ALLOCATIONS: (QUICK.times(5), SLOW),  # not slowed, and coarser: it can have more and needs them
    # Of three turns one that is off moves what is left when another is left out.
    INSTRUCTIONS: (
        replace(QUICK, turns=5, warmups=1),
        Sizes(small=4, large=12, turns=3, warmups=1),
    ),
}
"""The bursts of each instrument: of most libraries and scenarios, and of those with slow tasks."""


def sizes_of(cell: Cell, what: str) -> Sizes:
    """The bursts in which *what* is counted; none where the scenario sends nothing."""
    quick, slow = SIZES[what]
    if not cell.plan.phases:
        return replace(quick, turns=0, warmups=0)
    return slow if is_slow(cell) else quick


def is_slow(cell: Cell) -> bool:
    """Whether its tasks work, or its library is given fewer of them."""
    scaled_down = cell.plan.scaled(WHOLE, cell.library) < WHOLE
    return scaled_down or cell.variants[0].workers.work is not Work.NOTHING


def count_cell(
    cell: Cell, plan: CountPlan, keeper: Keeper, progress: Callable[[str], None], *, seed: int = 0
) -> CountedCell:
    """Count *cell*; an instrument that fails is absent, with the reason."""
    absent, versions = dict[str, str](), dict[str, str]()
    rounds: list[tuple[str, CountedRound]] = []
    runs = _runs(plan)
    if INSTRUCTIONS in runs and (reason := why_absent()):
        absent[INSTRUCTIONS] = reason
    for what, number in product(runs, range(plan.rounds)):
        if what in absent:
            continue
        progress(f"{cell.library}: counting {what}, {number + 1} of {plan.rounds}")
        sizes = sizes_of(cell, what)
        job = job_of(cell, cell.variants[0], sizes, seed)
        try:
            layout = plan.layout + number
            counted = count_round(cell, job, what, sizes, keeper, layout=layout)
        except CellFailedError as error:
            absent[what] = error.reason
            continue
        versions |= counted.versions
        rounds.append((what, counted))
    costs = costs_of(rounds, cell.adapter.distribution, plan, absent)
    sizes = sizes_of(cell, FUNCTIONS)
    record = CountsRecord(
        version=VERSION,
        python=python_version(cell.python),
        bursts={"small": sizes.small, "large": sizes.large, "turns": sizes.turns},
        metrics=metrics_of(costs),
        absent=absent,
        idle=costs.idle,
        commands=costs.commands,
        functions=pack(costs.functions),
        compiled=pack(costs.compiled),
    )
    return CountedCell(record=record, versions=versions)


def costs_of(
    rounds: Iterable[tuple[str, CountedRound]],
    package: str,
    plan: CountPlan,
    absent: dict[str, str],
) -> cost_summary.Costs:
    """The costs by *rounds*, each with what it has counted, of a library in *package*. Pure.

    What could not be counted is added to *absent*, with the reason.
    """
    costs = cost_summary.Costs()
    for what, counted in rounds:
        _add(costs, absent, counted, what, package)
        if _counts_broker(plan, what):
            _add_broker(costs, absent, counted)
    return costs


def _add(
    costs: cost_summary.Costs,
    absent: dict[str, str],
    counted: CountedRound,
    what: str,
    package: str,
) -> None:
    """Add what the processes have counted, or why they have not."""
    if counted.absent:
        absent[what] = counted.absent
    elif what == FUNCTIONS:
        cost_summary.add_functions(costs, counted, package)
    elif what == INSTRUCTIONS:
        cost_summary.add_instructions(costs, counted)
    else:
        cost_summary.add_allocations(costs, counted)


def _add_broker(costs: cost_summary.Costs, absent: dict[str, str], counted: CountedRound) -> None:
    if counted.broker_absent:
        absent[Instrument.BROKER] = counted.broker_absent
    else:
        cost_summary.add_broker(costs, counted)


def _runs(plan: CountPlan) -> Sequence[str]:
    """What rounds count, in their order."""
    wanted = [what for what in SIZES if what in plan.instruments]
    return wanted or [ALLOCATIONS]


def _counts_broker(plan: CountPlan, what: str) -> bool:
    """Whether the broker is counted now: where its clients are slowed the least."""
    return Instrument.BROKER in plan.instruments and (
        what == ALLOCATIONS or (what == FUNCTIONS and ALLOCATIONS not in _runs(plan))
    )


def metrics_of(costs: cost_summary.Costs) -> dict[str, CountedMetric]:
    """Each metric over all rounds. Pure."""
    return {
        name: CountedMetric(
            unit=COUNTED_UNITS[name],
            value=min(samples),
            spread=max(max(samples) - min(samples), *costs.spreads[name]),
            samples=samples,
        )
        for name, samples in costs.samples.items()
    }

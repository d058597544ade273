"""Counts one library in one scenario: every instrument, each a generation of workers of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from benchmarks.harness.lab.counting import summary
from benchmarks.harness.lab.counting.bursts import Sizes
from benchmarks.harness.lab.counting.counts_record import (
    VERSION,
    CountedMetric,
    CountsRecord,
    pack,
)
from benchmarks.harness.lab.counting.generation import (
    CountedGeneration,
    count_generation,
    job_of,
)
from benchmarks.harness.lab.counting.python_version import python_version
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.shared.count_files import ALLOCATIONS, FUNCTIONS
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.metric_names import COUNTED_UNITS
from benchmarks.harness.shared.spec import Work


class Instrument(StrEnum):
    """What can be counted, each by itself."""

    FUNCTIONS = "functions"
    ALLOCATIONS = "allocations"
    BROKER = "broker"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPlan:
    """How much is counted."""

    instruments: tuple[Instrument, ...] = tuple(Instrument)
    generations: int = 1


@dataclass(kw_only=True)
class CountedCell:
    """What became of counting a cell.

    Attributes:
        versions: installed versions in the library's environment.
    """

    record: CountsRecord
    versions: dict[str, str] = field(default_factory=dict)


WHOLE = 100
SLOWED = 5
"""So many times the tasks are sent where nothing slows the workers: allocations need them."""


def sizes_of(cell: Cell, what: str) -> Sizes:
    """Bursts of 20 and 60 tasks; half of it where a task is slow; none where nothing is sent."""
    variant, plan = cell.variants[0], cell.plan
    if not plan.phases:
        return Sizes(turns=0, warmups=0)
    if plan.scaled(WHOLE, cell.library) < WHOLE or variant.workers.work is not Work.NOTHING:
        return Sizes(small=10, large=30)
    return Sizes() if what == FUNCTIONS else Sizes().times(SLOWED)


def count_cell(
    cell: Cell, plan: CountPlan, keeper: Keeper, progress: Callable[[str], None], *, seed: int = 0
) -> CountedCell:
    """Count *cell*; an instrument that fails is absent, with the reason."""
    costs, absent, versions = summary.Costs(), dict[str, str](), dict[str, str]()
    runs = _runs(plan)
    for what, number in product(runs, range(plan.generations)):
        if what in absent:
            continue
        progress(f"{cell.library}: counting {what}, {number + 1} of {plan.generations}")
        sizes = sizes_of(cell, what)
        job = job_of(cell, cell.variants[0], sizes, seed)
        try:
            generation = count_generation(cell, job, what, sizes, keeper)
        except CellFailedError as error:
            absent[what] = error.reason
            continue
        versions |= generation.versions
        _add(costs, absent, generation, what, cell)
        if what == runs[-1] and Instrument.BROKER in plan.instruments:
            _add_broker(costs, absent, generation)
    sizes = sizes_of(cell, FUNCTIONS)
    record = CountsRecord(
        version=VERSION,
        python=python_version(cell.python),
        bursts={"small": sizes.small, "large": sizes.large, "turns": sizes.turns},
        metrics=_metrics(costs),
        absent=absent,
        idle=costs.idle,
        commands=costs.commands,
        functions=pack(costs.functions),
    )
    return CountedCell(record=record, versions=versions)


def _add(
    costs: summary.Costs,
    absent: dict[str, str],
    generation: CountedGeneration,
    what: str,
    cell: Cell,
) -> None:
    """Add what the processes have counted, or why they have not."""
    if generation.absent:
        absent[what] = generation.absent
    elif what == FUNCTIONS:
        summary.add_functions(costs, generation, cell.adapter.distribution)
    else:
        summary.add_allocations(costs, generation)


def _add_broker(
    costs: summary.Costs, absent: dict[str, str], generation: CountedGeneration
) -> None:
    if generation.broker_absent:
        absent[Instrument.BROKER] = generation.broker_absent
    else:
        summary.add_broker(costs, generation)


def _runs(plan: CountPlan) -> Sequence[str]:
    """What generations count, in their order; the broker is counted by the last one."""
    wanted = [what for what in (FUNCTIONS, ALLOCATIONS) if what in plan.instruments]
    return wanted or [ALLOCATIONS]


def _metrics(costs: summary.Costs) -> dict[str, CountedMetric]:
    return {
        name: CountedMetric(
            unit=COUNTED_UNITS[name],
            value=min(samples),
            spread=max(max(samples) - min(samples), *costs.spreads[name]),
            samples=samples,
        )
        for name, samples in costs.samples.items()
    }

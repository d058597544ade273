"""A whole measurement: all libraries of one scenario, interleaved in rounds.

The order of the libraries is reversed on every second round, so that a drift of the machine meets
all alike. Workers are fresh in every round, as two processes of the same code differ (Kalibera &
Jones 2013, doi:10.1145/2464157.2464160). One library that fails does not stop the others.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import CellData, RunData
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.run_order import Runner
from benchmarks.harness.lab.station.station import OpenStation
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.spec import Variant

type Opener = Callable[[Cell, Job], OpenStation]
type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The place of one library and variant in its round."""

    round: int
    order: int
    library: int
    variant: Variant


def turns(cells: Sequence[Cell], rounds: int) -> Iterator[Turn]:
    """Each library and variant once per round, reversed on every second round."""
    once = [(i, variant) for i, cell in enumerate(cells) for variant in cell.variants]
    for number in range(rounds):
        ordered = once if number % 2 == 0 else once[::-1]
        for order, (library, variant) in enumerate(ordered):
            yield Turn(round=number, order=order, library=library, variant=variant)


def measure(
    found: Sequence[CellData],
    *,
    open_station: Opener,
    clock: Clock,
    progress: Progress,
    seed: int = 0,
) -> None:
    """Measure all cells of *found*, of one scenario and size, into it; failures become reasons."""
    cells = [data.cell for data in found]
    rounds = max((cell.plan.rounds for cell in cells), default=0)
    for turn in turns(cells, rounds):
        data = found[turn.library]
        if data.reason or turn.round >= data.cell.plan.rounds:
            continue
        progress(f"{data.cell.library}, {turn.variant.name}, round {turn.round + 1} of {rounds}")
        with _failures_into(data):
            _take_turn(data, turn, open_station, clock, seed)


@contextmanager
def _failures_into(data: CellData) -> Iterator[None]:
    """Keep the reason of a failed cell and go on."""
    try:
        yield
    except CellFailedError as error:
        data.fail(error.reason)


def _take_turn(data: CellData, turn: Turn, open_station: Opener, clock: Clock, seed: int) -> None:
    """Fresh workers, a warm-up, and the runs of this turn."""
    cell, plan = data.cell, data.cell.plan_for(turn.variant)
    job = Job(
        library=cell.library,
        variant=turn.variant,
        plan=plan,
        seed=cell.spec.seed + seed,
        queue_first=cell.spec.queue_first,
    )
    with open_station(cell, job) as station:
        data.describe(station.facts, station.versions)
        runner = Runner(station, job, clock)
        canary = runner.become_ready()
        data.describe(station.facts, station.versions)
        warmup = runner.warm_up() if plan.phases else None
        measured = [runner.run() for _ in range(plan.runs_per_round)]
    before = sum(run.variant == turn.variant.name for run in data.runs)
    data.runs.extend(
        RunData(
            variant=turn.variant.name,
            round=turn.round,
            order=turn.order,
            index=before + number,
            spawned_ns=station.spawned_ns,
            canary=canary,
            warmup=warmup,
            phases=phases,
            queued=station.queued,
        )
        for number, phases in enumerate(measured)
    )

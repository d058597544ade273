"""Puts a measurement together: environments, cells, the order of runs, records."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from benchmarks.harness.lab.counting.counted_cell import CountPlan, Instrument, count_cell
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results import record
from benchmarks.harness.lab.results.appending import appended
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.cell_summary import Origin, counted_metrics, summarise
from benchmarks.harness.lab.results.machine_facts import machine_facts
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.run.measurement import Opener, measure
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.opened_station import broker_for, live_station
from benchmarks.harness.shared.environments import default_root, ensure_environment
from benchmarks.harness.shared.errors import BadSettingError, EnvironmentBuildError, HarnessError
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import Only, ScenarioSpec, Size
from benchmarks.harness.shared.variant_options import is_tuned

INSTRUMENTS = {
    Size.QUICK: (Instrument.FUNCTIONS, Instrument.ALLOCATIONS, Instrument.BROKER),
    Size.FULL: tuple(Instrument),
}
"""What counts at which size: instructions take longer than all the rest of a quick measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to measure, and where records go: the last five do not matter when none are written.

    Attributes:
        libraries: name to interpreter; None for the library's own locked environment.
        runs: per library, 0 for what the scenario says; rounded up to whole rounds.
        append: whether the runs are added to those of the record that is there.
    """

    scenario: str
    libraries: Mapping[str, Path | None]
    tracked: str
    size: Size
    seed: int
    runs: int = 0
    results: Path = Path()
    commit: str = ""
    environment: str = ""
    machine: str = ""
    append: bool = False
    only: Only | None = None

    @property
    def counted(self) -> set[str]:
        """The libraries to count: the tracked one, for a control stays the same; else all."""
        if self.only is Only.TIMES:
            return set()
        return {self.tracked} if self.tracked else set(self.libraries)


def with_runs(spec: ScenarioSpec, size: Size, runs: int) -> ScenarioSpec:
    """*spec* with at least *runs* runs per library, in whole rounds; 0 changes nothing."""
    plan = spec.plan(size)
    if not runs:
        return spec
    changed = replace(plan, rounds=-(-runs // plan.runs_per_round))
    return replace(spec, quick=changed) if size is Size.QUICK else replace(spec, full=changed)


def cells_of(request: Request, spec: ScenarioSpec) -> list[CellData]:
    """A cell per library; one whose environment cannot be built has failed already."""
    web = ""
    if spec.web:
        python = environment("web")
        web = str(next(python.parents[1].glob("lib/python*/site-packages")))
    return [_cell(name, python, request, spec, web) for name, python in request.libraries.items()]


def environment(name: str) -> Path:
    """The interpreter of a locked environment for this interpreter's version of Python."""
    return ensure_environment(name, root=default_root(), base_python=Path(sys.executable))


def _cell(
    name: str, python: Path | None, request: Request, spec: ScenarioSpec, web: str
) -> CellData:
    adapter = import_adapter(name)
    reason = ""
    if python is None:
        try:
            python = environment(name)
        except EnvironmentBuildError as error:
            python, reason = Path(), f"no environment: {error.message}"
    cell = Cell(
        library=name,
        adapter=adapter,
        python=python,
        spec=spec,
        size=request.size,
        tracked=name == request.tracked,
        web=web,
    )
    return CellData(cell=cell, reason=reason)


def opener(keeper: Keeper) -> Opener:
    """How `measure` opens a station: a fresh broker, then everything else."""

    @contextmanager
    def open_station(cell: Cell, job: Job) -> Iterator[LiveStation]:
        clock, durable = SystemClock(), not is_tuned(job.variant)
        with (
            broker_for(cell.adapter.broker, keeper, durable=durable) as broker,
            live_station(cell, job, keeper, clock, broker) as station,
        ):
            yield station

    return open_station


def measure_and_record(
    request: Request, progress: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """Measure, write a record per library, and say what became of each.

    Raises:
        HarnessError: nothing can be measured at all. The records then say why, too.
    """
    spec = with_runs(import_spec(request.scenario), request.size, request.runs)
    _check_writable(request.results)
    data = cells_of(request, spec)
    if request.only is Only.COUNTS:  # a control is not touched then
        data = [cell for cell in data if cell.cell.library in request.counted]
    started_ms = time.time_ns() // 1_000_000
    try:
        with Keeper() as keeper:
            if request.only is not Only.COUNTS:
                measure(
                    data,
                    open_station=opener(keeper),
                    clock=SystemClock(),
                    progress=progress,
                    seed=request.seed,
                )
            for cell in data:
                _count(cell, request, keeper, progress)
    except HarnessError as error:
        for cell in data:
            cell.fail(error.message)
        _store_all(data, request, started_ms, progress)
        raise
    return _store_all(data, request, started_ms, progress)


def _count(
    data: CellData, request: Request, keeper: Keeper, progress: Callable[[str], None]
) -> None:
    """Count what a task of *data* costs, when that is wanted and the cell has not failed."""
    cell = data.cell
    if cell.library in request.counted and cell.variants and not data.reason:
        plan = CountPlan(instruments=INSTRUMENTS[request.size])
        counted = count_cell(cell, plan, keeper, progress, seed=request.seed)
        for left_out in set(Instrument) - set(plan.instruments):
            counted.record.absent[left_out] = f"not counted at {request.size} size"
        data.add_counts(counted.record, counted.versions)


def _check_writable(results: Path) -> None:
    """Refuse before measuring, not after."""
    try:
        results.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=results):
            pass
    except OSError as error:
        wanted = "a folder that can be written to"
        raise BadSettingError("--results", str(results), wanted) from error


def _store_all(
    data: Sequence[CellData],
    request: Request,
    started_ms: int,
    progress: Callable[[str], None],
) -> dict[str, dict[str, str]]:
    origin = Origin(
        commit=request.commit,
        environment=request.environment,
        machine=request.machine,
        started_at_ms=started_ms,
        finished_at_ms=time.time_ns() // 1_000_000,
        facts=machine_facts(),
    )
    return {cell.cell.library: _store(cell, origin, request, progress) for cell in data}


def _store(
    data: CellData, origin: Origin, request: Request, progress: Callable[[str], None]
) -> dict[str, str]:
    cell_record = summarise(data, origin)
    earlier = record.stored(cell_record, request.results) if request.append else None
    if earlier is not None and request.only is not Only.COUNTS:
        cell_record = appended(earlier, cell_record)
    path = record.write(_joined(cell_record, request), request.results)
    said = f" ({cell_record.reason})" if cell_record.reason else ""
    progress(f"{cell_record.library}: {cell_record.outcome}{said}")
    return {"outcome": cell_record.outcome, "reason": cell_record.reason, "path": str(path)}


def _joined(cell_record: record.CellRecord, request: Request) -> record.CellRecord:
    """*cell_record* with the half that was not wanted now, where it was measured before."""
    before = record.stored(cell_record, request.results) if request.only else None
    if before is None:
        return cell_record
    if request.only is Only.COUNTS:
        metrics = before.metrics | counted_metrics(cell_record.counts)
        return structs.replace(before, counts=cell_record.counts, metrics=metrics)
    metrics = cell_record.metrics | counted_metrics(before.counts)
    return structs.replace(cell_record, counts=before.counts, metrics=metrics)

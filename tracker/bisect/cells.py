"""One commit in one scenario of our suite, measured as `tracker run` measures it.

The harness's command works in a folder of its own, beside a copy of what is recorded already. So
its record holds all runs, and a measurement that fails costs none.
"""

import json
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from tracker.asv.builds import Build
from tracker.asv.command import Ending, run_lines
from tracker.counts.count_changes import join_counts
from tracker.model.counts import Counts
from tracker.model.run_record import Run, RunRecord, Samples, decode_run_record
from tracker.suite.harness_environment import harness_variables
from tracker.suite.scenarios import Suite
from tracker.system.atomic import replace_file
from tracker.system.scratch import scratch_folder

COUNTS, TIMES = "counts", "times"
MEASURE = ("-m", "benchmarks.harness.measure")
# What a comparison judges beside the metrics that asv stores: of a burst, in the record's runs.
OF_BURSTS = {"enqueue_cpu_per_kilotask": "s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What measures cells.

    Attributes:
        python: interpreter of the harness.
        results: folder of the results tree, which is only read.
        on_line: called with every line that the harness prints.
    """

    suite: Suite
    python: str
    machine: str
    results: Path
    on_line: Callable[[str], None]

    def file_of(self, build: Build, scenario: str) -> Path:
        """Where the run record of a cell is, below the results."""
        folder = f"{build.sha[:8]}-{build.environment}"
        return Path(self.machine, "records", folder, f"{scenario}.{self.suite.project}.record")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRequest:
    """What to measure of a commit.

    Attributes:
        only: COUNTS or TIMES; timed is one round.
        size: quick or full.
    """

    scenario: str
    only: str
    size: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What became of one measurement.

    Attributes:
        content: the run record with all that was measured before, b"" when this failed.
        samples: by metric, with its unit: those of this measurement only, where it was timed.
        counts: of this measurement only, where it was counted.
        reason: why it failed.
    """

    content: bytes = b""
    samples: Mapping[str, Samples] = MappingProxyType({})
    counts: Counts | None = None
    reason: str = ""


def measure_cell(bench: Bench, build: Build, request: CellRequest) -> Cell:
    """Measure a built commit; what went wrong is the cell's reason."""
    file = bench.file_of(build, request.scenario)
    earlier = _read(bench.results / file)
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        bench.on_line(line)

    with scratch_folder() as results:
        own = results / file
        if earlier:
            replace_file(own, [earlier])
        options = {
            "--library": f"{bench.suite.project}={build.python}",
            "--tracked": bench.suite.project,
            "--commit": build.sha,
            "--environment": build.environment,
            "--machine": bench.machine,
            "--results": str(results),
            "--only": request.only,
            "--size": request.size,
            "--seed": str(request.seed),
            "--runs": "1",  # rounded up to those of one round
        }
        command = [bench.python, *MEASURE, request.scenario]
        command += [word for option in options.items() for word in option]
        root = bench.suite.root
        variables = {**harness_variables(root), **build.env_vars, "TRACKER_APPEND": "1"}
        run_lines(command, variables, keep, folder=root, ending=Ending(stop=signal.SIGTERM))
        reason = _failure(lines, bench.suite.project)
        if reason:
            return Cell(reason=reason)
        whole, before = _read(own), _decoded(earlier)
        return _counted(whole, before) if request.only == COUNTS else _timed(whole, before)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _failure(lines: Sequence[str], project: str) -> str:
    """Why the harness has no numbers, by its answer, which is a line of its own; "" when it has."""
    for line in reversed(lines):
        with suppress(ValueError, LookupError, TypeError):
            told = json.loads(line)[project]
            done = told["outcome"] in {"measured", "counted"}
            return "" if done else str(told["reason"] or told["outcome"])
    last = lines[-1].strip() if lines else "no output"
    return f"the harness ended: {last}"


def _decoded(content: bytes) -> RunRecord | None:
    """A record of this version, None where there is none."""
    try:
        return decode_run_record(content)
    except msgspec.MsgspecError:
        return None


def _timed(content: bytes, before: RunRecord | None) -> Cell:
    record = decode_run_record(content)
    samples = {}
    for name, stored in record.metrics.items():
        old = tuple(before.samples_of(name)) if before else ()
        is_longer = stored.samples[: len(old)] == old
        new = stored.samples[len(old) :] if is_longer else stored.samples
        samples[name] = Samples(unit=stored.unit, samples=new)
    runs = record.runs
    if before and runs[: len(before.runs)] == before.runs:
        runs = runs[len(before.runs) :]
    for name, unit in OF_BURSTS.items():
        samples[name] = Samples(unit=unit, samples=_of_bursts(runs, name))
    kept = {name: each for name, each in samples.items() if each.samples}
    return Cell(content=content, samples=kept)


def _of_bursts(runs: Sequence[Run], name: str) -> tuple[float, ...]:
    """A number of each run's first load, in the first variant."""
    loads = [run.phases[0] for run in runs if run.phases and run.variant == runs[0].variant]
    return tuple(value for load in loads if (value := load.metrics.get(name)) is not None)


def _counted(content: bytes, before: RunRecord | None) -> Cell:
    record = decode_run_record(content)
    new = record.counts
    if new is None or before is None or before.counts is None or not _are_alike(record, before):
        return Cell(content=content, counts=new)
    old, whole = before.counts, msgspec.json.decode(content)
    for name, metric in old.metrics.items():
        own = new.metrics.get(name)
        joined = join_counts(metric, own) if own else metric
        whole["counts"]["metrics"][name] = msgspec.to_builtins(joined)
        whole["metrics"][name] = {"unit": joined.unit, "samples": list(joined.samples)}
    whole["counts"]["absent"] = {k: why for k, why in new.absent.items() if k in old.absent}
    return Cell(content=msgspec.json.encode(whole) + b"\n", counts=new)


def _are_alike(one: RunRecord, other: RunRecord) -> bool:
    """Whether equal tasks were counted in equal surroundings."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("scenario_version", "harness_version", "library_versions")
    )

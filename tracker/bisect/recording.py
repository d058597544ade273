"""What was measured, kept as asv keeps it: one result file a commit, samples appended."""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import nan
from pathlib import Path
from typing import Any

from asv.results import Results
from asv.runner import BenchmarkResult

from tracker.asv.builds import Build
from tracker.asv.command import AsvProject, describe_machine, run_asv
from tracker.asv.failure_messages import LINES_KEPT, refusal
from tracker.model.run_record import decode_run_record
from tracker.system.atomic import replace_file
from tracker.system.git import run_git
from tracker.system.scratch import scratch_folder

BENCHMARKS = "benchmarks.json"
MACHINE = "machine.json"


def record(folder: Path, build: Build, project: AsvProject) -> None:
    """Add the results in *folder*, of one run in an existing environment, to the project's.

    They come under the name of the environment that asv would have run them in. Samples are
    appended to those of earlier runs, as `asv run --append-samples` does.
    """
    own = folder / project.machine
    keep_benchmarks(folder, project)
    benchmarks = json.loads((folder / BENCHMARKS).read_text(encoding="utf-8"))
    for path in own.glob(f"{build.sha[:8]}-*.json"):
        fresh = Results.load(str(path))
        kept = _results_of(build, project, fresh.params, fresh.date)
        for name in fresh.get_all_result_keys():
            benchmark = benchmarks[name]
            result = _result_of(fresh, benchmark)
            kept.add_result(benchmark, result, record_samples=True, append_samples=True)
        _save(kept, project)


def keep_benchmarks(folder: Path, project: AsvProject) -> None:
    """Keep what asv found in *folder* of benchmarks, as each run of asv does, and the machine."""
    machine = Path(project.machine, MACHINE)
    replace_file(project.results / BENCHMARKS, [(folder / BENCHMARKS).read_bytes()])
    if (folder / machine).is_file() and not (project.results / machine).exists():
        replace_file(project.results / machine, [(folder / machine).read_bytes()])


def discover(project: AsvProject, build: Build, on_line: Callable[[str], None]) -> dict[str, Any]:
    """The benchmarks of the suite by name, as asv finds them; kept as each run of asv does.

    Raises:
        DataError: asv finds none.
    """
    arguments = [
        "run", "--environment", f"existing:{build.python}", "--set-commit-hash", build.sha,
        "--machine", project.machine, "--bench", "just-discover",
    ]  # fmt: skip
    lines: deque[str] = deque(maxlen=LINES_KEPT)

    def keep(line: str) -> None:
        lines.append(line)
        on_line(line)

    with scratch_folder() as folder:
        own = {"repo": build.repository, "branches": [build.sha]}
        elsewhere = replace(project, results=folder, overrides=own)
        run_asv(elsewhere, arguments, environment=build.env_vars, on_line=keep)
        if not (folder / BENCHMARKS).is_file():
            raise refusal(lines, "asv cannot find the benchmarks")
        keep_benchmarks(folder, project)
        found: dict[str, Any] = json.loads((folder / BENCHMARKS).read_text(encoding="utf-8"))
    return {name: each for name, each in found.items() if isinstance(each, dict)}


def record_cell(
    content: bytes, build: Build, project: AsvProject, benchmarks: Mapping[str, Any]
) -> None:
    """Add a cell of our suite: its run record, and all samples of that in asv's format.

    What asv's file has of runs without a record stays beside them.

    Args:
        content: the record, with what was recorded before.
        build: the commit.
        project: where results are kept.
        benchmarks: what asv found, by name.
    """
    cell = decode_run_record(content)
    file = f"{cell.scenario}.{cell.library}.record"
    folder = project.records / f"{build.sha[:8]}-{build.environment}"
    is_first = not (folder / file).exists()
    replace_file(folder / file, [content])
    machine = describe_machine(project.machine)
    kept = _results_of(build, project, machine, date_of(build))
    for name, benchmark in benchmarks.items():
        scenario, metric = name.partition(".")[0], name.rpartition(".track_")[2]
        samples = cell.samples_of(metric) if scenario == cell.scenario else ()
        if samples:
            libraries = benchmark["params"][0]
            place = libraries.index(repr(cell.library))
            kept.add_result(
                benchmark,
                _result_at(place, samples, len(libraries)),
                record_samples=True,
                append_samples=is_first,
                selected_idx={place},
            )
    _save(kept, project)


def _result_at(place: int, samples: Sequence[float], count: int) -> BenchmarkResult:
    """What asv makes of *samples* of one parameter of *count*."""
    several = len(samples) > 1
    return BenchmarkResult(
        result=[samples[0] if number == place else nan for number in range(count)],
        samples=[list(samples) if number == place and several else None for number in range(count)],
        number=[1 if number == place and several else None for number in range(count)],
        errcode=0,
        stderr="",
        profile=None,
    )


def date_of(build: Build) -> int:
    """When the commit was made, in ms, as asv keeps it."""
    told = run_git(
        "show", "--no-patch", "--format=%ct", build.sha, repo=Path(build.repository), next_step=""
    )
    return int(told) * 1000


def _results_of(build: Build, project: AsvProject, params: Mapping[str, Any], date: int) -> Results:
    """What is kept of the commit already, in the environment that asv would use."""
    kept = Results(
        {**params, "python": build.python_version, **build.requirements},
        build.requirements,
        build.sha,
        date,
        build.python_version,
        build.environment,
        build.env_vars,
    )
    kept.load_data(str(project.results))
    return kept


def _save(results: Results, project: AsvProject) -> None:
    with scratch_folder() as draft:
        results.save(str(draft))
        for file in draft.rglob("*.json"):
            replace_file(project.results / file.relative_to(draft), [file.read_bytes()])


def _result_of(results: Results, benchmark: dict[str, Any]) -> BenchmarkResult:
    name, params = benchmark["name"], benchmark["params"]
    stats = results.get_result_stats(name, params)
    return BenchmarkResult(
        result=results.get_result_value(name, params),
        samples=results.get_result_samples(name, params),
        number=[each.get("number") if each else None for each in stats],
        errcode=0,
        stderr="",
        profile=None,
    )

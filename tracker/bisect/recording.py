"""What was measured, kept as asv keeps it: one result file a commit, samples appended."""

import json
import shutil
from pathlib import Path
from typing import Any

from asv.results import Results
from asv.runner import BenchmarkResult

from tracker.asv.builds import Build
from tracker.asv.command import AsvProject
from tracker.system.atomic import replace_file

BENCHMARKS = "benchmarks.json"
MACHINE = "machine.json"


def record(folder: Path, build: Build, project: AsvProject) -> None:
    """Add the results in *folder*, of one run in an existing environment, to the project's.

    They come under the name of the environment that asv would have run them in. Samples are
    appended to those of earlier runs, as `asv run --append-samples` does.
    """
    own = folder / project.machine
    for source, target in (
        (folder / BENCHMARKS, project.results / BENCHMARKS),
        (own / MACHINE, project.results / project.machine / MACHINE),
    ):
        if source.is_file() and not target.exists():
            replace_file(target, [source.read_bytes()])
    benchmarks = json.loads((folder / BENCHMARKS).read_text(encoding="utf-8"))
    for path in own.glob(f"{build.sha[:8]}-*.json"):
        _add(path, benchmarks, build, project)


def _add(path: Path, benchmarks: dict[str, Any], build: Build, project: AsvProject) -> None:
    fresh = Results.load(str(path))
    kept = Results(
        {**fresh.params, "python": build.python_version, **build.requirements},
        build.requirements,
        build.sha,
        fresh.date,
        build.python_version,
        build.environment,
        build.env_vars,
    )
    kept.load_data(str(project.results))
    for name in fresh.get_all_result_keys():
        benchmark = benchmarks[name]
        kept.add_result(
            benchmark, _result_of(fresh, benchmark), record_samples=True, append_samples=True
        )
    draft = path.parent / "draft"
    kept.save(str(draft))
    for file in draft.rglob("*.json"):
        replace_file(project.results / file.relative_to(draft), [file.read_bytes()])
    shutil.rmtree(draft)


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

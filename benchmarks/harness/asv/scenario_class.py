"""Makes an asv benchmark class of a scenario. Standard library only: asv's own process imports it.

A scenario module holds its `SPEC` and one decorated class with a `setup_cache` of its own, because
asv finds the cache by the line that defines it. Import this module under a name with a leading
underscore, or asv takes what it finds for benchmarks.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from math import nan
from pathlib import Path
from typing import Any

from benchmarks.harness.shared import settings
from benchmarks.harness.shared.environments import (
    HARNESS,
    REPOSITORY,
    default_root,
    ensure_environment,
)
from benchmarks.harness.shared.errors import HarnessError
from benchmarks.harness.shared.metric_names import COUNTED
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.spec import MetricSpec, ScenarioSpec

CACHE_LIMIT_S = 3 * 3600.0
"""asv's limit for a whole measurement; the harness has limits per load, far below it."""

METRIC_LIMIT_S = 120.0

type Cells = dict[str, dict[str, Any]]
"""Library to the parts of its run record that asv stores: outcome, reason, metrics."""


def measure(spec: ScenarioSpec) -> Cells:
    """Run the harness in its own environment, for this scenario and the wanted libraries."""
    try:
        wanted = settings.read()
        python = ensure_environment(HARNESS, root=default_root(), base_python=Path(sys.executable))
    except HarnessError as error:
        raise RuntimeError(f"{error.message}; try: {error.next_step}") from error
    command = [str(python), "-m", "benchmarks.harness.measure", spec.name]
    for name in wanted.libraries:
        own = f"={sys.executable}" if name == wanted.tracked else ""
        command += ["--library", name + own]
    if wanted.tracked:
        command += ["--tracked", wanted.tracked]
    completed = subprocess.run(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False
    )
    if completed.returncode:
        raise RuntimeError(f"the harness ended with exit code {completed.returncode}; see above")
    answer = json.loads(completed.stdout.splitlines()[-1])
    return {library: _read(Path(cell["path"])) for library, cell in answer.items()}


def _read(path: Path) -> dict[str, Any]:
    record = json.loads(path.read_text(encoding="utf-8"))
    return {key: record[key] for key in ("outcome", "reason", "metrics")}


def scenario[C](spec: ScenarioSpec) -> Callable[[type[C]], type[C]]:
    """A class decorator: parameters, version, limits, and one `track_` method per metric."""

    def decorate(cls: type[C]) -> type[C]:
        if cls.__name__ != spec.class_name:
            raise TypeError(f"the class of {spec.name!r} must be called {spec.class_name}")
        members: dict[str, Any] = {
            "params": [list(LIBRARIES)],
            "param_names": ["library"],
            "version": spec.asv_version,
            "timeout": METRIC_LIMIT_S,
            "setup": _setup,
            **{f"track_{metric.name}": _method(metric) for metric in (*spec.metrics, *COUNTED)},
        }
        for name, member in members.items():
            setattr(cls, name, member)
        vars(cls)["setup_cache"].timeout = CACHE_LIMIT_S
        return cls

    return decorate


def _setup(_self: object, cells: Cells, library: str) -> None:
    """Skip what was not measured: asv stores NaN for it, and no reason."""
    cell = cells.get(library)
    if cell is None:
        raise NotImplementedError(f"{library} was not selected")
    if cell["outcome"] == "unsupported":
        raise NotImplementedError(cell["reason"])


def _method(metric: MetricSpec) -> Callable[[object, Cells, str], object]:
    def method(_self: object, cells: Cells, library: str) -> object:
        cell = cells[library]
        if cell["outcome"] not in {"measured", "counted"}:
            raise RuntimeError(cell["reason"])
        if metric.name not in cell["metrics"]:
            return (
                nan  # not counted or not timed, of a variant that is not offered, one run's spread
            )
        samples = cell["metrics"][metric.name]["samples"]
        return {"samples": samples, "number": 1} if len(samples) > 1 else samples[0]

    method.__name__ = method.__qualname__ = f"track_{metric.name}"
    method.unit = metric.unit  # type: ignore[attr-defined]
    return method

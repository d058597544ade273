"""Measuring on demand: one request per line in, one answer per line out, one run each.

For comparisons that decide from run to run what to measure next:

    in   {"id": 1, "label": "base", "library": "celery", "python": null, "scenario": "...",
          "size": "quick", "seed": 7}
    out  {"id": 1, "outcome": "measured", "reason": "", "wall_s": 6.1, "facts": {...}, "values":
          [{"benchmark": "...", "params": [], "metric": "...", "unit": "s", "value": 0.1}]}

Each request means a fresh broker, fresh workers, a warm-up and one measured run per variant.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.harness.errors import HarnessError
from benchmarks.harness.lab import facts
from benchmarks.harness.lab.clock import SystemClock
from benchmarks.harness.lab.laboratory import Request, cells_of, load_spec, opener
from benchmarks.harness.lab.measurement import measure
from benchmarks.harness.lab.processes import Keeper
from benchmarks.harness.lab.record import CellRecord
from benchmarks.harness.lab.summary import Origin, summarise
from benchmarks.harness.spec import ScenarioSpec, Size


def serve(lines: Iterable[str], progress: Callable[[str], None]) -> None:
    """Answer every request on *lines*; what goes wrong in one is its answer's reason."""
    with Keeper() as keeper:
        for line in lines:
            if line.strip():
                answer = _answer(json.loads(line), keeper, progress)
                sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()


def one_run(spec: ScenarioSpec, size: Size) -> ScenarioSpec:
    """*spec* with one generation of one run."""
    plan = replace(spec.load(size), generations=1, runs_per_generation=1)
    return replace(spec, quick=plan) if size is Size.QUICK else replace(spec, full=plan)


def _answer(
    asked: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    begin_s = time.monotonic()
    base: dict[str, object] = {"id": asked["id"], "values": [], "facts": {}}
    try:
        found = _measure(asked, keeper, progress)
    except HarnessError as error:
        found = {"outcome": "failed", "reason": f"{error.message}; try: {error.next_step}"}
    return {**base, **found, "wall_s": round(time.monotonic() - begin_s, 3)}


def _measure(
    asked: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    request = _request(asked)
    spec = one_run(load_spec(request.scenario), request.size)
    (data,) = cells_of(request, spec)
    measure(
        [data],
        open_station=opener(keeper),
        clock=SystemClock(),
        progress=lambda text: progress(f"{asked.get('label', '')}: {text}"),
        seed=request.seed,
    )
    made = summarise(data, _nowhere(facts.machine_facts()))
    versions = {f"version {name}": text for name, text in made.library_versions.items()}
    return {
        "outcome": made.outcome,
        "reason": made.reason,
        "values": _values(spec, made),
        "facts": {**made.facts, **versions},
    }


def _request(asked: dict[str, Any]) -> Request:
    python = Path(asked["python"]) if asked.get("python") else None
    return Request(
        scenario=asked["scenario"],
        libraries={asked["library"]: python},
        tracked=asked["library"] if python else "",
        size=Size(asked.get("size") or Size.QUICK),
        runs=0,
        seed=int(asked.get("seed") or 0),
        results=Path(),
        commit="",
        environment="",
        machine="",
    )


def _values(spec: ScenarioSpec, made: CellRecord) -> list[dict[str, object]]:
    """One value per metric, under asv's full name."""
    return [
        {
            "benchmark": f"{spec.name}.{spec.class_name}.track_{name}",
            "params": [],
            "metric": name,
            "unit": metric.unit,
            "value": metric.samples[0],
        }
        for name, metric in made.metrics.items()
    ]


def _nowhere(known: dict[str, str]) -> Origin:
    """The origin of a run that is not stored."""
    return Origin(
        commit="", environment="", machine="", started_at_ms=0, finished_at_ms=0, facts=known
    )

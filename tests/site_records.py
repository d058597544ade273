"""Makes run records like those of the harness, for the site's tests."""

import math
from collections.abc import Iterator

from tests.site_histories import HOSTILE, REASON, Shape, make_commits
from tracker.report.site_data import RunFile
from tracker.report.site_data_runs import run_file

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0)


def make_record(shape: Shape, *, library: str, scenario: str, commit: str) -> dict[str, object]:
    """Return one record; the last library of a shape has failed."""
    failed = library == shape.libraries[-1]
    times = [i * 0.5 for i in range(60)]
    return {
        "schema": 1,
        "library": HOSTILE if shape.hostile else library,
        "library_versions": {library: "1.2.3"},
        "scenario": scenario,
        "scenario_version": 1,
        "harness_version": 1,
        "size": "quick",
        "support": {"level": "native", "reason": ""},
        "commit": commit,
        "environment": "uv-py3.13",
        "machine": shape.machines[0],
        "facts": {"cpu": "AMD EPYC 7763", "python": "3.13.2", "broker": "Redis 7.4.1"},
        "outcome": "failed" if failed else "measured",
        "reason": REASON if failed else "",
        "runs": [] if failed else [_run(i) for i in range(6)],
        "metrics": {"throughput": {"unit": "tasks/s", "samples": [5000.0]}},
        "validation": {"throughput_cv": 0.043, "grade": "excellent", "warnings": [HOSTILE]},
        "histogram": None
        if failed
        else {"unit": "us", "count": 5000, "curve": [[q, _latency(q)] for q in QUANTILES]},
        "curves": None
        if failed
        else {
            "run": 2,
            "time_s": times,
            "depth": [max(0.0, 4000 - 90 * t**1.2) for t in times],
            "throughput": [5000 + 300 * math.sin(t) for t in times],
            "cpu_percent": [74 + 4 * math.cos(t) for t in times],
            "memory_bytes": [9e7 + 4e5 * t for t in times],
            "broker_backlog": [None if i % 4 else 1000.0 for i in range(len(times))],
        },
    }


def _latency(quantile: float) -> float:
    return 0.004 + 0.002 * -math.log(max(1 - quantile, 1e-5))


def _run(i: int) -> dict[str, object]:
    return {
        "variant": "noop", "generation": i // 2, "round": i, "order": i % 2, "index": i,
        "warmup": {"verdict": ("flat", "warmed_up", "no_steady_state")[i % 3], "tasks": 200},
        "phases": [
            {"name": "burst", "metrics": {"throughput": 5000.0 + 40 * i, "cpu_percent": 74.0}},
            {"name": "paced", "metrics": {"latency_p50": 0.0051, "latency_p99": 0.012}},
        ],
        "warnings": ["backlog above half of the tasks"] if i == 3 else [],
        "outlier": i == 4,
    }  # fmt: skip


def make_runs(shape: Shape, newest: int = 3) -> Iterator[RunFile]:
    """Yield run files of the newest commits."""
    for commit in make_commits(shape)[-newest:]:
        for library in shape.libraries:
            for scenario in shape.scenarios:
                yield run_file(
                    make_record(shape, library=library, scenario=scenario, commit=commit.sha)
                )

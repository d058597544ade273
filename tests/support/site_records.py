"""Makes run records like those of the harness, for the site's tests."""

import math
from dataclasses import replace

from tests.support.explained import COMMANDS, USUAL, cost, counts, edited, why
from tests.support.run_records import typed
from tests.support.site_histories import HOSTILE, REASON, Shape, make_commits
from tracker.model import JudgedHistory

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0)


def make_record(shape: Shape, *, library: str, scenario: str, commit: str) -> dict[str, object]:
    """Return one record; the last library has failed, the second approximates one scenario."""
    failed = library == shape.libraries[-1]
    approximate = library == shape.libraries[1] and scenario == shape.scenarios[-1]
    level = 5000.0 if library == shape.libraries[0] else 4000.0
    times = [i * 0.5 for i in range(60)]
    return {
        "schema": 1,
        "library": HOSTILE if shape.hostile else library,
        "library_versions": {library: "1.2.3"},
        "scenario": scenario,
        "scenario_version": 1,
        "title": HOSTILE if shape.hostile else scenario.replace("_", " ").capitalize(),
        "harness_version": 1,
        "size": "quick",
        "support": {
            "level": "approximate" if approximate else "native",
            "reason": "two queues stand for three priorities" if approximate else "",
        },
        "commit": commit,
        "finished_at_ms": 1_700_000_000_000,
        "environment": "uv-py3.13",
        "machine": shape.machines[0],
        "facts": {"cpu": "AMD EPYC 7763", "python": "3.13.2", "broker": "Redis 7.4.1"},
        "outcome": "failed" if failed else "measured",
        "reason": REASON if failed else "",
        "runs": [] if failed else [_run(i) for i in range(6)],
        "metrics": {}
        if failed
        else {
            "throughput": {"unit": "tasks/s", "samples": [level + 40 * i for i in range(6)]},
            "latency_p50": {"unit": "s", "samples": [20 / level + 1e-5 * i for i in range(6)]},
            "latency_p99": {"unit": "s", "samples": [60 / level + 1e-5 * i for i in range(6)]},
        },
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
        "variant": "noop", "round": i, "order": i % 2, "index": i,
        "warmup": {"verdict": ("flat", "warmed_up", "no_steady_state")[i % 3], "tasks": 200},
        "phases": [
            {"name": "burst", "metrics": {"throughput": 5000.0 + 40 * i, "cpu_percent": 74.0}},
            {"name": "paced", "metrics": {"latency_p50": 0.0051, "latency_p99": 0.012}},
        ],
        "warnings": ["backlog above half of the tasks"] if i == 3 else [],
        "outlier": i == 4,
    }  # fmt: skip


def with_explanations(judged: JudgedHistory) -> JudgedHistory:
    """Return *judged* with an explanation of its first event, names of the project in it."""
    name = judged.history.project
    commits = {**COMMANDS, "worker": {**COMMANDS["worker"], name: 1.0}}
    costs = (*USUAL[1:], cost("Driver.ack", 4, 2), cost(name, 63, role="producer"))
    head = counts(costs, commits, round_trips_per_task=3.0)
    source = edited('"q", 1, task)', '"q", 2, task)')
    explained = why(counts(round_trips_per_task=2.0), head, source)
    return replace(judged, explanations={0: explained})


def with_records(judged: JudgedHistory, shape: Shape, newest: int = 3) -> JudgedHistory:
    """Return *judged* with the run records of its newest commits."""
    records = tuple(
        typed(make_record(shape, library=library, scenario=scenario, commit=commit.sha))
        for commit in make_commits(shape)[-newest:]
        for library in shape.libraries
        for scenario in shape.scenarios
    )
    return replace(judged, history=replace(judged.history, records=records))

"""A small asv results tree: two scenarios, one machine, one step."""

import json
import re
from pathlib import Path

from tracker.asv.command import cpu_model

MACHINE = "actions-" + re.sub(r"[^a-z0-9]+", "-", cpu_model().lower()).strip("-")
"""What the workflow calls the machine that the tests run on."""

SCENARIOS = ("one", "two")
COLUMNS = ["result", "params", "version", "started_at", "duration", "samples"]


def benchmark(scenario: str) -> str:
    """The asv name of the scenario's only benchmark."""
    return f"{scenario}.Burst.track_throughput"


def write_frame(results: Path, scenarios: tuple[str, ...] = SCENARIOS) -> None:
    """Write what every results tree has: `benchmarks.json` and `machine.json`."""
    entries = {
        benchmark(scenario): {
            "code": "x",
            "name": benchmark(scenario),
            "param_names": [],
            "params": [],
            "timeout": 60,
            "type": "track",
            "unit": "tasks/s",
            "version": "1",
        }
        for scenario in scenarios
    }
    machine = {"machine": MACHINE, "cpu": "test", "os": "Linux", "version": 1}
    _write(results / "benchmarks.json", {**entries, "version": 2})
    _write(results / MACHINE / "machine.json", machine)


def write_commit(
    results: Path, sha: str, date_s: int, value: float, scenarios: tuple[str, ...] = SCENARIOS
) -> None:
    """Write asv's file of one commit; *value* with a spread of 1 %."""
    spread = [value * factor for factor in (0.995, 0.998, 1.0, 1.002, 1.005)]
    row = [[value], [], "1", date_s * 1000, 1.0, [spread]]
    content = {
        "version": 2,
        "commit_hash": sha,
        "env_name": "uv-py3.13",
        "date": date_s * 1000,
        "params": {"machine": MACHINE, "python": "3.13"},
        "python": "3.13",
        "requirements": {},
        "env_vars": {},
        "result_columns": COLUMNS,
        "results": {benchmark(scenario): row for scenario in scenarios},
        "durations": {},
    }
    _write(results / MACHINE / f"{sha[:8]}-uv-py3.13.json", content)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")

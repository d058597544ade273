"""Small asv results trees for tests, file by file, their repository, and what is read of them."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tracker.history import Source, read_history
from tracker.model import History, Series

COLUMNS = ["result", "params", "version", "started_at", "duration"]
STATS = ["ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat"]
ALL_COLUMNS = [*COLUMNS, *(f"stats_{name}" for name in STATS), "samples", "profile"]


def make_repository(path: Path, commits: int, branch: str = "main") -> list[str]:
    """Make a bare repository with *commits* empty commits; return the shas, oldest first."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", branch, str(path)], check=True)
    stream = "".join(
        f"commit refs/heads/{branch}\ncommitter Ada <a@b.invalid> {1_700_000_000 + i} +0000\n"
        f"data {len(f'Change {i}')}\nChange {i}\n"
        for i in range(commits)
    )
    run = ["git", "-C", str(path)]
    subprocess.run([*run, "fast-import", "--quiet"], input=stream.encode(), check=True)
    listed = subprocess.run(
        [*run, "rev-list", "--reverse", branch], check=True, capture_output=True, text=True
    )
    return listed.stdout.split()


def write_benchmarks(results: Path, benchmarks: Mapping[str, Mapping[str, object]]) -> None:
    """Write benchmarks.json; each entry gains the fields that asv always writes."""
    results.mkdir(parents=True, exist_ok=True)
    entries = {
        name: {"name": name, "params": [], "param_names": [], "type": "time", "unit": "seconds"}
        | {"version": "1"}
        | dict(entry)
        for name, entry in benchmarks.items()
    }
    (results / "benchmarks.json").write_text(json.dumps({**entries, "version": 2}))


def write_result(
    results: Path,
    sha: str,
    rows: Mapping[str, object],
    *,
    machine: str = "m",
    env: str = "virtualenv-py3.13",
    date_ms: int = 0,
    python: str = "3.13",
    requirements: Mapping[str, str] | None = None,
) -> Path:
    """Write one result file of format 2; NaN and Infinity become the bare words, as asv does."""
    document = {
        "commit_hash": sha,
        "env_name": env,
        "date": date_ms,
        "params": {"machine": machine, "cpu": "c", "python": python, **(requirements or {})},
        "python": python,
        "requirements": dict(requirements or {}),
        "env_vars": {},
        "result_columns": ALL_COLUMNS,
        "results": rows,
        "durations": {},
        "version": 2,
    }
    return write_document(results, document, f"{sha[:8]}-{env}.json", machine)


def write_document(
    results: Path, document: Mapping[str, object], name: str, machine: str = "m"
) -> Path:
    """Write any document as a result file, and the machine's file beside it."""
    folder = results / machine
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "machine.json").write_text(json.dumps({"machine": machine, "version": 1}))
    path = folder / name
    path.write_text(json.dumps(document))
    return path


def load(results: Path, repo: Path | None, **more) -> History:
    """Read *results* against *repo*."""
    return read_history(Source(results=str(results), repo=repo, **more))


def only(history: History) -> Series:
    """The one series of *history*."""
    assert len(history.series) == 1
    return history.series[0]


def why(history: History) -> dict[str, int]:
    """Reason to count of all exclusions."""
    return {exclusion.why: exclusion.count for exclusion in history.excluded}

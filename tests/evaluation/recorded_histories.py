"""Histories measured for real: what is said of commits that change nothing, and of planted ones.

    python -m tests.evaluation.recorded_histories null DIR
    python -m tests.evaluation.recorded_histories planted DIR

makes 30 commits on AsyncTasQ's newest release in DIR, measures each once with `tracker run`
(quick size, Celery beside, one scenario), and prints what `tracker report` says happened. The
commits of *null* change nothing; two endless loops keep both cores busy during commits 11 to 20.
Those of *planted* add work of a quarter of the worker's CPU time per task, then a round trip, and
take each out again after eight commits. What DIR has already is not measured again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.evaluation.planted.plant import seconds_per_turn
from tests.support.planted_commits import ROUND_TRIP, Planted, make_commits
from tests.support.spine import ROOT, git, make_project

COMMITS = 30
LOADED = range(11, 21)
SCENARIO = "basic_throughput"
# A quarter of what a task costs AsyncTasQ's worker on the machines of RESULTS.md.
WORK_S = 0.0001
HELD = 8
WORK_AT, TRIP_AT = 5, 18


def main() -> None:
    """Make, measure, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=("null", "planted"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=COMMITS)
    given = parser.parse_args()
    folder: Path = given.folder
    repository = folder / "library"
    if not folder.exists():
        folder.mkdir(parents=True)
        make_project(folder / "project")
        planted, removed = plants() if given.kind == "planted" else ({}, {})
        make_commits(repository, given.commits, planted, removed=removed)
    for number in range(1, given.commits + 1):
        busy = given.kind == "null" and number in LOADED
        with two_loops() if busy else nothing():
            took_s = measure(folder / "project", repository, number)
        sys.stderr.write(f"commit {number}: {took_s:.0f} s{', loaded' if busy else ''}\n")
    sys.stdout.write(show(folder / "project", repository))


def plants() -> tuple[Mapping[int, Planted], Mapping[int, Planted]]:
    """What is planted at which commit, and what is taken out again."""
    loop = f"            for _planted in range({round(WORK_S / seconds_per_turn())}):\n"
    work = (
        "core/worker.py",
        "            await self._task_executor.execute(task)\n",
        f"{loop}                pass\n",
    )
    return (
        {WORK_AT: work, TRIP_AT: ROUND_TRIP},
        {WORK_AT + HELD: work, TRIP_AT + HELD: ROUND_TRIP},
    )


def measure(project: Path, repository: Path, number: int) -> float:
    """Time one commit; return the seconds that it took."""
    command = [
        sys.executable, "-m", "tracker", "run", f"c{number}^!",
        "--only", "times", "--repo", str(repository), "--machine", "study",
        "--scenarios", SCENARIO, "--libraries", "celery", "--quiet",
    ]  # fmt: skip
    began_s = time.monotonic()
    subprocess.run(command, cwd=project, env=environment(), check=True)
    return time.monotonic() - began_s


@contextmanager
def two_loops() -> Iterator[None]:
    """Both cores busy."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


@contextmanager
def nothing() -> Iterator[None]:
    """The machine as it is."""
    yield


def show(project: Path, repository: Path) -> str:
    """What the report says happened, a line per event of the tracked library or its machine."""
    done = subprocess.run(
        [
            sys.executable, "-m", "tracker", "report",
            "--repo", str(repository), "--format", "json",
        ],  # fmt: skip
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    subjects = dict(
        line.split(" ", 1) for line in git(repository, "log", "--format=%H %s").splitlines()
    )
    report = json.loads(done.stdout)
    lines = [
        f"{subjects.get(event['commit'], event['commit'])}: {event['kind']} {event['verdict']}"
        for event in report["events"]
    ]
    return "\n".join([f"{len(lines)} events", *lines]) + "\n"


def environment() -> dict[str, str]:
    """Ours, with the code of this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    main()

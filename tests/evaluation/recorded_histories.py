"""Histories measured for real: what is said of commits that change nothing, and of planted ones.

    python -m tests.evaluation.recorded_histories null DIR
    python -m tests.evaluation.recorded_histories planted DIR

makes 30 commits on AsyncTasQ's newest release in DIR, measures each once with `tracker run`
(quick size, Celery beside, one scenario), and prints what `tracker report` says happened. The
commits of *null* are only timed and change nothing; two endless loops keep both cores busy during
commits 11 to 20. Those of *planted* are counted, too, and add work of a quarter of the worker's CPU
time per task, then a round trip, and take each out again after eight commits. What DIR has already
is not measured again.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.support.busy_cores import busy_cores
from tests.support.planted_commits import ROUND_TRIP, Planted, make_commits
from tests.support.recorded_history import pack
from tests.support.spine import ROOT, make_project
from tracker.history.load import Source

COMMITS = 30
LOADED = range(11, 21)
SCENARIO = "basic_throughput"
# Some 150 us, a quarter of what a task costs AsyncTasQ's worker on the machine of RESULTS.md.
LOOPS = 7_000
HELD = 8
WORK_AT, TRIP_AT = 5, 18


def main() -> None:
    """Make, measure, report."""
    parser = command_line("tests.evaluation.recorded_histories", __doc__)
    parser.add_argument("kind", choices=("null", "planted"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=COMMITS)
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    parser.add_argument("--pack", type=Path, metavar="FILE", help="keep it as tests/data has it")
    options = parser.parse_args()
    section = f"recorded history, {options.kind}"
    if options.write:
        check_markers(section)
    folder: Path = options.folder
    repository = folder / "library"
    if not folder.exists():
        folder.mkdir(parents=True)
        make_project(folder / "project")
        planted, removed = plants() if options.kind == "planted" else ({}, {})
        make_commits(repository, options.commits, planted, removed=removed)
    for number in range(1, options.commits + 1):
        busy = options.kind == "null" and number in LOADED
        with busy_cores() if busy else nullcontext():
            took_s = measure(folder / "project", repository, number)
        sys.stderr.write(f"commit {number}: {took_s:.0f} s{', loaded' if busy else ''}\n")
    table = show(folder / "project", repository)
    sys.stdout.write(f"{table}\n")
    if options.write:
        write_table(section, table)
    if options.pack:
        results = str(folder / "project/.asv/results")
        pack(Source(results=results, repo=repository, project="asynctasq"), options.pack)


def plants() -> tuple[Mapping[int, Planted], Mapping[int, Planted]]:
    """What is planted at which commit, and what is taken out again."""
    loop = f"            for _planted in range({LOOPS:_}):\n"
    work = (
        "core/worker.py",
        "            await self._task_executor.execute(task)\n",
        f"{loop}                pass\n",
    )
    return (
        {WORK_AT: work, TRIP_AT: ROUND_TRIP},
        {WORK_AT + HELD: work, TRIP_AT + HELD: ROUND_TRIP},
    )


def measure(project: Path, repository: Path, number: int, *options: str) -> float:
    """Measure one commit; return the seconds that it took."""
    command = [
        sys.executable, "-m", "tracker", "run", f"c{number}^!",
        "--repo", str(repository), "--machine", "study",
        "--scenarios", SCENARIO, "--libraries", "celery", "--quiet", *options,
    ]  # fmt: skip
    began_s = time.monotonic()
    subprocess.run(command, cwd=project, env=environment(), check=True)
    return time.monotonic() - began_s


def show(project: Path, repository: Path) -> str:
    """What the report says happened: a row per event, the newest first."""
    command = [sys.executable, "-m", "tracker", "report", "--repo", str(repository)]
    completed = subprocess.run(
        [*command, "--format", "json"],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    rows = ["| commit | put down to | verdict | size | benchmarks |", "|---|---|---|---|---|"]
    for event in json.loads(completed.stdout)["events"]:
        size = f"{event['ratio'] - 1:+.1%}" if event["ratio"] else ""
        verdict = ", ".join(dict.fromkeys((event["verdict"], event["direction"])))
        cells = (*event["commit"]["tags"], event["kind"], verdict, size)
        rows.append(f"| {' | '.join(cells)} | {event['benchmarks']} |")
    return "\n".join(rows)


def environment() -> dict[str, str]:
    """Ours, with the code of this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    main()

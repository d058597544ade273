"""How `tracker bisect` finds a counted step: `python -m tests.evaluation.counted_searches`.

Makes so many commits on AsyncTasQ's newest release, one of which plants a cost per task, and runs
the command on them, with real workers and a real broker. Every commit touches code, so that nothing
speaks for one beforehand. `--write` puts the table into RESULTS.md.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.support.planted_commits import LINES, ROUND_TRIP, make_commits
from tests.support.spine import ROOT, make_project

SECTION = "counted searches"
# What is planted, and the metric that it is searched with; "" for none.
CASES = {
    "a round trip": (ROUND_TRIP, "basic_throughput.round_trips_per_task"),
    "two lines": (LINES, "basic_throughput.lines_per_task"),
    "a round trip, no metric named": (ROUND_TRIP, ""),
}
COLUMNS = (
    "planted",
    "commits",
    "of them not building",
    "named",
    "commits counted",
    "measurements, with all checks",
    "minutes",
)


def search(what: str, commits: int, broken_share: float, rng: random.Random, folder: Path) -> str:
    """One search in *folder*, as a row of the table."""
    planted, metric = CASES[what]
    culprit = rng.randint(1, commits)
    others = [place for place in range(1, commits) if place != culprit]
    broken = rng.sample(others, round(broken_share * commits))
    project = make_project(folder / "project")
    repository = make_commits(folder / "library", commits, {culprit: planted}, broken)
    command = [
        sys.executable, "-m", "tracker", "bisect", "c0", f"c{commits}",
        "--repo", str(repository), "--machine", "study", "--budget", "60m",
        *(["--metric", metric] if metric else []),
    ]  # fmt: skip
    began_s = time.monotonic()
    done = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    minutes = (time.monotonic() - began_s) / 60
    sys.stderr.write(done.stdout)
    named = [int(number) for number in re.findall(r"Commit (\d+)", done.stdout)]
    counted = re.search(r"(\d+) measurements? of", done.stdout)
    right = culprit in named and (len(named) == 1 or set(named) - {culprit} <= set(broken))
    cells = (
        what,
        f"{commits}",
        f"{len(broken)}",
        f"{'right' if right else 'WRONG'}: {named or 'none'} for {culprit}",
        f"{searching(project)}",
        counted[1] if counted else "none",
        f"{minutes:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def searching(project: Path) -> int:
    """How many measurements the search itself took: each commit of the line counted once."""
    (state,) = (project / ".asv" / "bisect").glob("*-*.json")
    rounds = json.loads(state.read_text(encoding="utf-8"))["rounds"]
    return len({place for each in rounds for place in each["positions"] if place >= 0})


def main() -> None:
    """Search, and print the table."""
    parser = command_line("tests.evaluation.counted_searches", __doc__)
    parser.add_argument("--commits", type=int, default=64)
    parser.add_argument("--broken", type=float, default=0.0, help="share that does not build")
    parser.add_argument("--seed", type=int, default=0, help="chooses the commits")
    parser.add_argument("--case", action="append", choices=CASES)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    rng = random.Random(options.seed)
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for what in options.case or CASES:
        with tempfile.TemporaryDirectory(prefix="counted-search-") as folder:
            lines.append(search(what, options.commits, options.broken, rng, Path(folder)))
        sys.stderr.write(f"{lines[-1]}\n")
    table = "\n".join(lines)
    sys.stdout.write(f"{table}\n")
    if options.write:
        write_table(SECTION, table)


if __name__ == "__main__":
    main()

"""How `tracker bisect` finds a planted step: `python -m tests.evaluation.real_searches`.

Makes so many commits on AsyncTasQ's newest release, one of which plants a cost per task, and runs
the command on them, with real workers and a real broker. Every commit touches code, so that nothing
speaks for one beforehand. `--write` puts the table into RESULTS.md.

    python -m tests.evaluation.real_searches --case "10 % of CPU" --commits 32 --budget 30m --write

searches by the clock alone. With `--searches 4` each is made four times, other commits at fault.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.shared.command import command_line
from tests.evaluation.planted.plant import seconds_per_loop
from tests.evaluation.results_page import check_markers, write_table
from tests.support.planted_commits import LINES, ROUND_TRIP, Planted, make_commits
from tests.support.spine import ROOT, make_project

COUNTS, CLOCK = "real searches, counts", "real searches, clock"
# What is planted, None for a loop of CPU_S / 10, and the metric searched with; "" for none.
CASES: dict[str, tuple[Planted | None, str]] = {
    "a round trip": (ROUND_TRIP, "basic_throughput.round_trips_per_task"),
    "two lines": (LINES, "basic_throughput.lines_per_task"),
    "a round trip, no metric named": (ROUND_TRIP, ""),
    "10 % of CPU": (None, "basic_throughput.cpu_per_kilotask"),
}
CPU_S = 260e-6
"""CPU time of the worker for a task that does nothing, by `tests.evaluation.planted.copies`."""
COLUMNS = (
    "planted",
    "commits",
    "of them not building",
    "named",
    "commits measured",
    "measurements, with all checks",
    "minutes",
)


def busy_loop(seconds: float) -> Planted:
    """A loop before each task that takes so long on an idle core of this machine."""
    file, before, _ = LINES
    turns = round(seconds / seconds_per_loop())
    loop = f'for _ in __import__("itertools").repeat(None, {turns}):'
    return file, before, f"            {loop}\n                pass\n"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many commits, which share of them does not build, and the time of a search."""

    commits: int
    broken: float
    budget: str


def search(what: str, plan: Plan, rng: random.Random, folder: Path) -> str:
    """One search in *folder*, as a row of the table."""
    planted, metric = CASES[what]
    commits = plan.commits
    culprit = rng.randint(1, commits)
    others = [place for place in range(1, commits) if place != culprit]
    broken = rng.sample(others, round(plan.broken * commits))
    project = make_project(folder / "project")
    changes = {culprit: planted or busy_loop(CPU_S / 10)}
    repository = make_commits(folder / "library", commits, changes, broken)
    command = [
        sys.executable, "-m", "tracker", "bisect", "c0", f"c{commits}",
        "--repo", str(repository), "--machine", "study", "--budget", plan.budget,
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
    """How many commits of the line were measured."""
    (state,) = (project / ".asv" / "bisect").glob("*-*.json")
    rounds = json.loads(state.read_text(encoding="utf-8"))["rounds"]
    return len({place for each in rounds for place in each["positions"] if place >= 0})


def main() -> None:
    """Search, and print the table."""
    parser = command_line("tests.evaluation.real_searches", __doc__)
    parser.add_argument("--commits", type=int, default=64)
    parser.add_argument("--broken", type=float, default=0.0, help="share that does not build")
    parser.add_argument("--budget", default="60m", help="of each search")
    parser.add_argument("--seed", type=int, default=0, help="chooses the commits")
    parser.add_argument("--case", action="append", choices=CASES)
    parser.add_argument("--searches", type=int, default=1, help="of each case")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    cases = options.case or list(CASES)
    sections = {CLOCK if CASES[what][0] is None else COUNTS for what in cases}
    if len(sections) > 1:
        parser.error("searches with counts and with the clock are tables of their own: name cases")
    (section,) = sections
    if options.write:
        check_markers(section)
    plan = Plan(commits=options.commits, broken=options.broken, budget=options.budget)
    rng = random.Random(options.seed)
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for what in (case for case in cases for _ in range(options.searches)):
        with tempfile.TemporaryDirectory(prefix="real-search-") as folder:
            lines.append(search(what, plan, rng, Path(folder)))
        sys.stderr.write(f"{lines[-1]}\n")
    table = "\n".join(lines)
    sys.stdout.write(f"{table}\n")
    if options.write:
        write_table(section, table)


if __name__ == "__main__":
    main()

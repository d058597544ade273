"""What a pull request hears by default: whole runs of `tracker compare`, one row each.

    python -m tests.evaluation.whole_comparisons --level 20 --runs 10 --write
    python -m tests.evaluation.whole_comparisons --level 0 --runs 10 --busy --write

The base is AsyncTasQ's newest release, the head the same with work planted into every task of its
worker: so many percent of the CPU time of a task that does nothing, 0 for equal code. All settings
are the default ones: eleven scenarios are counted, and the clock has what is left of 15 minutes. A
run takes that long, so rows are added to those that RESULTS.md has.
"""

import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.harness.shared.command import at_least, command_line
from tests.evaluation.planted.copies import LEVELS, level_name, planted_repository, prepare
from tests.evaluation.planted.live import compare
from tests.evaluation.results_page import add_row, check_markers
from tests.support.busy_cores import busy_cores
from tests.support.spine import make_repository
from tracker.model import Verdict
from tracker.model.comparison import Comparison

SECTION = "whole comparisons"
WHERE = "worker"
HEADER = (
    "| date | planted | beside | minutes | worse by counting | worse by the clock | explained "
    "| conclusion |\n"
    "|---|---:|---|---:|---|---|---|---|"
)


def main() -> None:
    """Compare, and print a row per run."""
    parser = command_line("tests.evaluation.whole_comparisons", __doc__)
    parser.add_argument("--level", type=int, default=0, choices=LEVELS)
    parser.add_argument("--runs", type=at_least(1), default=1)
    parser.add_argument("--busy", action="store_true", help="keep both cores busy meanwhile")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    base, head, clone = _commits(options.level)
    for _ in range(options.runs):
        with busy_cores() if options.busy else nullcontext():
            row = row_of(base, head, clone, beside="two loops" if options.busy else "nothing")
        sys.stdout.write(f"{row}\n")
        if options.write:
            add_row(SECTION, HEADER, row)


def _commits(level: int) -> tuple[str, str, Path]:
    """The base, the head and the clone that has both."""
    with tempfile.TemporaryDirectory(prefix="study-") as folder:
        repository = make_repository(Path(folder) / "library")
        prepare(str(repository), "HEAD", WHERE, print)
        clone, base = planted_repository(str(repository), WHERE)
    return base, level_name(level), clone


def row_of(base: str, head: str, clone: Path, *, beside: str) -> str:
    """Run the command once; return its row."""
    began_s = time.monotonic()
    told = compare(clone, (base, head))
    minutes = (time.monotonic() - began_s) / 60
    cells = (
        f"{datetime.now(tz=UTC):%Y-%m-%d}",
        f"{head.removeprefix('lv').lstrip('0') or '0'} %",
        beside,
        f"{minutes:.1f}",
        _worse(told, counted=True),
        _worse(told, counted=False),
        _explained(told),
        f"{told.conclusion.value}: {told.reason}",
    )
    return f"| {' | '.join(cells)} |"


def _worse(told: Comparison, *, counted: bool) -> str:
    """The metrics that fail the comparison, each with the largest of its changes."""
    largest: dict[str, float] = {}
    for row in told.rows:
        if row.gates and row.counted is counted and row.verdict is Verdict.WORSE:
            change = row.ratio - 1 if row.ratio else 0.0
            largest[row.metric] = max(largest.get(row.metric, change), change, key=abs)
    return ", ".join(f"{name} {change:+.1%}" for name, change in largest.items()) or "nothing"


def _explained(told: Comparison) -> str:
    """How much of what the clock found the counts account for; the plant is all of it."""
    scenarios = told.explanation.scenarios if told.explanation else ()
    shares = [one.share for one in scenarios if one.share is not None]
    return ", ".join(f"{s.value:.0%} ({s.low:.0%} to {s.high:.0%})" for s in shares) or "nothing"


if __name__ == "__main__":
    main()

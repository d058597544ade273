"""What is said of equal code whose objects lie elsewhere in memory.

    python -m tests.evaluation.memory_layouts DIR [--layouts 4] [--write]

Counts the instructions of the no-op task of each library in so many layouts of memory (those of
counting again, `memory_layout`), and keeps them in DIR (`counted_rounds`; run N is in layout N).
Then every two layouts are base and head of a comparison, as after a change that lays memory out
anew, by the code of `tracker compare`; what it counts again is two others. `--write` puts the table
into RESULTS.md.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

from benchmarks.harness.lab.counting.counted_round import INSTRUCTIONS
from benchmarks.harness.shared.command import at_least, command_line, run
from benchmarks.harness.shared.registry import LIBRARIES
from tests.evaluation.counting import Study, cell
from tests.evaluation.equal_counts import convert, decide
from tests.evaluation.recorded_counts import Counted, recorded_counts
from tests.evaluation.results_page import check_markers, write_table
from tracker.model import Verdict
from tracker.model.counts import VERSION, Counts

SECTION = "memory layouts"
METRICS = {"to send": "enqueue_instructions_per_task", "in the worker": "instructions_per_task"}
FEWEST_OTHERS = 3
"""Layouts of both pairs of a comparison together: the second is not the first once more."""

type Pair = tuple[int, int]


def comparisons(layouts: int) -> Iterator[tuple[Pair, Pair]]:
    """Every first pair of layouts, with every pair that is counted again."""
    pairs = list(permutations(range(layouts), 2))
    for first in pairs:
        for again in pairs:
            if len({*first, *again}) >= FEWEST_OTHERS:
                yield first, again


def judge(counts: Sequence[Counts], first: Pair, again: Pair) -> tuple[bool, bool]:
    """Return whether a pair is counted again, and whether any metric then is worse or better."""
    pairs = iter([first, again])
    changes = decide(counts, pairs).changes
    is_again = next(pairs, None) is None
    return is_again, any(one.verdict is not Verdict.NO_CHANGE for one in changes)


def rows(counted: Sequence[Counted]) -> Iterator[str]:
    """A row per library: how far layouts differ, and what is said of them."""
    yield f"| library | layouts | {' | '.join(METRICS)} | comparisons | counted again | alarms |"
    yield f"|---|---|{'---|' * len(METRICS)}---|---|---|"
    for library in LIBRARIES:
        own = [convert(one) for one in counted if one.library == library]
        if len(own) < FEWEST_OTHERS:
            continue
        counts = [Counts(version=VERSION, python="", metrics=metrics) for metrics in own]
        ranges = (
            cell([one[name].value for one in own if name in one], ",.0f")
            for name in METRICS.values()
        )
        judged = [judge(counts, *pairs) for pairs in comparisons(len(own))]
        again, alarms = (sum(one) for one in zip(*judged, strict=True))
        cells = (library, len(own), *ranges, len(judged), again, alarms)
        yield f"| {' | '.join(map(str, cells))} |"


def main() -> int:
    """Count what is missing, and print the table; returns the exit code."""
    parser = command_line("tests.evaluation.memory_layouts", __doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--layouts", type=at_least(FEWEST_OTHERS), default=4)
    parser.add_argument("--jobs", type=at_least(1), default=os.cpu_count() or 1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.write:
        check_markers(SECTION)
    study = Study(folder=given.folder, what=[INSTRUCTIONS], jobs=given.jobs)
    for layout in range(given.layouts):
        study.count(LIBRARIES, [layout], ["--layout", str(layout)])
    table = "\n".join(rows(list(recorded_counts(given.folder))))
    sys.stdout.write(f"{table}\n")
    if given.write:
        write_table(SECTION, table)
    return 0


if __name__ == "__main__":
    run(main)

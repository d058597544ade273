"""Public histories: whether what is said of a change is what was measured.

    python -m tests.evaluation.public_histories FOLDER... [--write]

Each folder is a checkout of a repository of asv results. Prints a row for each: its series, changes
and events; the changes whose level before or after is more than 1 % off the median of the same
stretch of values, and the largest such distance; the changes that go against those medians; the
changes whose event is at a commit that their own interval leaves out. Exit code 1 when any level
is off or against.

RESULTS.md names those that were checked, all on GitHub.
"""

import itertools
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tracker.history import read_history, resolve_source
from tracker.history.config import find_configurations
from tracker.judge import judge
from tracker.model import EventKind, Floats, JudgedHistory, JudgedSeries, Verdict

SECTION = "public histories"
MOST_OFF = 0.01
_TITLES = (
    "history", "series", "changes", "off by more than 1 %", "furthest off", "against the medians",
    "told elsewhere",
    "events of a commit, sure", "suspected", "measuring", "machine", "excursions",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far a change is from the raw medians of its two stretches."""

    off: float
    is_against: bool


def distances(one: JudgedSeries) -> list[Distance]:
    """Return how far each change of *one* is from its values."""
    cuts = sorted(judged.change.index for judged in one.changes)
    changes = {judged.change.index: judged for judged in one.changes}
    edges = [0, *cuts, one.series.values.size]
    result = []
    for start, cut, end in zip(edges[:-2], cuts, edges[2:], strict=True):
        judged = changes[cut]
        told = (judged.change.before, judged.change.after)
        raw = (_median(one.series.values[start:cut]), _median(one.series.values[cut:end]))
        rises = (judged.direction is Verdict.WORSE) == (one.series.metric.better == "lower")
        result.append(
            Distance(
                off=max(map(_off, told, raw)),
                is_against=(raw[1] > raw[0]) != rises or (told[1] > told[0]) != rises,
            )
        )
    return result


def _median(values: Floats) -> float:
    return float(np.median(values[np.isfinite(values)]))


def _off(told: float, raw: float) -> float:
    return abs(told - raw) / abs(raw) if raw else float(told != raw)


def measure(folder: Path) -> tuple[str, bool]:
    """Return the row of one history, and whether all in it is as measured."""
    (config,) = find_configurations(folder)
    judged = judge(read_history(resolve_source(str(config))))
    every = list(itertools.chain.from_iterable(map(distances, judged.series)))
    off = sum(one.off > MOST_OFF for one in every)
    against = sum(one.is_against for one in every)
    furthest = max((one.off for one in every), default=0.0)
    cells = (
        folder.name, f"{len(judged.series):,}", f"{len(every):,}", str(off), f"{furthest:.1%}",
        str(against), str(_count_elsewhere(judged)), *_count_events(judged),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |", not (off or against)


def _count_elsewhere(judged: JudgedHistory) -> int:
    """Count the changes whose event is not where they may have come."""
    spans = (
        (
            event.position,
            judged.series[member.series].series.suspects(change.earliest, change.latest),
        )
        for event in judged.events
        if event.kind is not EventKind.EXCURSION
        for member in event.members
        for change in [member.judged.change]
    )
    return sum(not first <= position <= last for position, (first, last) in spans)


def _count_events(judged: JudgedHistory) -> tuple[str, ...]:
    kinds = Counter(event.kind for event in judged.events)
    unsure = sum(
        event.kind is EventKind.COMMIT and event.verdict is Verdict.SUSPECTED
        for event in judged.events
    )
    of_commits = kinds[EventKind.COMMIT] - unsure
    others = (kinds[kind] for kind in (EventKind.MEASURING, EventKind.MACHINE, EventKind.EXCURSION))
    return tuple(map(str, (of_commits, unsure, *others)))


def main() -> int:
    """Print the table."""
    parser = command_line("tests.evaluation.public_histories", __doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    given = parser.parse_args()
    if given.write:
        check_markers(SECTION)
    rows, right = zip(*map(measure, given.folders), strict=True)
    table = "\n".join((f"| {' | '.join(_TITLES)} |", "|---" * len(_TITLES) + "|", *rows))
    sys.stdout.write(f"{table}\n")
    if given.write:
        write_table(SECTION, table)
    return int(not all(right))


if __name__ == "__main__":
    sys.exit(main())

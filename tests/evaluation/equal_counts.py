"""What is said of equal code that was counted twice: `python -m tests.evaluation.equal_counts DIR`.

DIR is what `tests.evaluation.counting` recorded. Every two runs of a library are taken for base and
head of `tracker compare`, by the code that judges there; where it would count again, it gets two
other runs. They are also taken for two commits of a history. Each metric that is said to differ is
an alarm. With `--windows 2` every half of a run is taken for one, and compared with those of other
runs: more pairs, of half as many bursts. `--write` puts the table into RESULTS.md.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import msgspec

from benchmarks.harness.shared.command import at_least, command_line
from benchmarks.harness.shared.registry import LIBRARIES
from tests.evaluation.counted_rounds import SCENARIO
from tests.evaluation.recorded_counts import Counted, recorded_counts
from tests.evaluation.results_page import check_markers, write_table
from tracker.compare.counting import Job, SideCounts, decide_sides
from tracker.compare.measurer import Label
from tracker.counts.count_steps import find_steps
from tracker.counts.focus import CountedScenario
from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.model.counts import VERSION, CountedMetric, Counts

SECTION = "equal counts"


@dataclass(kw_only=True)
class Alarms:
    """What was said of all pairs of one library; every metric counts by itself.

    Attributes:
        gating: metrics said to be worse or better, of those that gate; `others` of the rest.
        moved: metrics that differ by more than their tolerance, whether by their floor or not.
        steps: metrics with a step in a history of the two.
        alarming: pairs of which anything at all is said.
    """

    pairs: int = 0
    alarming: int = 0
    gating: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)


def compare_pairs(runs: Sequence[Counted]) -> Alarms:
    """Compare every two of *runs*, all of equal code."""
    counts = [Counts(version=VERSION, python="", metrics=convert(run)) for run in runs]
    alarms = Alarms()
    for base, head in combinations(range(len(counts)), 2):
        if runs[base].number == runs[head].number:
            continue
        judged = compare(counts, base, head)
        steps = [name for name in METRICS if has_step(name, counts[base], counts[head])]
        changed = [one.metric for one in judged.changes if one.verdict is not Verdict.NO_CHANGE]
        alarms.gating.update(metric.name for metric in changed if metric.gates)
        alarms.others.update(metric.name for metric in changed if not metric.gates)
        alarms.moved.update(one.metric.name for one in judged.changes if one.moved)
        alarms.steps.update(steps)
        alarms.pairs += 1
        alarms.alarming += judged.moved or bool(steps)
    return alarms


def convert(run: Counted) -> dict[str, CountedMetric]:
    """The run's metrics as the tracker reads them."""
    return msgspec.convert(msgspec.to_builtins(run.metrics), dict[str, CountedMetric])


def compare(counts: Sequence[Counts], base: int, head: int) -> CountedScenario:
    """Judge two of *counts* as `tracker compare` does."""
    others = [number for number in range(len(counts)) if number not in (base, head)]
    first = (head - base) % max(len(others), 1)
    again = (others[first:] + others[:first])[:2] or [base, head]
    return decide(counts, iter([(base, head), (again[0], again[-1])]))


def decide(counts: Sequence[Counts], pairs: Iterator[tuple[int, int]]) -> CountedScenario:
    """Judge base and head among *counts* as `tracker compare` does.

    Args:
        counts: of one library.
        pairs: base and head, then those that are counted again; a second pair that was not needed
            is left in it.
    """

    def count(_jobs: Sequence[Job], _layout: int) -> dict[Job, SideCounts]:
        sides = zip((Label.BASE, Label.HEAD), next(pairs), strict=True)
        return {(SCENARIO, label): SideCounts(counts=counts[number]) for label, number in sides}

    return decide_sides([SCENARIO], count).scenarios[SCENARIO]


def has_step(name: str, base: Counts, head: Counts) -> bool:
    """Whether a history of the two has a step in the metric *name*."""
    if name not in base.metrics or name not in head.metrics:
        return False
    return bool(find_steps(METRICS[name], [base.metrics[name], head.metrics[name]]))


def rows(alarms: dict[str, Alarms]) -> Iterator[str]:
    """A row per library, and one of all."""
    yield "| library | pairs | with anything said | gating | not gating | moved | steps |"
    yield "|---|---|---|---|---|---|---|"
    for library, one in alarms.items():
        told = " | ".join(map(words, (one.gating, one.others, one.moved, one.steps)))
        yield f"| {library} | {one.pairs} | {one.alarming} | {told} |"
    kinds = ("gating", "others", "moved", "steps")
    sums = (sum(sum(getattr(one, kind).values()) for one in alarms.values()) for kind in kinds)
    pairs = sum(one.pairs for one in alarms.values())
    alarming = sum(one.alarming for one in alarms.values())
    yield f"| all | {pairs} | {alarming} | {' | '.join(map(str, sums))} |"


def words(counter: Counter[str]) -> str:
    """How often, and of which metrics."""
    return ", ".join(f"{name} {times}" for name, times in counter.most_common()) or "0"


def main() -> None:
    """Compare, and print the table."""
    parser = command_line("tests.evaluation.equal_counts", __doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--windows", type=at_least(1), default=1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.write:
        check_markers(SECTION)
    counted = list(recorded_counts(given.folder, given.windows))
    alarms = {
        library: compare_pairs(runs)
        for library in LIBRARIES
        if (runs := [one for one in counted if one.library == library])
    }
    table = "\n".join(rows(alarms))
    sys.stdout.write(f"{table}\n")
    if given.write:
        write_table(SECTION, table)


if __name__ == "__main__":
    main()

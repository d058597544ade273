"""Steps of a counted series: one commit is enough. Pure.

A clock needs commits on either side to know its own noise. A count brings it along: the spread of
its run and the scatter of its metric (`judging.tolerance_of`). So each commit is compared with the
level since the last step, by the rule for a pair, and what is further off is a step at once. What
goes back is a second one.

Of a pair, what moved and is not exact is counted again, in another layout of memory; of a history
nothing is, so an inexact count must be `REACH` of its spread away, and instructions by more than
`ONE_LAYOUT`.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tracker.counts.count_changes import REACH, compare_counts, tolerance_of
from tracker.model import Metric
from tracker.model.counts import CountedMetric

ONE_LAYOUT = 0.007
"""By this share instructions of one layout of memory may be off: for a task that is sent they
ranged by 1.4 % in two checkouts of Dramatiq, and by 0.5 % and less in four layouts of each library
(tests/evaluation/RESULTS.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountStep:
    """A step between two levels of counts.

    Attributes:
        index: first count of the level after.
        earliest: first count that may be the first after, latest: last such; most often all are
            one, and more where a step is hardly larger than the tolerance.
        tolerance: difference that equal code may show there, in the metric's unit; 0 is exact.
    """

    index: int
    earliest: int
    latest: int
    tolerance: float


def find_steps(metric: Metric, counts: Sequence[CountedMetric]) -> list[CountStep]:
    """Return the steps of *counts*, one for each commit in order.

    A level is represented by the count in its middle, so that the extremes of a long one are not
    taken for its height.
    """
    steps: list[CountStep] = []
    level: list[tuple[float, int]] = []
    start = 0
    for i, new in enumerate(counts):
        if level and _moved(metric, counts[_middle(level)], new):
            step = _place(metric, counts, start, i, counts[_middle(level)])
            steps.append(step)
            start = step.index
            level = sorted((counts[k].value, k) for k in range(start, i))
        insort(level, (new.value, i))
    return steps


def _moved(metric: Metric, base: CountedMetric, head: CountedMetric) -> bool:
    return compare_counts(metric, uncertain(metric, base), uncertain(metric, head)).moved


def uncertain(metric: Metric, count: CountedMetric) -> CountedMetric:
    """Return *count* with the spread that one counted once has beside others."""
    layout = ONE_LAYOUT * count.value if metric.unit == "instructions" else 0.0
    return replace(count, spread=max(REACH * count.spread, layout))


def _middle(level: Sequence[tuple[float, int]]) -> int:
    return level[(len(level) - 1) // 2][1]


def _place(
    metric: Metric, counts: Sequence[CountedMetric], start: int, end: int, base: CountedMetric
) -> CountStep:
    """Return the step that lies after the last count that *end* surely differs from.

    The largest difference of neighbours from there on is its place.
    """
    new = counts[end]
    before = next(k for k in reversed(range(start, end)) if _moved(metric, counts[k], new))
    way = 1 if new.value > base.value else -1
    index = max(
        range(before + 1, end + 1), key=lambda k: way * (counts[k].value - counts[k - 1].value)
    )
    return CountStep(
        index=index,
        earliest=before + 1,
        latest=end,
        tolerance=tolerance_of(metric, uncertain(metric, base), uncertain(metric, new)),
    )

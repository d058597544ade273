"""The search with a metric that is counted: equal code has equal counts, so halving is enough.

Every measured commit has a level: that of the good end, that of the bad end, or another one. Counts
that differ by no more than counts of equal code do (`tracker.counts.count_changes`) are of one
level, so that wobble is neither a level nor a step. Two neighbouring commits of different levels
are a step, whatever lies elsewhere. Every pair of measured commits of different levels, with
something in between that can be measured, is halved on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tracker.counts.count_changes import compare_counts
from tracker.model import Floats, Metric
from tracker.model.counts import CountedMetric

type Counts = Mapping[int, CountedMetric]
"""Position to what was counted there; the ends are among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two measured commits of different levels.

    Attributes:
        last_before: position of the last one with the level before.
        first_after: position of the first one with the level after.
        before, after: what was counted at these two.
        tolerance: difference up to which their counts would be equal; 0 is exact.
    """

    last_before: int
    first_after: int
    before: float
    after: float
    tolerance: float

    @property
    def commits(self) -> tuple[int, ...]:
        """Positions of which one brought it."""
        return tuple(range(self.last_before + 1, self.first_after + 1))


def levels_of(counts: Counts, metric: Metric) -> dict[int, int]:
    """The level of each position: 0 is that of the good end, the next one that of the bad end.

    A count that is as near to two levels as equal code comes is of the nearer one.
    """
    places = sorted(counts)
    levels: dict[int, int] = {}
    known: list[CountedMetric] = []
    for place in dict.fromkeys((places[0], places[-1], *places)):
        own = counts[place]
        near = [n for n, each in enumerate(known) if not compare_counts(metric, each, own).moved]
        if not near:
            near = [len(known)]
            known.append(own)
        levels[place] = min(near, key=lambda n: abs(known[n].value - own.value))
    return levels


def steps_of(counts: Counts, metric: Metric) -> tuple[Step, ...]:
    """Every step between neighbours of what was measured."""
    levels = levels_of(counts, metric)
    return tuple(
        Step(
            last_before=a,
            first_after=b,
            before=counts[a].value,
            after=counts[b].value,
            tolerance=compare_counts(metric, counts[a], counts[b]).tolerance,
        )
        for a, b in pairwise(sorted(counts))
        if levels[a] != levels[b]
    )


def next_commit(
    counts: Counts, metric: Metric, unusable: Collection[int], prior: Floats
) -> int | None:
    """The position that halves what is open of the largest step; None when nothing is open.

    Args:
        counts: what was measured.
        metric: what is counted.
        unusable: positions that cannot be measured.
        prior: shape (n,): of each commit after the good end.
    """
    steps = steps_of(counts, metric)
    for step in sorted(steps, key=lambda step: -abs(step.after - step.before)):
        between = [p for p in range(step.last_before + 1, step.first_after) if p not in unusable]
        if between:
            return between[_middle(between, step, prior)]
    return None


def _middle(between: Sequence[int], step: Step, prior: Floats) -> int:
    """Which of the positions *between* has half of the prior on either side.

    What lies between two positions that can be measured is never told apart, so it weighs no more
    than the likeliest commit in it: however many commits do not build, halving takes no longer.
    """
    low, high = step.last_before, step.first_after
    starts = [0, *(position - low for position in between)]
    below = np.cumsum(np.maximum.reduceat(prior[low:high], starts))
    return int(np.abs(below[:-1] / below[-1] - 0.5).argmin())


def unconfirmed(counts: Counts, metric: Metric) -> Step | None:
    """A step of counts that are not exact, one side of which was counted only once."""
    for step in steps_of(counts, metric):
        sides = (counts[step.last_before], counts[step.first_after])
        if step.tolerance and min(len(side.samples) for side in sides) == 1:
            return step
    return None

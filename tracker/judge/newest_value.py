"""A newest value that lies far out: too new to be a change, but not nothing either."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.detect.policy import MIN_LEVEL, MIN_POINTS, ROUNDING
from tracker.judge import policy
from tracker.model import Better, Change, Floats, Series, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class FarOut:
    """A newest value and the level before it.

    Attributes:
        index: of its first point.
        points: how many hold it: the newest alone, or the one before it, too.
        is_fact: whether it is the first above zero of what always was zero: nothing to doubt.
    """

    index: int
    points: int
    before: float
    after: float
    is_fact: bool

    @property
    def ratio(self) -> float:
        """After / before, NaN where that is no size."""
        return self.change().ratio

    def change(self) -> Change:
        """Return it as a change that one commit holds."""
        status = Status.SUSPECTED
        return Change.at(
            self.index, self.before, self.after, status=status, points_since=self.points
        )


def far_out(
    series: Series, changes: Sequence[Change], effect: float, course: Floats | None = None
) -> FarOut | None:
    """Return the newest value where it lies far out.

    It must lie beyond the outer fences of the values since the last change (Tukey, "Exploratory
    Data Analysis", 1977, chapter 2), be further off than *effect*, the minimum detectable one, and
    than its metric's floor, and be held by fewer than MIN_LEVEL commits: those the detector has
    judged. Where nothing was ever measured but zero, a value above it is far out by itself.

    Args:
        series: as measured.
        changes: of it.
        effect: its minimum detectable effect, NaN when unknown.
        course: what controls share of its logarithms, None for nothing.
    """
    indices, values = _since_the_last_change(series, changes)
    if not values:
        return None
    *before, last = values
    if len(before) >= MIN_POINTS and not any(before) and last:
        is_bad = (last > 0) == (series.metric.better is Better.LOWER)
        fact = is_bad and series.metric.floor == 0
        return FarOut(index=indices[-1], points=1, before=0.0, after=last, is_fact=fact)
    if len(before) < policy.FENCE_POINTS or (course is None and _is_usual(before, last)):
        return None
    if min(*before, last) > 0:
        shared = [0.0] * len(values) if course is None else course[indices].tolist()
        logs = [math.log(value) - part for value, part in zip(values, shared, strict=True)]
        points = _points_out(logs, math.log1p(_least(series, effect)))
    else:
        points = _points_out(values, _least(series, effect) * max(map(abs, before)))
    if not points:
        return None
    return FarOut(
        index=indices[-points],
        points=points,
        before=_level(values[:-points]),
        after=last,
        is_fact=False,
    )


def _least(series: Series, effect: float) -> float:
    return max(series.metric.floor, ROUNDING, effect if math.isfinite(effect) else 0.0)


def _level(before: Sequence[float]) -> float:
    return middle(np.array(before))


def _is_usual(before: Sequence[float], last: float) -> bool:
    """Say whether *last* lies between the quartiles of *before*, as every second one does."""
    ordered = sorted(before)
    quarter = len(ordered) // 4
    return ordered[quarter] <= last <= ordered[-1 - quarter]


def _points_out(values: Sequence[float], least: float) -> int:
    """Return how many of the last *values* are beyond the fences and by *least*; 0 for none.

    What several values went as far as before is no news, nor what more than a few hold.
    """
    *before, last = values
    ordered = sorted(before)
    quarter = len(ordered) // 4
    low, median, high = (ordered[i] for i in (quarter, len(ordered) // 2, -1 - quarter))
    reach = policy.FENCE * (high - low)
    distance = last - median
    if low - reach <= last <= high + reach or abs(distance) <= least:
        return 0
    if sum((other - median) / distance >= 1 - policy.NEAR_LEVEL for other in before) >= policy.SIDE:
        return 0
    holding = [(other - median) / distance >= policy.HOLDING for other in reversed(before)]
    points = 1 + holding.index(False) if False in holding else len(values)
    return points if points < MIN_LEVEL else 0


def _since_the_last_change(
    series: Series, changes: Sequence[Change]
) -> tuple[list[int], list[float]]:
    start = max((change.index for change in changes), default=0)
    (measured,) = np.isfinite(series.values[start:]).nonzero()
    kept = start + measured[-policy.FENCE_WINDOW - 1 :]
    return kept.tolist(), series.values[kept].tolist()

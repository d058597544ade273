"""A newest value that lies far out: too new to be a change, but not nothing either."""

import math
from collections.abc import Sequence

from tracker.detect import policy
from tracker.model import JudgedChange, Series, Status


def far_out(series: Series, changes: Sequence[JudgedChange], effect: float) -> float | None:
    """Return the newest value over the median before it where it lies far out.

    It must lie beyond the outer fences of the values since the last change (Tukey, "Exploratory
    Data Analysis", 1977, chapter 2), be further off than *effect*, the minimum detectable one, and
    than its metric's floor, and be held by fewer than MIN_LEVEL commits: those the detector has
    judged.
    """
    *before, last = _since_the_last_change(series, changes) or [0.0]
    if len(before) < policy.FENCE_POINTS or min(*before, last) <= 0:
        return None
    ordered = sorted(before)
    quarter = len(ordered) // 4
    low, median, high = (ordered[i] for i in (quarter, len(ordered) // 2, -1 - quarter))
    reach = policy.FENCE * (high - low)
    least = max(series.metric.floor, effect if math.isfinite(effect) else 0.0)
    distance = math.log(last / median)
    if low - reach <= last <= high + reach or abs(distance) <= math.log1p(least):
        return None
    others = before[-policy.MIN_LEVEL + 1 :]
    held = all(math.log(other / median) / distance >= policy.HOLDING for other in others)
    return None if held else last / median


def _since_the_last_change(series: Series, changes: Sequence[JudgedChange]) -> list[float]:
    standing = (c.change for c in changes if c.change.status is not Status.WITHDRAWN)
    start = max((change.index for change in standing), default=0)
    newest = series.values[start:][-policy.FENCE_WINDOW - 1 :].tolist()
    return [value for value in newest if math.isfinite(value)]

"""What is to be said of a newest value that lies far out: one commit alone is no change yet."""

import math

from tracker import units
from tracker.model import JudgedSeries, Status
from tracker.report.site_data_columns import number

# As many values make quartiles, and as many are the level before; older ones are another time's.
_LEAST_BEFORE = 4
_MOST_BEFORE = 30
# Tukey's word for it: beyond the quartiles by this many times their distance ("Exploratory Data
# Analysis", 1977, chapter 2).
_FAR_OUT = 3.0
_HALF_WAY = 0.5


def far_out(judged: JudgedSeries) -> float:
    """Return the newest value over the median before it where it lies far out, else NaN.

    It must lie far outside of the values since the last change, be further off than the step that
    the series could establish and than its metric's floor, and be alone: where the value before it
    went half as far, the detector has judged the two.
    """
    *before, last = _since_the_last_change(judged) or [0.0]
    if len(before) < _LEAST_BEFORE or min(*before, last) <= 0:
        return math.nan
    ordered = sorted(before)
    quarter = len(ordered) // 4
    low, median, high = (ordered[i] for i in (quarter, len(ordered) // 2, -1 - quarter))
    reach = _FAR_OUT * (high - low)
    effect = judged.minimum_detectable_effect
    least = max(judged.series.metric.floor, effect if math.isfinite(effect) else 0.0)
    distance = math.log(last / median)
    if low - reach <= last <= high + reach or abs(distance) <= math.log1p(least):
        return math.nan
    return last / median if math.log(before[-1] / median) / distance < _HALF_WAY else math.nan


def _since_the_last_change(judged: JudgedSeries) -> list[float]:
    standing = (c.change for c in judged.changes if c.change.status is not Status.WITHDRAWN)
    start = max((change.index for change in standing), default=0)
    newest = judged.series.values[start:][-_MOST_BEFORE - 1 :].tolist()
    return [value for value in newest if math.isfinite(value)]


def notes_of(judged: JudgedSeries) -> tuple[str, ...]:
    """Return what is to be said beside the verdict of a series, each without full stop."""
    ratio = number(far_out(judged))
    if ratio is None:
        return judged.notes
    said = f"newest value far out: {units.change(ratio)}; one commit alone is not judged yet"
    return (said, *judged.notes)

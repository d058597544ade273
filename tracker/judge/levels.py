"""Changes as they were measured: levels are medians of values, whatever decided the verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import evidence
from tracker.detect.density import middle
from tracker.detect.policy import CONFIRM_POINTS, INTERVAL_WIDTH
from tracker.judge.candidates import Candidate
from tracker.model import Change, Floats, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How much one point of a series varies between commits.

    Attributes:
        scale: relative where all values are positive, else in units of `unit`; NaN when unknown.
        unit: 0 for relative, else the largest absolute value.
    """

    scale: float
    correlation: float
    unit: float

    def on_scale(self, values: Floats) -> Floats:
        """Return finite *values* of the series in what the scale is measured in."""
        return values / self.unit if self.unit else np.log(values)


def spread_of(values: Floats, scale: float, correlation: float) -> Spread:
    """Return the spread of *values*, given the *scale* on which the detector judged them."""
    finite = values[np.isfinite(values)]
    linear = bool(finite.size) and bool(finite.min() <= 0)
    unit = (float(np.abs(finite).max()) or 1.0) if linear else 0.0
    return Spread(scale=scale, correlation=correlation, unit=unit)


def measured_changes(
    values: Floats, candidates: Sequence[Candidate], spread: Spread
) -> tuple[Change, ...]:
    """Return *candidates*, ascending by index, as changes between medians of *values*.

    The level before a change reaches back to the change before it, the level after up to the next.
    """
    kept = np.flatnonzero(np.isfinite(values))
    ranks = [int(np.searchsorted(kept, c.index)) for c in candidates]
    edges = [0, *ranks, kept.size]
    return tuple(
        _change(
            values[kept[edges[i] : rank]],
            values[kept[rank : edges[i + 2]]],
            one,
            spread,
            kept.size - rank,
        )
        for i, (rank, one) in enumerate(zip(ranks, candidates, strict=True))
    )


def _change(before: Floats, after: Floats, one: Candidate, spread: Spread, since: int) -> Change:
    old, new = middle(before), middle(after)
    ratio = new / old if old > 0 and new > 0 else math.nan
    half, unit = INTERVAL_WIDTH * spread.scale, spread.unit
    half *= math.sqrt(
        evidence.mean_difference_variance(before.size, after.size, spread.correlation)
    )
    is_new, p_value = since < CONFIRM_POINTS, one.p_value
    if one.tolerance is not None:
        half, unit, is_new, p_value = one.tolerance, 1.0, False, math.nan
    return Change(
        index=one.index,
        earliest=one.earliest,
        latest=one.latest,
        before=old,
        after=new,
        ratio=ratio,
        ratio_low=_moved(ratio, -half, old, unit),
        ratio_high=_moved(ratio, half, old, unit),
        p_value=p_value,
        status=Status.SUSPECTED if is_new else Status.CONFIRMED,
        points_since=since,
    )


def _moved(ratio: float, by: float, old: float, unit: float) -> float:
    """Return one end of the interval of a *ratio*."""
    if not math.isfinite(ratio) or math.isnan(by):
        return math.nan
    return ratio + by * unit / old if unit else ratio * math.exp(max(-700.0, min(by, 700.0)))

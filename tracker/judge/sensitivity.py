"""How small a change of a series could have been seen: its noise, and what that hides."""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from tracker.detect import evidence
from tracker.detect import policy as of_series
from tracker.detect.density import middle
from tracker.judge.levels import Spread
from tracker.judge.policy import Policy
from tracker.model import Change, Floats, Metric

_POWER = NormalDist().inv_cdf(0.8)
_FEW = 12  # points from which a robust scale is better than the plain one


def is_blind(points: int, effect: float, metric: Metric, chosen: Policy) -> bool:
    """Say whether a step that matters could be there unseen.

    Args:
        points: measured points of the series.
        effect: its minimum detectable effect, NaN when it has no noise.
        metric: what it measures.
        chosen: the project's policy.
    """
    return points < of_series.MIN_POINTS or effect > max(metric.floor, chosen.largest_unseen)


def whole_noise(values: Floats, changes: Sequence[Change], spread: Spread) -> float:
    """Return the noise of the points around the levels that are told, with nothing taken out.

    What the detector took for a step, but nobody is told of, is noise here.
    """
    (kept,) = np.isfinite(values).nonzero()
    x = spread.on_scale(values[kept])
    edges = [0, *kept.searchsorted([c.index for c in changes]).tolist(), kept.size]
    for start, end in itertools.pairwise(edges):
        if end > start:
            x[start:end] -= middle(x[start:end])
    if x.size < _FEW:
        own = math.sqrt(float(x @ x) / max(1, x.size - len(edges) + 1))
    else:
        own = 1.4826 * middle(np.abs(x))
    own = own if own > of_series.ROUNDING else 0.0
    return max(own, spread.scale) if math.isfinite(spread.scale) else own


def minimum_detectable_effect(
    points: int, since: int, noise: float, correlation: float, chosen: Policy
) -> float:
    """Smallest relative step that *horizon_points* more commits would establish, at power 80 %.

    Args:
        points: measured points of the series.
        since: points of the present level.
        noise: scale of one point.
        correlation: of neighbouring points.
        chosen: the project's policy.
    """
    if points < of_series.MIN_POINTS or not noise > 0:
        return math.nan
    before = max(1, min(since, of_series.REACH))
    variance = evidence.mean_difference_variance(before, chosen.horizon_points, correlation)
    return math.expm1(min(700.0, (_threshold(points) + _POWER) * noise * math.sqrt(variance)))


@lru_cache(maxsize=4096)
def _threshold(points: int) -> float:
    return -NormalDist().inv_cdf(of_series.FALSE_CHANGES / points / 2)

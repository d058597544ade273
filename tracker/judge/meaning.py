"""What a change means, and where a series stands: direction and relevance are applied here only."""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from tracker.detect import drift, evidence
from tracker.detect import policy as of_series
from tracker.detect.density import middle
from tracker.judge.levels import Spread
from tracker.judge.policy import Policy
from tracker.model import Better, Change, EventKind, Floats, JudgedChange, Metric, Series, Verdict

_POWER = NormalDist().inv_cdf(0.8)
_FEW = 12  # points from which a robust scale is better than the plain one


def direction_of(change: Change, metric: Metric) -> Verdict:
    """Return whether the levels, as measured, are worse or better after *change*."""
    up = change.after > change.before
    return Verdict.BETTER if up == (metric.better is Better.HIGHER) else Verdict.WORSE


def is_relevant(before: float, after: float, metric: Metric) -> bool:
    """Say whether the step between two levels reaches the floor of its metric."""
    if before > 0 and after > 0:
        return abs(math.log(after / before)) >= math.log1p(metric.floor)
    return before != after and abs(after - before) >= metric.floor * max(abs(before), abs(after))


def verdict_of(change: Change, metric: Metric, shared: float = math.nan) -> Verdict:
    """Return what a sure change means, given the part of its ratio that the controls share.

    The rest is the commit's: it decides whether the change is relevant. Where it goes against what
    was measured, nothing is sure.
    """
    if not (shared > 0 and change.ratio > 0):
        relevant = is_relevant(change.before, change.after, metric)
        return direction_of(change, metric) if relevant else Verdict.NO_CHANGE
    own = change.ratio / shared
    if not is_relevant(1.0, own, metric):
        return Verdict.NO_CHANGE
    against = (own > 1) != (change.ratio > 1)
    return Verdict.SUSPECTED if against else direction_of(change, metric)


def stands(change: Change, now: float, metric: Metric) -> bool:
    """Say whether the level *now* is still relevantly off the level before *change*, its way."""
    same_way = (now > change.before) == (change.after > change.before)
    return same_way and is_relevant(change.before, now, metric)


def standing_change(
    changes: Sequence[JudgedChange], metric: Metric, *, missed: int, chosen: Policy
) -> JudgedChange | None:
    """Return the change that a series' verdict speaks of: the newest recent one that matters.

    Else the newest regression that is neither recent nor undone.
    """
    telling = [one for one in changes if one.verdict is not Verdict.NO_CHANGE]
    for judged in reversed(telling):
        if judged.change.points_since + missed <= chosen.recent_points:
            return judged
    now = changes[-1].change.after if changes else math.nan
    for judged in reversed(telling):
        is_bad = judged.direction is Verdict.WORSE and judged.kind is EventKind.COMMIT
        if is_bad and stands(judged.change, now, metric):
            return judged
    return None


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
    kept = np.flatnonzero(np.isfinite(values))
    x = values[kept] / spread.unit if spread.unit else np.log(values[kept])
    edges = [0, *np.searchsorted(kept, [c.index for c in changes]).tolist(), kept.size]
    rest = np.concatenate([x[a:b] - middle(x[a:b]) for a, b in itertools.pairwise(edges) if b > a])
    if rest.size < _FEW:
        own = math.sqrt(float(rest @ rest) / max(1, rest.size - len(edges) + 1))
    else:
        own = 1.4826 * middle(np.abs(rest))
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


def drift_per_100_commits(series: Series, ramps: tuple[drift.Ramp, ...]) -> float:
    """Relative change per 100 commits of the newest ramp, 0 when there is none."""
    if not ramps:
        return 0.0
    newest = ramps[-1]
    span = int(series.positions[newest.end - 1] - series.positions[newest.start])
    return math.expm1(min(700.0, newest.rise * 100 / max(span, 1)))

"""What a change means: direction and relevance, applied here and nowhere else."""

import math
from functools import lru_cache
from statistics import NormalDist

from tracker.detect import drift, evidence, policy
from tracker.detect.policy import Policy
from tracker.detect.steps import Found
from tracker.model import Better, Change, JudgedChange, Metric, Series, Status, Verdict

_POWER = NormalDist().inv_cdf(0.8)


def verdict_of(change: Change, metric: Metric) -> Verdict:
    """Say what a significant change means: relevant when it reaches the floor of its metric."""
    if math.isfinite(change.ratio) and change.ratio > 0:
        if abs(math.log(change.ratio)) < math.log1p(metric.floor):
            return Verdict.NO_CHANGE
    elif abs(change.after - change.before) < metric.floor * abs(change.before):
        return Verdict.NO_CHANGE
    up = change.after > change.before
    return Verdict.BETTER if up == (metric.better is Better.HIGHER) else Verdict.WORSE


def standing_verdict(
    changes: tuple[JudgedChange, ...], *, missed: int, blind: bool, chosen: Policy
) -> Verdict:
    """Return the verdict of the newest relevant change that is recent.

    Without one it is NO_CHANGE, or CANNOT_TELL when the series is *blind*, see `is_blind`. What
    others of the history were measured at since (*missed* commits) makes a change older, too.
    """
    for judged in reversed(changes):
        if judged.change.status is Status.WITHDRAWN:
            continue
        if judged.change.points_since + missed > chosen.recent_points:
            break
        if judged.verdict is not Verdict.NO_CHANGE:
            return judged.verdict
    return Verdict.CANNOT_TELL if blind else Verdict.NO_CHANGE


def is_blind(points: int, effect: float, metric: Metric, chosen: Policy) -> bool:
    """Say whether a step that matters could be there unseen.

    Args:
        points: measured points of the series.
        effect: its minimum detectable effect, NaN when it has no noise.
        metric: what it measures.
        chosen: the project's policy.
    """
    return points < policy.MIN_POINTS or effect > max(metric.floor, chosen.largest_unseen)


def minimum_detectable_effect(found: Found, points_since: int, chosen: Policy) -> float:
    """Smallest relative step that *horizon_points* more commits would establish, at power 80 %.

    Args:
        found: of the series.
        points_since: points of the present level.
        chosen: the project's policy.
    """
    if found.points < policy.MIN_POINTS or not found.noise > 0:
        return math.nan
    before = max(1, min(points_since, policy.REACH))
    variance = evidence.mean_difference_variance(before, chosen.horizon_points, found.correlation)
    return math.expm1(
        min(700.0, (_threshold(found.points) + _POWER) * found.noise * math.sqrt(variance))
    )


@lru_cache(maxsize=4096)
def _threshold(points: int) -> float:
    return -NormalDist().inv_cdf(policy.FALSE_CHANGES / points / 2)


def drift_per_100_commits(series: Series, ramps: tuple[drift.Ramp, ...]) -> float:
    """Relative change per 100 commits of the newest ramp, 0 when there is none."""
    if not ramps:
        return 0.0
    newest = ramps[-1]
    span = int(series.positions[newest.end - 1] - series.positions[newest.start])
    return math.expm1(min(700.0, newest.rise * 100 / max(span, 1)))

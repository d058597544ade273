"""Direction and relevance of changes, which are applied here only."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.detect.policy import CONFIRM_POINTS
from tracker.judge.policy import STANDING, Policy
from tracker.model import Better, Change, EventKind, JudgedChange, Metric, Verdict


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
    was measured, or where that is next to nothing, nothing is sure: load that moved the controls
    alone looks the same.
    """
    if not (shared > 0 and change.ratio > 0):
        relevant = is_relevant(change.before, change.after, metric)
        return direction_of(change, metric) if relevant else Verdict.NO_CHANGE
    own = change.ratio / shared
    if not is_relevant(1.0, own, metric):
        return Verdict.NO_CHANGE
    against = (own > 1) != (change.ratio > 1)
    unseen = against or not is_relevant(change.before, change.after, metric)
    return Verdict.SUSPECTED if unseen else direction_of(change, metric)


def stands(change: Change, now: float, metric: Metric) -> bool:
    """Say whether the level *now* is still relevantly off the level before *change*, its way.

    Where next to nothing of the change is left, it is undone.
    """
    rest, whole = _distance(change.before, now), _distance(change.before, change.after)
    return rest * whole > 0 and (
        abs(rest) >= STANDING * abs(whole) and is_relevant(change.before, now, metric)
    )


def _distance(before: float, after: float) -> float:
    """Return how far two levels are apart: as logarithms where both have one."""
    return math.log(after / before) if before > 0 and after > 0 else after - before


def lasting(changes: Sequence[JudgedChange], metric: Metric) -> list[Change]:
    """Return *changes*, the oldest first, each from the level that lasted before it.

    A regression that ends an improvement which too few points held to confirm it starts from the
    level before that improvement: both are a dip. What is counted needs no points to confirm it.
    """
    found = [one.change for one in changes]
    if metric.is_counted:
        return found
    for number, (earlier, judged) in enumerate(pairwise(changes), start=1):
        ends = judged.direction is Verdict.WORSE and earlier.direction is Verdict.BETTER
        held = earlier.change.points_since - judged.change.points_since
        if ends and held < CONFIRM_POINTS:
            found[number] = replace(judged.change, before=earlier.change.before)
    return found


def standing_change(
    changes: Sequence[JudgedChange], metric: Metric, *, missed: int, chosen: Policy
) -> JudgedChange | None:
    """Return the change that a series' verdict speaks of: the newest recent one that matters.

    Else the newest regression that is neither recent nor undone; it also goes before a recent
    improvement that leaves it standing, if it is sure. A count, which no machine moves, can undo a
    recent change, too, by steps too small to matter.
    """
    now = changes[-1].change.after if changes else math.nan
    pairs = zip(changes, lasting(changes, metric), strict=True)
    telling = [pair for pair in pairs if pair[0].verdict is not Verdict.NO_CHANGE][::-1]
    standing = [judged for judged, change in telling if stands(change, now, metric)]
    recent = (
        judged
        for judged in (standing if metric.is_counted else [judged for judged, _ in telling])
        if judged.change.points_since + missed <= chosen.recent_points
    )
    regressions = [
        judged
        for judged in standing
        if judged.direction is Verdict.WORSE and judged.kind is EventKind.COMMIT
    ]
    newest = next(recent, None)
    if newest is not None and newest.direction is Verdict.BETTER:
        return next((one for one in regressions if one.verdict is Verdict.WORSE), newest)
    return newest or next(iter(regressions), None)

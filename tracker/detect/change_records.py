"""From cuts of the judged points back to `Change` records about the values as given."""

import math
from dataclasses import dataclass

from tracker.detect import evidence, policy
from tracker.detect.density import far_apart, middle
from tracker.detect.noise import Noise
from tracker.detect.placement import Place
from tracker.detect.point_estimates import Points
from tracker.model import Change, Floats, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change that stays: its place among the judged points, and its p-value."""

    place: Place
    p_value: float


def make_changes(points: Points, noise: Noise, steps: list[Step]) -> tuple[Change, ...]:
    """Return one record per step."""
    edges = [0, *(s.place.cut for s in steps), points.used.size]
    return tuple(
        _make_change(points, noise, step, (edges[i], edges[i + 2])) for i, step in enumerate(steps)
    )


def _make_change(points: Points, noise: Noise, step: Step, bounds: tuple[int, int]) -> Change:
    """Return the record of *step*; its levels begin and end at *bounds*."""
    place, kept, used = step.place, points.kept, points.used
    before, after = used[bounds[0] : place.cut], used[place.cut : bounds[1]]
    first, second = middle(points.z[before]), middle(points.z[after])
    rank = int(used[place.cut])
    doubtful = int(used[place.cut - 1]) + 1 if place.cut else 0, rank  # only noisy runs between
    if far_apart(first, second, noise.scale):
        doubtful = int(used[bounds[0]]) + 1, int(used[bounds[1] - 1])
    rank = _first_of_new(points.z, rank, doubtful, (first, second))
    half = policy.INTERVAL_WIDTH * noise.scale
    half *= math.sqrt(evidence.mean_difference_variance(before.size, after.size, noise.correlation))
    old, new = middle(points.values[kept[before]]), middle(points.values[kept[after]])
    shift = _shift(old, new, points.unit)
    half = max(half, abs(shift - (second - first)))
    since = kept.size - rank
    return Change(
        index=int(kept[rank]),
        earliest=int(kept[min(rank, int(used[place.earliest]))]),
        latest=int(kept[max(rank, int(used[place.latest]))]),
        before=old,
        after=new,
        ratio=new / old if old else math.nan,
        ratio_low=_ratio(shift - half, old, points.unit),
        ratio_high=_ratio(shift + half, old, points.unit),
        p_value=step.p_value,
        status=Status.CONFIRMED if since >= policy.CONFIRM_POINTS else Status.SUSPECTED,
        points_since=since,
    )


def _first_of_new(
    z: Floats, rank: int, doubtful: tuple[int, int], levels: tuple[float, float]
) -> int:
    """Move the place past the points beside it that are nearer to the level of the other side.

    These are noisy runs, which were not judged, and any points where the levels are too far apart
    for the density of the noise: far out it is flat, and does not tell which level is nearer, above
    all where one level is much noisier than the other.

    Args:
        z: locations of all points.
        rank: first judged point of the new level.
        doubtful: first and last point that the new level may begin with.
        levels: the old one and the new one.
    """
    old, new = levels

    def is_new(point: int) -> bool:
        return abs(float(z[point]) - new) < abs(float(z[point]) - old)

    while rank > doubtful[0] and is_new(rank - 1):
        rank -= 1
    while rank < doubtful[1] and not is_new(rank):
        rank += 1
    return rank


def _shift(old: float, new: float, unit: float) -> float:
    """Return the step between two levels of the values, on the judged scale.

    The judged locations may be another rank of the repeats than the values are. Where the two
    disagree about the size, the interval of the ratio is as wide as that disagreement.
    """
    return (new - old) / unit if unit else math.log(new) - math.log(old)  # their ratio may be 0


def _ratio(shift: float, old: float, unit: float) -> float:
    if not unit:
        return math.exp(min(shift, 700.0))
    if not old:
        return math.nan
    ends = 1 + shift * unit / abs(old)
    return ends if old > 0 else 2 - ends

"""What one series says by itself: its changes, and which of them the noise around them leaves.

Nothing here looks at another series, so it can be worked out anywhere, and be remembered.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.detect.evidence import student_two_sided
from tracker.detect.noise import step_scale
from tracker.detect.policy import MAX_FREEDOM, SHORT_LEVEL
from tracker.detect.steps import Detection, find_all
from tracker.judge import policy
from tracker.judge.local_noise import scale_around
from tracker.model import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTask:
    """All that finding the changes of one series needs; small, and the same wherever it is done.

    Attributes:
        values: shape (n,), without what controls share.
        samples: flat repeats, likewise.
        offsets: shape (n + 1,).
    """

    values: Floats
    samples: Floats
    offsets: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """A step of one series that may be a change.

    Attributes:
        index: first point of the new level; the step lies in earliest..latest.
        p_value: of a step at this place, not corrected for the search.
    """

    index: int
    earliest: int
    latest: int
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one series holds, and those of its changes that the noise around them leaves."""

    detection: Detection
    steps: tuple[OwnStep, ...] = ()


type JudgeSeries = Callable[[Sequence[SeriesTask]], Iterable[Found]]


def judge_series(tasks: Sequence[SeriesTask]) -> list[Found]:
    """Return what each series holds. A function of the module, so that it can be sent away."""
    detections = find_all((task.values, task.samples, task.offsets) for task in tasks)
    return [
        Found(detection=detection, steps=tuple(_own_steps(task.values, detection)))
        for task, detection in zip(tasks, detections, strict=True)
    ]


def _own_steps(values: Floats, detection: Detection) -> list[OwnStep]:
    """Return the changes of the *detection* in *values*, each at its sharpest place.

    Where the noise around it is louder than elsewhere, a change has that much less evidence, and
    what that noise explains is none.
    """
    standing = [c for c in detection.changes if not c.is_withdrawn]
    if not standing:
        return []
    kept = np.isfinite(values)
    points = values[kept]
    logs = np.log(points) if points.min() > 0 else None
    ranks = [0, *(int(kept[: c.index].sum()) for c in standing), points.size]
    steps = []
    for i, change in enumerate(standing):
        loud = 0.0
        if logs is not None:
            rank = ranks[i + 1]
            loud = _p_value_in_place(logs, (ranks[i], rank, ranks[i + 2]), detection.noise)
            if i + 1 == len(standing) and _is_left(
                logs[ranks[i] :], rank - ranks[i], detection.noise
            ):
                continue
        if loud * detection.points > policy.SUSPICION:
            continue
        index = _sharpened(values, change.index, change.before, change.after, detection.noise)
        steps.append(
            OwnStep(
                index=index,
                earliest=min(change.earliest, index) if index <= change.index else index,
                latest=max(change.latest, index) if index >= change.index else index,
                p_value=max(change.p_value, loud),
            )
        )
    return steps


def _is_left(logs: Floats, cut: int, noise: float) -> bool:
    """Say whether the newest of few points at a new level is beyond doubt back at the one before.

    Then it was an excursion, if anything.
    """
    before, after = logs[:cut], logs[cut:]
    if after.size > SHORT_LEVEL:
        return False
    old, new, newest = middle(before), middle(after), float(after[-1])
    is_off = abs(new - newest) > policy.SHARP_STEP * noise
    return is_off and (newest - old) / (new - old) < policy.HOLDING


def _p_value_in_place(logs: Floats, bounds: tuple[int, int, int], noise: float) -> float:
    """Return the p-value of a change by the noise on either side, 0 where that is the usual one.

    Welch's test (1947, doi:10.1093/biomet/34.1-2.28) between medians. A side's variance is
    moderated by that of all points around the place, and the series' own where that is louder.
    """
    start, cut, end = bounds
    sides = [logs[max(start, cut - policy.AROUND) : cut], logs[cut:end][: policy.AROUND]]
    if not noise > 0 or min(side.size for side in sides) < policy.SHORT_SIDE:
        return 0.0
    prior = max(noise, scale_around(logs, cut)) ** 2
    errors, freedoms = zip(*(_error(side, prior) for side in sides), strict=True)
    error = sum(errors)
    usual = noise**2 * sum(1 / side.size for side in sides)
    if error <= policy.LOUD**2 * usual:
        return 0.0
    before, after = map(middle, sides)
    t = abs(after - before) / (policy.MEDIAN_ERROR * math.sqrt(error))
    freedom = error**2 / sum(e**2 / f for e, f in zip(errors, freedoms, strict=True))
    return student_two_sided(t, min(MAX_FREEDOM, max(1, int(freedom))))


def _error(side: Floats, prior: float) -> tuple[float, float]:
    """Return the variance of a side's mean, and the degrees of freedom of that."""
    own = float(step_scale(np.abs(np.diff(side)))) ** 2
    weight = policy.QUANTILES_WORTH * (side.size - 1)
    freedom = weight + policy.PRIOR_FREEDOM
    return (weight * own + policy.PRIOR_FREEDOM * prior) / freedom / side.size, freedom


def _sharpened(values: Floats, index: int, before: float, after: float, noise: float) -> int:
    """Return the first point of the new level, where that is beyond doubt near *index*.

    A step of many noise scales leaves no doubt to which level a point belongs.
    """
    if not (before > 0 and after > 0 and abs(np.log(after / before)) > policy.SHARP_STEP * noise):
        return index
    between = np.sqrt(before * after)
    is_up = after > before
    for _ in range(policy.SHARP_REACH):
        here = values[index]
        if np.isfinite(here) and (here > between) != is_up and index + 1 < values.size:
            index += 1
            continue
        before_it = np.flatnonzero(np.isfinite(values[:index]))
        if before_it.size > 1 and (values[before_it[-1]] > between) == is_up:
            index = int(before_it[-1])
            continue
        break
    while not np.isfinite(values[index]) and index + 1 < values.size:
        index += 1
    return index

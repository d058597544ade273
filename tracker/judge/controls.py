"""Controls as covariates: how much of what pinned libraries did is taken out of the tracked series.

A library that no commit changes moves only with its machine. Its movement is taken out of what is
judged, never out of what is shown, in two parts. Of its wobble from commit to commit that share
which the tracked series of the same metric are seen to have too (regression of differences, pooled
over scenarios and machines and shrunk, after James & Stein 1961). Of its steps as much as the
tracked series take with it, and never more. Where the wobble of a series does not get less by
that, none of it is taken out.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import noise
from tracker.detect.density import middle
from tracker.judge import policy
from tracker.model import Floats, Ints, Series

type Cuts = Sequence[int]
_MANY = 3  # pairs of one metric that know its share of a step better than one alone
_MEMORY = 1.5  # what overlapping differences add to the variance of their regression


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A tracked series and the common course of its controls.

    Attributes:
        series: number of the tracked series.
        controls: their libraries.
        logs: of the tracked series, shape (n,), NaN where not measured.
        course: mean logarithm of the controls at the same points, less their medians, likewise.
        machine: the same of the controls of all scenarios.
    """

    series: int
    controls: tuple[str, ...]
    metric: str
    logs: Floats
    course: Floats
    machine: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is taken out of the logarithms of one series, and whose movement it is.

    Attributes:
        series: its number.
        controls: their libraries.
        course: what is taken out, shape (n,).
        left: what of the controls' movement is not: beside it, and in all scenarios. Shape (2, n).
    """

    series: int
    controls: tuple[str, ...]
    course: Floats
    left: Floats


def find_controls(series: Sequence[Series], project: str) -> list[bool]:
    """Say of each series whether its library is pinned beside the tracked one."""
    libraries = {one.library for one in series}
    tracked = project in libraries
    return [tracked and bool(one.library) and one.library != project for one in series]


def pair_up(series: Sequence[Series], are_controls: Sequence[bool]) -> list[Pair]:
    """Return each tracked series that has controls at enough of its commits."""
    by_place: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    by_machine: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    for one, is_control in zip(series, are_controls, strict=True):
        if is_control and _has_course(one):
            by_place[_place(one)].append(one)
            by_machine[_machine(one)].append(one)
    pairs = []
    for number, (one, is_control) in enumerate(zip(series, are_controls, strict=True)):
        controls = by_place.get(_place(one), [])
        if is_control or not controls or not _has_course(one):
            continue
        course = _common_course(controls, one.positions)
        logs = _logs(one)
        if int(np.isfinite(course + logs).sum()) >= policy.CONTROL_POINTS:
            names = tuple(dict.fromkeys(control.library for control in controls))
            pairs.append(
                Pair(
                    series=number,
                    controls=names,
                    metric=one.metric.name,
                    logs=logs,
                    course=course,
                    machine=_common_course(by_machine[_machine(one)], one.positions),
                )
            )
    return pairs


def take_out(
    pairs: Sequence[Pair], find_steps: Callable[[Sequence[Floats]], Sequence[Cuts]]
) -> list[Taken]:
    """Return what is taken out of the tracked series of *pairs*.

    Args:
        pairs: of `pair_up`.
        find_steps: returns the first point after each sure step of each of many courses.
    """
    cuts = find_steps([pair.course for pair in pairs])
    by_metric: dict[str, list[int]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        by_metric[pair.metric].append(i)
    taken: dict[int, Taken] = {}
    for members in by_metric.values():
        levels = {i: _levels(pairs[i].course, cuts[i]) for i in members}
        wobble = _wobble_share([(pairs[i].logs, pairs[i].course - levels[i]) for i in members])
        steps = {i: _step_shares(pairs[i], cuts[i]) for i in members}
        pooled = [share for own in steps.values() for share in own]
        for i in members:
            course = _course(pairs[i], cuts[i], levels[i], wobble, _shrunk(steps[i], pooled))
            taken[i] = Taken(
                series=pairs[i].series,
                controls=pairs[i].controls,
                course=course,
                left=np.stack([pairs[i].course, pairs[i].machine]) - course,
            )
    return [taken[i] for i in range(len(pairs))]


def _place(one: Series) -> tuple[object, ...]:
    params = tuple(pair for pair in one.key.params if pair[0] != "library")
    return one.key.machine, one.key.environment, one.key.benchmark, params


def _machine(one: Series) -> tuple[object, ...]:
    return one.key.machine, one.key.environment, one.metric.name


def _has_course(one: Series) -> bool:
    """Say whether a machine can move a series: it has logarithms, and was not counted."""
    if one.metric.is_counted:
        return False
    finite = one.values[np.isfinite(one.values)]
    return bool(finite.size) and bool(finite.min() > 0)


def _logs(one: Series) -> Floats:
    logs: Floats = np.log(np.where(np.isfinite(one.values), one.values, np.nan))
    return logs


def _common_course(controls: Iterable[Series], positions: Ints) -> Floats:
    rows = []
    for control in controls:
        row = np.full(positions.size, np.nan)
        at = np.searchsorted(control.positions, positions)
        inside = at < control.positions.size
        same = np.zeros(positions.size, dtype=np.bool_)
        same[inside] = control.positions[at[inside]] == positions[inside]
        logs = _logs(control)
        row[same] = logs[at[same]]
        rows.append(row - middle(logs[np.isfinite(logs)]))
    table = np.stack(rows)
    is_known = np.isfinite(table)
    counts = is_known.sum(axis=0)
    sums = np.where(is_known, table, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _levels(course: Floats, cuts: Cuts) -> Floats:
    """Return the median of *course* between its steps, at every point."""
    levels = np.zeros(course.size)
    edges = [0, *cuts, course.size]
    for start, end in itertools.pairwise(edges):
        known = course[start:end][np.isfinite(course[start:end])]
        levels[start:end] = middle(known) if known.size else 0.0
    return levels


def _differences(logs: Floats, rest: Floats) -> tuple[Floats, Floats]:
    both = np.isfinite(logs + rest)
    return np.diff(logs[both]), np.diff(rest[both])


def _clipped(differences: Floats) -> Floats:
    reach = policy.CONTROL_REACH * math.sqrt(2) * float(noise.step_scale(np.abs(differences)))
    return np.clip(differences, -reach, reach) if reach > 0 else differences


def _wobble_share(pairs: Iterable[tuple[Floats, Floats]]) -> float:
    """Return the share of the controls' wobble that the tracked series of one metric have."""
    top = bottom = 0.0
    for logs, rest in pairs:
        ours, theirs = map(_clipped, _differences(logs, rest))
        variance = float(np.mean(ours**2)) if ours.size else 0.0
        if variance > 0:
            top += float(ours @ theirs) / variance
            bottom += float(theirs @ theirs) / variance
    if bottom <= 0 or top <= 0:
        return 0.0
    share = top / bottom
    shrunk = share * max(0.0, 1 - _MEMORY / bottom / share**2)
    return min(1.0, shrunk)


def _step_shares(pair: Pair, cuts: Cuts) -> list[float]:
    """Return how much of each of the controls' steps the tracked series takes, within 0..1."""
    edges = [0, *cuts, pair.course.size]
    shares = []
    for start, cut, end in zip(edges[:-2], cuts, edges[2:], strict=True):
        theirs = _step(pair.course, start, cut, end)
        ours = _step(pair.logs, start, cut, end)
        shares.append(max(0.0, min(1.0, ours / theirs)) if theirs else 0.0)
    return shares


def _step(logs: Floats, start: int, cut: int, end: int) -> float:
    reach = policy.WINDOWS[-1]
    before, after = logs[max(start, cut - reach) : cut], logs[cut : min(end, cut + reach)]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    return middle(after) - middle(before) if before.size and after.size else 0.0


def _shrunk(own: Sequence[float], pooled: Sequence[float]) -> list[float]:
    """Return the shares of steps, drawn to the metric's middle where that is known."""
    if len(pooled) < _MANY:
        return list(own)
    common = middle(np.array(pooled))
    return [min(share, common) if share < common / 2 else max(share, common) for share in own]


def _course(
    pair: Pair, cuts: Cuts, levels: Floats, wobble: float, shares: Sequence[float]
) -> Floats:
    rest = np.nan_to_num(pair.course - levels)
    ours, theirs = _differences(pair.logs, rest)
    if _scale(ours - wobble * theirs) >= _scale(ours):
        wobble = 0.0
    steps = np.zeros(levels.size)
    for cut, share in zip(cuts, shares, strict=True):
        steps[cut:] += share * (levels[cut] - levels[cut - 1])
    return wobble * rest + steps


def _scale(differences: Floats) -> float:
    return float(noise.step_scale(np.abs(differences)))

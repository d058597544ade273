"""Levels of one or two commits, which are news when several series agree on them."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.detect.point_estimates import running_median
from tracker.judge import policy
from tracker.judge.environments import loops_changed
from tracker.model import Better, Change, Series, Status

_LONGEST = 2
_BEFORE = 3  # points that are the level before


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """A level of one series that lasted one or two commits; the change is the way out."""

    series: int
    change: Change
    is_worse: bool
    surroundings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One or two points of a series far from its level, by ranks among its measured points."""

    series: int
    first: int
    last: int


def find_excursions(
    series: Sequence[Series], noise: Sequence[float], taken: Mapping[int, Sequence[int]]
) -> list[tuple[Excursion, ...]]:
    """Return the excursions that more benchmarks or machines share than chance lets, by place.

    Args:
        series: of the history.
        noise: relative scale of each, NaN where unknown.
        taken: first points of the levels of each series that are changes, by its number.
    """
    runs: dict[tuple[int, bool], list[_Run]] = defaultdict(list)
    for number, one in enumerate(series):
        for position, is_worse, run in _runs_of(number, one, noise[number], taken.get(number, ())):
            runs[position, is_worse].append(run)
    commits = max((one.positions.size for one in series), default=1)
    usual = sum(map(len, runs.values())) / max(1, commits)
    shared = {
        (place, is_worse): own
        for (place, is_worse), own in runs.items()
        if _agree(series, own) and _by_chance(len(own), usual) * len(runs) <= policy.CHANCE
    }
    return [
        tuple(_excursion(series[run.series], run, is_worse=is_worse) for run in own)
        for (_, is_worse), own in sorted(shared.items())
    ]


def _agree(series: Sequence[Series], shared: Sequence[_Run]) -> bool:
    keys = [series[one.series].key for one in shared]
    benchmarks = {key.benchmark for key in keys}
    return len(benchmarks) >= policy.EXCURSION_WITNESSES or len({k.machine for k in keys}) > 1


def _by_chance(count: int, usual: float) -> float:
    """Return the chance that as many meet where so many *usual*ly do (Poisson)."""
    below = sum(math.exp(k * math.log(usual) - usual - math.lgamma(k + 1)) for k in range(count))
    return max(0.0, 1 - below)


def _runs_of(
    number: int, one: Series, noise: float, taken: Sequence[int]
) -> Iterator[tuple[int, bool, _Run]]:
    """Give the position and the direction of each run of one series."""
    (kept,) = np.isfinite(one.values).nonzero()
    values = one.values[kept]
    if values.size < policy.EXCURSION_WINDOW or not noise > 0 or values.min() <= 0:
        return
    logs = np.log(values)
    least = max(policy.EXCURSION * noise, math.log1p(max(one.metric.floor, policy.LEAST_EXCURSION)))
    if np.abs(logs[1:] - logs[:-1]).max() < least:  # quicker than the median, and most have none
        return
    away = logs - running_median(logs, policy.EXCURSION_WINDOW)
    for run in _runs(np.flatnonzero(np.abs(away) > least).tolist()):
        first, last = run[0], run[-1]
        near_change = any(abs(int(kept[first]) - index) <= _LONGEST + 1 for index in taken)
        if len(run) > _LONGEST or first == 0 or last == values.size - 1 or near_change:
            continue
        step = middle(logs[first : last + 1]) - middle(logs[max(0, first - _BEFORE) : first])
        if abs(step) >= least and (step > 0) == (away[first] > 0):
            is_worse = (step > 0) == (one.metric.better is Better.LOWER)
            yield (
                int(one.positions[kept[first]]),
                is_worse,
                _Run(series=number, first=first, last=last),
            )


def _excursion(one: Series, run: _Run, *, is_worse: bool) -> Excursion:
    kept = np.flatnonzero(np.isfinite(one.values))
    values, index = one.values[kept], int(kept[run.first])
    before = middle(values[max(0, run.first - _BEFORE) : run.first])
    after = middle(values[run.first : run.last + 1])
    since = values.size - run.first
    change = Change.at(index, before, after, status=Status.WITHDRAWN, points_since=since)
    return Excursion(
        series=run.series,
        change=change,
        is_worse=is_worse,
        surroundings=loops_changed(one, change, run.last - run.first + 1),
    )


def _runs(indices: Sequence[int]) -> Iterator[list[int]]:
    """Give the runs of neighbouring numbers."""
    run: list[int] = []
    for index in indices:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    if run:
        yield run

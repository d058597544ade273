"""Levels of one or two commits, which are news when several series agree on them."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.detect.points import running_median
from tracker.judge import policy
from tracker.judge.environments import loops_changed
from tracker.model import Better, Change, Series, Status

_LONGEST = 2
_NO_INTERVAL = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """A level of one series that lasted one or two commits; the change is the way out."""

    series: int
    change: Change
    is_worse: bool
    surroundings: tuple[str, ...]


def find_excursions(
    series: Sequence[Series], noise: Sequence[float], taken: Mapping[int, Sequence[int]]
) -> list[tuple[Excursion, ...]]:
    """Return the excursions that several benchmarks or machines share, place by place.

    Args:
        series: of the history.
        noise: relative scale of each, NaN where unknown.
        taken: first points of the levels of each series that are changes, by its number.
    """
    by_place: dict[tuple[int, bool], list[Excursion]] = defaultdict(list)
    for number, one in enumerate(series):
        for excursion in _of_series(number, one, noise[number], taken.get(number, ())):
            position = int(one.positions[excursion.change.index])
            by_place[position, excursion.is_worse].append(excursion)
    return [tuple(shared) for _, shared in sorted(by_place.items()) if _agree(series, shared)]


def _agree(series: Sequence[Series], shared: Sequence[Excursion]) -> bool:
    keys = [series[one.series].key for one in shared]
    benchmarks = {key.benchmark for key in keys}
    return len(benchmarks) >= policy.EXCURSION_WITNESSES or len({k.machine for k in keys}) > 1


def _of_series(number: int, one: Series, noise: float, taken: Sequence[int]) -> Iterator[Excursion]:
    kept = np.flatnonzero(np.isfinite(one.values))
    values = one.values[kept]
    if values.size < policy.EXCURSION_WINDOW or not noise > 0 or values.min() <= 0:
        return
    logs = np.log(values)
    away = logs - running_median(logs, policy.EXCURSION_WINDOW)
    least = max(policy.EXCURSION * noise, math.log1p(max(one.metric.floor, policy.LEAST_EXCURSION)))
    far = np.flatnonzero(np.abs(away) > least)
    for run in _runs(far.tolist()):
        first, last = run[0], run[-1]
        near_change = any(abs(int(kept[first]) - index) <= _LONGEST + 1 for index in taken)
        if len(run) > _LONGEST or first == 0 or last == values.size - 1 or near_change:
            continue
        is_up = away[first] > 0
        before = middle(values[max(0, first - policy.WINDOWS[0]) : first])
        after = middle(values[first : last + 1])
        if (after > before) != is_up or abs(math.log(after / before)) < least:
            continue
        index = int(kept[first])
        change = Change(
            index=index,
            earliest=index,
            latest=index,
            before=before,
            after=after,
            ratio=after / before,
            ratio_low=_NO_INTERVAL,
            ratio_high=_NO_INTERVAL,
            p_value=math.nan,
            status=Status.WITHDRAWN,
            points_since=values.size - first,
        )
        yield Excursion(
            series=number,
            change=change,
            is_worse=bool(is_up) == (one.metric.better is Better.LOWER),
            surroundings=loops_changed(one, change, len(run)),
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

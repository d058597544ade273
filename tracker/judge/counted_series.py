"""Counted series: their steps are facts of single commits, so no test and no control is asked."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from tracker.counts.count_changes import tolerance_of
from tracker.counts.count_steps import find_steps, uncertain
from tracker.detect.drift import Ramp
from tracker.detect.steps import Detection
from tracker.judge.candidates import Candidate
from tracker.judge.relevance import is_relevant
from tracker.model import Ints, JudgedChange, Series, Verdict
from tracker.model.counts import CountedMetric

FEWEST = 2
"""Commits at which a count must be known before anything can be told of it."""


def count_steps(series: Sequence[Series]) -> list[Candidate]:
    """Return the steps of all counted series among *series*."""
    return [
        step
        for number, one in enumerate(series)
        if one.metric.is_counted
        for step in _steps_of(number, one)
    ]


def unjudged(one: Series) -> Detection:
    """Return what a clock's judge is not asked of a counted series: nothing but its size."""
    return Detection(
        changes=(), ramps=(), noise=math.nan, correlation=0.0, points=int(_kept(one).size)
    )


def creep(one: Series, changes: Sequence[JudgedChange]) -> tuple[Ramp, ...]:
    """Return the stretch over which *changes* that do not matter add up to one that does.

    It begins at the newest change that matters, else with the series.
    """
    start, kept = 0, _kept(one)
    for number, change in enumerate(changes, 1):
        if change.verdict is not Verdict.NO_CHANGE:
            start = number
    small = [each.change for each in changes[start:]]
    if not small or min(small[0].before, small[-1].after) <= 0:
        return ()
    before, after = small[0].before, small[-1].after
    if not is_relevant(before, after, one.metric):
        return ()
    first = changes[start - 1].change.index if start else int(kept[0])
    return (Ramp(start=first, end=int(kept[-1]) + 1, rise=math.log(after / before)),)


def smallest_step(one: Series) -> float:
    """Return the relative step beyond which the next count differs, NaN where any difference does.

    That is the tolerance at the newest count.
    """
    kept = _kept(one)
    if not kept.size:
        return math.nan
    newest = uncertain(one.metric, _count(one, int(kept[-1])))
    tolerance = tolerance_of(one.metric, newest, newest)
    return tolerance / abs(newest.value) if tolerance and newest.value else math.nan


def _steps_of(number: int, one: Series) -> Iterable[Candidate]:
    kept = _kept(one)
    for step in find_steps(one.metric, [_count(one, i) for i in kept.tolist()]):
        yield Candidate(
            series=number,
            index=int(kept[step.index]),
            earliest=int(kept[step.earliest]),
            latest=int(kept[step.latest]),
            p_value=0.0,
            tolerance=step.tolerance,
        )


def _kept(one: Series) -> Ints:
    return np.flatnonzero(np.isfinite(one.values))


def _count(one: Series, i: int) -> CountedMetric:
    samples = tuple(one.samples_at(i).tolist()) or (float(one.values[i]),)
    spread = float(one.spreads[i]) if one.spreads.size else 0.0
    return CountedMetric(
        unit=one.metric.unit,
        value=min(samples),
        spread=0.0 if math.isnan(spread) else spread,
        samples=samples,
    )

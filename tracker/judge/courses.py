"""The courses of series that more is known of than they say alone, on the logarithmic scale."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.detect.policy import ROUNDING
from tracker.judge import policy
from tracker.judge.controls import Taken
from tracker.model import Floats, Ints, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The measured points of one series on the logarithmic scale, as they are judged.

    Attributes:
        pool: metric, its unit, machine, library: series of one pool share a prior.
        kept: indices of the points in the series, shape (k,).
        logs: shape (k,).
        repeat_error: typical standard error of a point by its own repeats, NaN without any.
        low, high: logarithms of the extremes of each point's repeats, shape (k,); empty without.
    """

    pool: tuple[str, str, str, str]
    kept: Ints
    logs: Floats
    repeat_error: float
    low: Floats
    high: Floats


def courses_of(series: Sequence[Series], taken: Mapping[int, Taken]) -> dict[int, Course]:
    """Return the courses of the series that more is known of than they say alone.

    These are short ones, and the libraries' metrics of one scenario.
    """
    courses = {}
    for number, one in enumerate(series):
        kept = np.flatnonzero(np.isfinite(one.values))
        is_pooled = bool(one.library) or kept.size <= policy.SHORT_SERIES
        is_pooled = is_pooled and not one.metric.is_counted
        if not is_pooled or kept.size < 2 * policy.SHORT_SIDE or one.values[kept].min() <= 0:
            continue
        logs = np.log(one.values[kept])
        if number in taken:
            logs = logs - taken[number].course[kept]
        error, low, high = _repeats(one, kept)
        courses[number] = Course(
            pool=(one.metric.name, one.metric.unit, one.key.machine, one.library),
            kept=kept,
            logs=logs,
            repeat_error=error,
            low=low,
            high=high,
        )
    return courses


def _repeats(one: Series, kept: Ints) -> tuple[float, Floats, Floats]:
    """Return the standard error of a point by its repeats, and the extremes of each point's."""
    starts, ends = one.offsets[:-1][kept], one.offsets[1:][kept]
    if not one.samples.size or (ends - starts).min() < 2 or one.samples.min() <= 0:  # noqa: PLR2004
        return math.nan, np.empty(0), np.empty(0)
    logs = np.log(one.samples)
    own = [logs[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return (
        _repeat_error(logs, one.offsets, kept),
        np.array([each.min() for each in own]),
        np.array([each.max() for each in own]),
    )


def _repeat_error(logs: Floats, offsets: Ints, kept: Ints) -> float:
    """Return the median standard error of the points *kept* by their repeats (flat *logs*)."""
    errors = []
    for i in kept.tolist():
        own = logs[offsets[i] : offsets[i + 1]]
        if own.size > 1:
            errors.append(policy.MEDIAN_ERROR * float(np.std(own, ddof=1)) / math.sqrt(own.size))
    typical = middle(np.array(errors)) if errors else math.nan
    return 0.0 if typical <= ROUNDING else typical

"""What other series know about the noise of a short one: empirical Bayes.

Smyth 2004, doi:10.2202/1544-6115.1027: the variance of a series is moderated by a prior that all
series of its metric share. Where repeats were kept, the prior of each series follows their standard
error, as many times as series of the metric show between commits: those of its machine and library
first, then all others.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.detect import noise
from tracker.judge import policy
from tracker.judge.courses import Course
from tracker.model import Floats

_METRIC = 2  # first parts of a pool that name the metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of a series' variance before its own points: value and weight in points."""

    variance: float
    freedom: float

    def moderate(self, variance: Floats, freedom: Floats) -> tuple[Floats, Floats]:
        """Return variances and degrees of freedom with this prior in them."""
        total = freedom + self.freedom
        return (self.freedom * self.variance + freedom * variance) / total, total

    def at_least(self, scale: float) -> "Prior":
        """Return this prior, or a louder one with *scale* for its standard deviation."""
        return self if scale**2 <= self.variance else replace(self, variance=scale**2)


NOTHING_KNOWN = Prior(variance=0.0, freedom=0.0)


def learn_priors(courses: Mapping[int, Course]) -> dict[int, Prior]:
    """Return the prior of each of *courses*, by its number."""
    scales = {n: float(noise.step_scale(np.abs(np.diff(c.logs)))) for n, c in courses.items()}
    metrics: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, course in courses.items():
        metrics[course.pool[:_METRIC]].append(number)
    pools: list[_Pool] = []
    for members in metrics.values():
        pools += _learn_metric({n: courses[n] for n in members}, scales)
    first = policy.PRIOR_FREEDOM
    everywhere = _drawn([spread for pool in pools for spread in pool.spreads], 2 / first, first)
    priors: dict[int, Prior] = {}
    for pool in pools:
        excess = _drawn(pool.spreads, everywhere, policy.SPREAD_SERIES)
        freedom = min(2 / excess, policy.MOST_PRIOR_FREEDOM)
        for n, guess in pool.guesses.items():
            known = Prior(variance=guess**2, freedom=freedom)
            priors[n] = known if guess > 0 else NOTHING_KNOWN
    return priors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Series of one metric, machine and library.

    Attributes:
        guesses: scales that others suggest, 0 when they say nothing, by number.
        spreads: what the squared distance of each series' logarithm of variance from the middle of
            them is beyond that of its estimate: 2 over the prior's degrees of freedom, about.
    """

    guesses: Mapping[int, float]
    spreads: Sequence[float]


def _learn_metric(courses: Mapping[int, Course], scales: Mapping[int, float]) -> list[_Pool]:
    """Return the pools of one metric."""
    known = {n: c for n, c in courses.items() if c.logs.size >= 2 * policy.SIDE and scales[n] > 0}
    logs = {n: math.log(scales[n]) + 1 / (c.logs.size - 1) for n, c in known.items()}
    everywhere = _factor(math.log(policy.REPEATS_FACTOR), known, logs)
    members: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, course in courses.items():
        members[course.pool].append(number)
    pools = []
    for numbers in members.values():
        told = {n: known[n] for n in numbers if n in known}
        factor = math.exp(max(0.0, _factor(everywhere, told, logs)))
        guesses = {n: _guess(n, courses, logs, factor) for n in numbers}
        pools.append(_Pool(guesses=guesses, spreads=_spreads(told, logs, guesses)))
    return pools


def _spreads(
    told: Mapping[int, Course], logs: Mapping[int, float], guesses: Mapping[int, float]
) -> list[float]:
    """Return the spreads of a pool, one fewer than it has series."""
    numbers = [n for n in told if guesses[n] > 0]
    if len(numbers) < 2:  # noqa: PLR2004 - one alone has no spread
        return []
    away = np.array([2 * (logs[n] - math.log(guesses[n])) for n in numbers])
    own = np.array([policy.QUANTILES_WORTH * (told[n].logs.size - 1) for n in numbers])
    excess = float(np.var(away, ddof=1) - np.mean(2 / own))
    return [excess] * (len(numbers) - 1)


def _drawn(seen: Sequence[float], start: float, weight: float) -> float:
    """Return the mean of what was *seen*, drawn to *start*, the more the less that is."""
    return (max(0.0, sum(seen)) + weight * start) / (len(seen) + weight)


def _factor(start: float, told: Mapping[int, Course], logs: Mapping[int, float]) -> float:
    """Return the logarithm of the noise between commits over the repeats' standard error.

    What the series *told* show is drawn to *start*, the more the fewer there are.
    """
    seen = [logs[n] - math.log(c.repeat_error) for n, c in told.items() if c.repeat_error > 0]
    weight = policy.FACTOR_SERIES
    return (sum(seen) + weight * start) / (len(seen) + weight)


def _guess(
    number: int, courses: Mapping[int, Course], logs: Mapping[int, float], factor: float
) -> float:
    """Return the scale that others suggest for one series, 0 when they say nothing."""
    if courses[number].repeat_error > 0:
        return factor * courses[number].repeat_error
    others = [log for n, log in logs.items() if n != number]
    return math.exp(sum(others) / len(others)) if len(others) > 1 else 0.0

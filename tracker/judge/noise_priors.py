"""What other series know about the noise of a short one: empirical Bayes.

Smyth 2004, doi:10.2202/1544-6115.1027: the variance of a series is moderated by a prior that all
series of its metric share. Where repeats were kept, the prior of each series follows their standard
error, as many times as series of the metric show between commits.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.detect import noise
from tracker.detect.density import middle
from tracker.detect.policy import ROUNDING
from tracker.judge import policy
from tracker.model import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The measured points of one series on the logarithmic scale, as they are judged.

    Attributes:
        pool: metric; series of one pool share a prior.
        kept: indices of the points in the series, shape (k,).
        logs: shape (k,).
        repeat_error: typical standard error of a point by its own repeats, NaN without any.
        low, high: logarithms of the extremes of each point's repeats, shape (k,); empty without.
    """

    pool: tuple[str, str]
    kept: Ints
    logs: Floats
    repeat_error: float
    low: Floats
    high: Floats


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


def repeat_error(logs: Floats, offsets: Ints, kept: Ints) -> float:
    """Return the median standard error of the points *kept* by their repeats (flat *logs*)."""
    errors = []
    for i in kept.tolist():
        own = logs[offsets[i] : offsets[i + 1]]
        if own.size > 1:
            errors.append(policy.MEDIAN_ERROR * float(np.std(own, ddof=1)) / math.sqrt(own.size))
    typical = middle(np.array(errors)) if errors else math.nan
    return 0.0 if typical <= ROUNDING else typical


def learn_priors(courses: Mapping[int, Course]) -> dict[int, Prior]:
    """Return the prior of each of *courses*, by its number."""
    pools: dict[tuple[str, str], list[int]] = defaultdict(list)
    scales = {}
    for number, course in courses.items():
        scales[number] = float(noise.step_scale(np.abs(np.diff(course.logs))))
        pools[course.pool].append(number)
    priors: dict[int, Prior] = {}
    for members in pools.values():
        priors |= _learn_pool({n: courses[n] for n in members}, scales)
    return priors


def _learn_pool(courses: Mapping[int, Course], scales: Mapping[int, float]) -> dict[int, Prior]:
    sources = {n: c for n, c in courses.items() if c.logs.size >= 2 * policy.SIDE and scales[n] > 0}
    factor = _repeats_factor(sources, scales)
    guesses = {n: _guess(n, courses, sources, scales, factor) for n in courses}
    guessed = [n for n in sources if guesses[n] > 0]
    freedom = policy.PRIOR_FREEDOM
    if len(guessed) >= policy.MANY_SERIES:
        away = [2 * math.log(scales[n] / guesses[n]) for n in guessed]
        own = [policy.QUANTILES_WORTH * (courses[n].logs.size - 1) for n in guessed]
        freedom = max(freedom, _prior_freedom(away, own))
    return {
        n: Prior(variance=guess**2, freedom=freedom) if guess > 0 else NOTHING_KNOWN
        for n, guess in guesses.items()
    }


def _repeats_factor(sources: Mapping[int, Course], scales: Mapping[int, float]) -> float:
    """Return the noise between commits over the repeats' standard error, never below twice."""
    start = math.log(policy.REPEATS_FACTOR)
    logs = [math.log(scales[n] / c.repeat_error) for n, c in sources.items() if c.repeat_error > 0]
    weight = policy.PRIOR_FREEDOM
    return max(2.0, math.exp((sum(logs) + weight * start) / (len(logs) + weight)))


def _guess(
    number: int,
    courses: Mapping[int, Course],
    sources: Mapping[int, Course],
    scales: Mapping[int, float],
    factor: float,
) -> float:
    """Return the scale that others suggest for one series, 0 when they say nothing."""
    if courses[number].repeat_error > 0:
        return factor * courses[number].repeat_error
    others = [scales[n] for n in sources if n != number]
    return math.exp(sum(map(math.log, others)) / len(others)) if len(others) > 1 else 0.0


def _prior_freedom(away: Sequence[float], own: Sequence[float]) -> float:
    """Return the prior's degrees of freedom from how far variances lie from their guesses.

    Method of moments; the variance of the logarithm of a variance is about 2 over its freedom.
    """
    centre = middle(np.array(away))
    spread = (1.4826 * middle(np.abs(np.array(away) - centre))) ** 2
    excess = spread - 2 / middle(np.array(own))
    return policy.MOST_PRIOR_FREEDOM if excess <= 0 else min(2 / excess, policy.MOST_PRIOR_FREEDOM)

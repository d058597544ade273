"""How strongly two neighbouring stretches of a series say that their levels differ."""

import math

import numpy as np

from tracker.detect import policy
from tracker.detect.density import Density, far_apart, middle
from tracker.detect.noise import Noise
from tracker.model import Floats


def p_value(x: Floats, cut: int, noise: Noise, density: Density) -> float:
    """Return the two-sided p-value of "the points before *cut* and from it on have one level".

    The likelihood ratio of two levels against one, divided by what correlation adds to the
    variance of their difference, read as the square of Student's t. With a normal density and
    no correlation this is the t-test.
    """
    first, second = middle(x[:cut]), middle(x[cut:])
    n, m = cut, x.size - cut
    if far_apart(first, second, noise.scale):
        ratio = ((first - second) / noise.scale) ** 2 / (1 / n + 1 / m)
    else:
        origin = min(first, second)
        last = int(abs(first - second) / (noise.scale * policy.DENSITY_STEP))
        left, right = density.profiles(x, cut, origin, last)
        apart = np.maximum.reduce(left) + np.maximum.reduce(right)
        ratio = 2 * float(apart - np.maximum.reduce(left + right))
    ratio *= (1 / n + 1 / m) / mean_difference_variance(n, m, noise.correlation)
    freedom = max(1, min(policy.MAX_FREEDOM, n + m - 2))
    return student_two_sided(math.sqrt(max(ratio, 0.0)), freedom)


def mean_difference_variance(n: int, m: int, correlation: float) -> float:
    """Variance of mean(m points) - mean(the n points before), in units of one point's variance.

    Exact for a first-order autoregressive process.
    """
    r = correlation
    if r <= 0:
        return 1 / n + 1 / m

    def of_mean(k: int) -> float:
        return (1 + 2 * r / (1 - r) * (1 - (1 - r**k) / (k * (1 - r)))) / k

    shared = r * (1 - r**n) * (1 - r**m) / ((1 - r) ** 2 * n * m)
    return of_mean(n) + of_mean(m) - 2 * shared


def student_two_sided(t: float, freedom: int) -> float:
    """P(|T| > t) of Student's t with whole degrees of freedom, by its finite series.

    Abramowitz & Stegun 26.7.3 and 26.7.4. Importing scipy.stats for this one number would cost
    more than judging a thousand series. Differences below 1e-15 are lost, so p stops there.
    """
    angle = math.atan(t / math.sqrt(freedom))
    cos2 = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cos2 * (k - 1) / k
        total += term
    inside = math.sin(angle) * total
    if odd:
        inside = 2 / math.pi * (angle + inside)
    return max(1 - inside, 1e-15)


def limit(before: int, after: int, n: int, *, first: bool, last: bool) -> float:
    """Return the largest p-value with which a change may stay.

    Args:
        before: points of the level before.
        after: points of the level after.
        n: points of the series.
        first: whether the level before is the first of the series.
        last: whether the level after is the newest.
    """
    shortest = policy.MIN_LEVEL - 1 if last else policy.MIN_LEVEL
    if before < policy.MIN_LEVEL or after < shortest:
        return 0.0
    most = policy.FALSE_CHANGES / n
    excursion = (not first and before <= policy.SHORT_LEVEL) or (
        not last and after <= policy.SHORT_LEVEL
    )
    if excursion or (last and after < policy.MIN_LEVEL):
        return most / policy.SHORT_LEVEL_FACTOR
    if not last or after > policy.LATER_POINTS:
        return most
    return most * (policy.NEWEST_FACTOR if after <= policy.SHORT_LEVEL else policy.LATER_FACTOR)

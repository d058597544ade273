"""The distribution of Hotelling's statistic, which says whether several series moved together.

Importing scipy.special for this one number would take a quarter of a second.
"""

import math

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 500


def beyond(statistic: float, series: int, freedom: float) -> float:
    """Return P(T² > *statistic*) of so many *series* whose covariance has *freedom* degrees.

    T² is F-distributed but for a factor (Hotelling 1931, doi:10.1214/aoms/1177732979), and F is
    known by the incomplete beta function (NIST DLMF 8.17.22, https://dlmf.nist.gov/8.17#v).
    """
    rest = freedom - series + 1
    if rest <= 0:
        return 1.0
    return _beta(rest / 2, series / 2, freedom / (freedom + statistic))


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularized incomplete beta function, 0 < x <= 1."""
    if x >= 1:
        return 1.0
    factor = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return factor * _fraction(a, b, x) / a
    return 1 - factor * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction, by Lentz's method (1976, doi:10.1364/AO.15.000668)."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            c, d = _away(1 + term / c), 1 / _away(1 + term * d)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _away(number: float) -> float:
    """Keep a divisor off zero."""
    return number if abs(number) > _TINY else _TINY

"""The upper tail of the F distribution, by the continued fraction of the incomplete beta function.

scipy has it, but importing `scipy.special` takes longer than judging a thousand series.
"""

import math

_TERMS = 10_000  # far more than any arguments here need; some dozens is usual
_ENOUGH = 1e-15
_TINY = 1e-300


def f_tail(statistic: float, numerator: float, denominator: float) -> float:
    """P(F > *statistic*), F with so many degrees of freedom (both positive, not always whole)."""
    if statistic <= 0:
        return 1.0
    odds = numerator * statistic / denominator
    return _beta_ratio(1 / (1 + odds), odds / (1 + odds), denominator / 2, numerator / 2)


def _beta_ratio(x: float, rest: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b); *rest* is 1 - x."""
    if x <= 0 or rest <= 0:
        return float(x > 0)
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, the other tail's does not
        return 1 - _beta_ratio(rest, x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    )
    return front / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of DLMF 8.17.22, by Lentz's method (Numerical Recipes, 5.2)."""
    value = numerator = 1.0
    denominator = 0.0
    for term in range(1, _TERMS):
        m, is_odd = divmod(term, 2)
        if is_odd:
            factor = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        denominator = 1 / ((1 + factor * denominator) or _TINY)
        numerator = (1 + factor / numerator) or _TINY
        change = numerator * denominator
        value *= change
        if abs(change - 1) < _ENOUGH:
            break
    return value

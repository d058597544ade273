"""How much a series varies from commit to commit, measured so that steps do not inflate it."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.detect import policy
from tracker.model import Floats

# Two quantiles of |difference|, and where they lie for a normal law of scale 1.
_MIDDLE, _MIDDLE_AT = 0.5, 0.6744897501960817
_UPPER, _UPPER_AT = 0.8, 1.2815515655446004
_FAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The noise of one series.

    Attributes:
        scale: standard deviation of one point, on the judged scale.
        correlation: of neighbouring points, in 0..MAX_CORRELATION.
    """

    scale: float
    correlation: float

    @property
    def inflation(self) -> float:
        """Factor on the variance of a long mean that the correlation causes."""
        return (1 + self.correlation) / (1 - self.correlation)


def step_scale(differences: Floats) -> float:
    """Return the noise scale from absolute differences of two points each.

    The mean of two quantiles: the median alone is blind to a second mode, and the upper one
    alone to how narrow the first is.
    """
    m = differences.size
    if m == 0:
        return 0.0
    middle, upper = int(_MIDDLE * (m - 1)), int(_UPPER * (m - 1))
    part = np.partition(differences, (middle, upper))
    at = float(part[middle]) / _MIDDLE_AT + float(part[upper]) / _UPPER_AT
    return at / 2 / math.sqrt(2)


def measure(x: Floats) -> Noise:
    """Return the noise of *x*; the scale is zero only when all points are equal."""
    near = step_scale(np.abs(x[1:] - x[:-1]))
    if near <= 0:
        # Most neighbours are equal: a clock too coarse, or constant stretches with steps.
        near = float(np.std(np.diff(x))) / math.sqrt(2)
    rho = _correlation(x, near)
    return Noise(scale=near / math.sqrt(1 - rho), correlation=rho)


def _correlation(x: Floats, near: float) -> float:
    """Lag-1 correlation, shrunk to the prior.

    For a first-order process the mean squared differences at lags 1 and 3 are as (1 - r) to
    (1 - r**3), so their ratio is 1 + r + r**2. Differences see a step only where they straddle
    it; large ones are cut, so that neither steps nor outliers count for more than any other.
    """
    n, prior = x.size, policy.CORRELATION_PRIOR
    if n < 4 * _FAR or near <= 0:
        return prior
    most = (policy.DIFFERENCE_REACH * near) ** 2 * 2
    close = float(np.minimum((x[1:] - x[:-1]) ** 2, most).mean())
    far = float(np.minimum((x[_FAR:] - x[:-_FAR]) ** 2, most).mean())
    excess = min(far / close, 1 + 2 * policy.MAX_CORRELATION + 1) - 1 if close > 0 else 0.0
    root = (math.sqrt(1 + 4 * excess) - 1) / 2 if excess > 0 else 0.0
    weight = policy.CORRELATION_PRIOR_POINTS
    return (min(root, policy.MAX_CORRELATION) * n + prior * weight) / (n + weight)

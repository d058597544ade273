"""How much a series varies from commit to commit, measured so that steps do not inflate it."""

import math
from dataclasses import dataclass, replace
from typing import Self

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

    def sharpened(self, information: float) -> Self:
        """Return the noise of what each point says of the level, given the Fisher information."""
        return replace(self, scale=self.scale / math.sqrt(information))


def step_scale(differences: Floats) -> Floats:
    """Return the noise scale from absolute differences of two points each, 0 for mere rounding.

    The mean of two quantiles: the median alone is blind to a second mode, and the upper one
    alone to how narrow the first is.

    Args:
        differences: shape (..., m); there is one scale for each row.
    """
    m = differences.shape[-1]
    if m == 0:
        return np.zeros(differences.shape[:-1])
    middle, upper = int(_MIDDLE * (m - 1)), int(_UPPER * (m - 1))
    part = np.partition(differences, (middle, upper), axis=-1)
    at = part[..., middle] / _MIDDLE_AT + part[..., upper] / _UPPER_AT
    scale = at / 2 / math.sqrt(2)
    return np.where(scale > policy.ROUNDING, scale, 0.0)


def measure(x: Floats) -> list[Noise]:
    """Return the noise of each row of *x*; a scale is zero only when all its points are equal.

    What differs by no more than rounding is equal.
    """
    near = step_scale(np.abs(x[:, 1:] - x[:, :-1]))
    for i in np.flatnonzero(near <= 0):
        # Most neighbours are equal: a clock too coarse, or constant stretches with steps.
        uneven = np.std(np.diff(x[i])) / math.sqrt(2)
        near[i] = uneven if np.ptp(x[i]) > policy.ROUNDING else 0.0
    scales = near.tolist()
    most = np.array([(policy.DIFFERENCE_REACH * scale) ** 2 * 2 for scale in scales])[:, None]
    close = np.minimum((x[:, 1:] - x[:, :-1]) ** 2, most).mean(axis=1)
    far = np.minimum((x[:, _FAR:] - x[:, :-_FAR]) ** 2, most).mean(axis=1)
    measured = zip(scales, close.tolist(), far.tolist(), strict=True)
    return [_noise(*one, n=x.shape[1]) for one in measured]


def _noise(near: float, close: float, far: float, *, n: int) -> Noise:
    """Return the noise of *n* points with the step scale *near*.

    *close* and *far* are mean squared differences at lags 1 and 3, large ones cut.
    """
    rho = policy.CORRELATION_PRIOR
    if n >= 4 * _FAR and near > 0:
        rho = _correlation(far / close if close > 0 else 1.0, n)
    return Noise(scale=near / math.sqrt(1 - rho), correlation=rho)


def _correlation(far_over_close: float, n: int) -> float:
    """Lag-1 correlation, shrunk to the prior.

    For a first-order process the mean squared differences at lags 1 and 3 are as (1 - r) to
    (1 - r**3), so their ratio is 1 + r + r**2. Differences see a step only where they straddle
    it; large ones are cut, so that neither steps nor outliers count for more than any other.
    """
    prior, weight = policy.CORRELATION_PRIOR, policy.CORRELATION_PRIOR_POINTS
    excess = min(far_over_close, 1 + 2 * policy.MAX_CORRELATION + 1) - 1
    root = (math.sqrt(1 + 4 * excess) - 1) / 2 if excess > 0 else 0.0
    return (min(root, policy.MAX_CORRELATION) * n + prior * weight) / (n + weight)

"""The shape of a series' own noise, as a table of log densities.

A density learnt from the residuals makes the likelihood fit whatever noise there is: two modes,
a long tail to one side, heavy tails to both. This is adaptive estimation of location (Stone 1975,
doi:10.1214/aos/1176343056); with few points the table stays near Student's t of 4 degrees.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from tracker.detect import policy
from tracker.model import Floats, Ints

_HALF = round(policy.DENSITY_REACH / policy.DENSITY_STEP)
_GRID = np.arange(-_HALF, _HALF + 1) * policy.DENSITY_STEP
_STUDENT = 0.375 * (1 + _GRID**2 / 4) ** -2.5
_BELL = np.exp(
    -0.5 * (_GRID[np.abs(_GRID) <= 4 * policy.DENSITY_BANDWIDTH] / policy.DENSITY_BANDWIDTH) ** 2
)
_KERNEL = _BELL / _BELL.sum() / policy.DENSITY_STEP


@dataclass(frozen=True, slots=True)
class Density:
    """Log density of residuals, in bins of DENSITY_STEP noise scales around zero."""

    table: Floats
    scale: float

    def log_at(self, x: Floats, level: float) -> Floats:
        """Log density of the points *x* around *level*."""
        found: Floats = self.table[_bins((x - level) / self.scale)]
        return found

    def profile(self, x: Floats, origin: float, last: int) -> Floats:
        """Log likelihood of *x* for the levels origin + i steps, i = -15 .. last + 15."""
        margin = round(1.5 / policy.DENSITY_STEP)
        shifts = np.arange(-margin, last + margin + 1)
        bins = np.rint((x - origin) / (self.scale * policy.DENSITY_STEP))
        index = np.minimum(np.maximum(bins - shifts[:, None], -_HALF), _HALF).astype(np.int64)
        total: Floats = self.table[index + _HALF].sum(axis=1)
        return total


def learn(x: Floats, cuts: list[int], scale: float) -> Density:
    """Return the density of the residuals of *x* around the medians of its segments."""
    residuals = x.copy()
    edges = [0, *cuts, x.size]
    for start, end in itertools.pairwise(edges):
        residuals[start:end] -= middle(x[start:end])
    counts = np.bincount(_bins(residuals / scale), minlength=_GRID.size)
    prior = policy.DENSITY_PRIOR_POINTS
    smooth = np.convolve(counts, _KERNEL, mode="same")
    return Density(np.log((smooth + prior * _STUDENT) / (x.size + prior)), scale)


def middle(x: Floats) -> float:
    """Median; np.median without its overhead, which counts on many short segments."""
    half = x.size // 2
    if x.size % 2:
        return float(np.partition(x, half)[half])
    part = np.partition(x, (half - 1, half))
    return float(part[half - 1] + part[half]) / 2


def _bins(units: Floats) -> Ints:
    bins = np.rint(units * (1 / policy.DENSITY_STEP))
    index: Ints = np.minimum(np.maximum(bins, -_HALF), _HALF).astype(np.int64) + _HALF
    return index


def far_apart(first: float, second: float, scale: float) -> bool:
    """Whether two levels are too far apart for the table, and so for any doubt."""
    return math.fabs(first - second) > (policy.DENSITY_REACH - 3) * scale

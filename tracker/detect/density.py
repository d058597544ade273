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
# Arrays, since numpy would convert plain numbers anew each time, at the cost of what is done.
_FIRST, _MIDDLE, _LAST = np.array(0.0), np.array(float(_HALF)), np.array(2.0 * _HALF)
_GRID = np.arange(-_HALF, _HALF + 1) * policy.DENSITY_STEP
_PRIOR = policy.DENSITY_PRIOR_POINTS * (0.375 * (1 + _GRID**2 / 4) ** -2.5)  # Student's t
_BELL = np.exp(
    -0.5 * (_GRID[np.abs(_GRID) <= 4 * policy.DENSITY_BANDWIDTH] / policy.DENSITY_BANDWIDTH) ** 2
)
_MARGIN = round(1.5 / policy.DENSITY_STEP)  # a best level is this near to one of the medians
_KERNEL = _BELL / _BELL.sum() / policy.DENSITY_STEP


@dataclass(frozen=True, slots=True)
class Density:
    """Log density of residuals, in bins of DENSITY_STEP noise scales around zero."""

    table: Floats
    wide: Floats  # the table, its ends repeated, so that levels can be shifted
    scale: float

    def log_at(self, x: Floats, levels: Floats) -> Floats:
        """Log density of the points *x* around each of *levels*, a column; one row for each."""
        found: Floats = self.table[_bins((x - levels) / self.scale)]
        return found

    def scores(self, rest: Floats) -> tuple[float, Floats]:
        """Return the Fisher information and the score of each of the residuals *rest*.

        Both are in units of the noise scale: the information is 1 for a normal density, and the
        score is minus the slope of the log density.
        """
        slope = self._slope()
        information = float(np.exp(self.table) @ slope**2) * policy.DENSITY_STEP
        return information, -slope[_bins(rest / self.scale)]

    def _slope(self) -> Floats:
        """Central differences, one-sided at the ends: np.gradient for what is called this often."""
        slope = np.empty_like(self.table)
        np.subtract(self.table[2:], self.table[:-2], out=slope[1:-1])
        slope[1:-1] /= 2 * policy.DENSITY_STEP
        slope[0] = (self.table[1] - self.table[0]) / policy.DENSITY_STEP
        slope[-1] = (self.table[-1] - self.table[-2]) / policy.DENSITY_STEP
        return slope

    def profiles(self, x: Floats, cut: int, origin: float, last: int) -> tuple[Floats, Floats]:
        """Log likelihoods of the points before *cut*, and of those from it on, for many levels.

        They go in steps from 15 above origin + last steps down to 15 below the origin.
        """
        bins = _bins((x - origin) / self.scale)
        return self._profile(bins[:cut], last), self._profile(bins[cut:], last)

    def _profile(self, bins: Ints, last: int) -> Floats:
        """The sum over points is a correlation of their histogram with the table."""
        low = int(np.minimum.reduce(bins))
        counts = np.bincount(bins)[low:]
        start = low - last - _MARGIN + _HALF
        stop = low + counts.size + _MARGIN + _HALF
        likelihood: Floats = np.correlate(self.wide[start:stop], counts, mode="valid")
        return likelihood


def learn(rest: Floats, scale: float) -> Density:
    """Return the density of the residuals *rest*, in bins of the noise *scale*."""
    counts = np.bincount(_bins(rest / scale), minlength=_GRID.size)
    smooth = np.correlate(counts, _KERNEL, mode="same")  # which is symmetric
    wide = np.empty(_GRID.size + 2 * _HALF)
    table = wide[_HALF:-_HALF]
    np.log((smooth + _PRIOR) / (rest.size + policy.DENSITY_PRIOR_POINTS), out=table)
    wide[:_HALF], wide[-_HALF:] = table[0], table[-1]
    return Density(table, wide, scale)


def residuals(x: Floats, cuts: list[int]) -> Floats:
    """Return *x* less the medians of its segments."""
    rest = x.copy()
    edges = [0, *cuts, x.size]
    for start, end in itertools.pairwise(edges):
        rest[start:end] -= middle(x[start:end])
    return rest


def middle(x: Floats) -> float:
    """Median; np.median without its overhead, which counts on many short segments."""
    half, ordered = x.size // 2, x.copy()
    ordered.sort()
    if x.size % 2:
        return float(ordered[half])
    return (float(ordered[half - 1]) + float(ordered[half])) / 2


def _bins(units: Floats) -> Ints:
    bins = units * (1 / policy.DENSITY_STEP)
    np.rint(bins, out=bins)
    bins += _MIDDLE
    np.maximum(bins, _FIRST, out=bins)
    np.minimum(bins, _LAST, out=bins)
    index: Ints = bins.astype(np.int64)
    return index


def far_apart(first: float, second: float, scale: float) -> bool:
    """Whether two levels are too far apart for the table, and so for any doubt."""
    return math.fabs(first - second) > (policy.DENSITY_REACH - 3) * scale

"""How well a step at some place, of some size, in some noise, explains one round.

Every round has a level of its own, which is integrated out: a machine that drifts from round to
round says nothing of a commit. A value is the level, plus the step where its commit has it, plus
noise: normal, or with a small probability disturbed and of any size (a Cauchy tail), so that no
single measurement ever proves anything (Tukey 1960 on contaminated normal distributions). Neither
the size of the step nor the scale of the noise is known: both are summed over on a grid.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tracker.model import Floats
from tracker.search.rounds import Round

# Values of the grid: sizes of the step, scales of the noise, levels of a round.
SIZES, SCALES, LEVELS = 15, 9, 96
# What a few pairs say of the step and of the noise may be off by these factors.
LEAST_SIZE, MOST_SIZE = 0.2, 2.5
SCALE_RANGE = 4.0
# A step of more scales than this is as clear as one of this many.
CLEAREST = 12.0
# Scale of the disturbed values, in scales of the noise.
DISTURBED = 4.0
# Values further out than this many scales beyond both levels count as if they were there.
CLIP = 6.0
# A scale below this is rounding (log units).
TINIEST = 1e-9
# Shares of the whole step that the first of two steps may have.
SHARES = (0.25, 0.5, 0.75)
_SHARES = (0.0, *SHARES, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Sizes and scales that are taken for possible, and how likely each pair is beforehand.

    Attributes:
        step: size of the step between the ends, a first estimate.
        scale: standard deviation of one undisturbed measurement, likewise.
        sizes: shape (SIZES,).
        scales: shape (SCALES,).
        outliers: share of the disturbed values.
    """

    step: float
    scale: float
    sizes: tuple[float, ...]
    scales: tuple[float, ...]
    outliers: float

    @property
    def log_prior(self) -> Floats:
        """Shape (SIZES, SCALES): a Cauchy density over the size in units of the scale."""
        sizes, scales = np.array(self.sizes)[:, None], np.array(self.scales)[None, :]
        spacing = np.abs(np.gradient(self.sizes))[:, None]
        logs: Floats = np.log(spacing / (math.pi * scales * (1 + (sizes / scales) ** 2)))
        return logs - math.log(len(self.scales))


def grid_of(differences: Floats, outliers: float) -> Grid:
    """The grid around what *differences* (bad end minus good end, one a round) say."""
    step = float(np.median(differences))
    away = np.abs(differences - step)
    spread = max(1.4826 * float(np.median(away)), 0.75 * float(away.mean())) / math.sqrt(2)
    scale = max(spread, abs(step) / CLEAREST, TINIEST)
    return Grid(
        step=step,
        scale=scale,
        sizes=tuple((step * np.geomspace(LEAST_SIZE, MOST_SIZE, SIZES)).tolist()),
        scales=tuple((scale * np.geomspace(1 / SCALE_RANGE, SCALE_RANGE, SCALES)).tolist()),
        outliers=outliers,
    )


type Pattern = tuple[float, ...]
"""For each measurement of a round: which share of the step its commit has."""


class RoundTable:
    """The likelihoods of one round, each computed when it is first asked for."""

    def __init__(self, measured: Round, grid: Grid) -> None:
        """Prepare the density of every value at every level."""
        self._densities = _densities(measured.values, grid)
        self._known: dict[Pattern, Floats] = {}

    def log_likelihood(self, pattern: Pattern) -> Floats:
        """Shape (SIZES, SCALES), up to a constant that no hypothesis changes."""
        if pattern not in self._known:
            shares = [_SHARES.index(share) for share in pattern]
            total = self._densities[np.arange(len(pattern)), shares].sum(axis=0)
            most = total.max(axis=-1, keepdims=True)
            self._known[pattern] = most[..., 0] + np.log(np.exp(total - most).sum(axis=-1))
        return self._known[pattern]


@lru_cache(maxsize=512)
def table_of(measured: Round, grid: Grid) -> RoundTable:
    """The likelihoods of *measured*: a search asks for those of all rounds after each round."""
    return RoundTable(measured, grid)


def _densities(values: tuple[float, ...], grid: Grid) -> Floats:
    """Shape (values, shares, SIZES, SCALES, LEVELS): log density of each value."""
    around = float(np.median(values))
    reach = abs(grid.step) + CLIP * grid.scale
    clipped = np.clip(values, around - reach, around + reach)
    margin = MOST_SIZE * abs(grid.step) + 2 * grid.scale
    levels = np.linspace(clipped.min() - margin, clipped.max() + margin, LEVELS)
    sizes, scales = np.array(grid.sizes), np.array(grid.scales)
    means = np.multiply.outer(_SHARES, sizes)[..., None] + levels
    away = np.abs(clipped[:, None, None, None] - means)[:, :, :, None, :]
    z = away / scales[:, None]
    calm = (1 - grid.outliers) / math.sqrt(2 * math.pi) * np.exp(-0.5 * z**2)
    disturbed = grid.outliers / (math.pi * DISTURBED) / (1 + (z / DISTURBED) ** 2)
    table: Floats = np.log((calm + disturbed) / scales[:, None])
    return table

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
SIZES, SCALES, LEVELS = 13, 7, 96
# The scales go from the estimate over this to the estimate times this: a few pairs of rounds tell
# a spread no better.
SCALE_RANGE = 2.5
# The sizes reach this many standard errors to both sides.
SIZE_REACH = 4.0
# A step of more scales than this is as clear as one of this many.
CLEAREST = 12.0
# Scale of the disturbed values, in scales of the noise.
DISTURBED = 4.0
# Values further out than this many scales beyond both levels count as if they were there.
CLIP = 6.0
# Shares of the whole step that the first of two steps may have.
SHARES = (0.25, 0.5, 0.75)


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
        spacing = (self.sizes[-1] - self.sizes[0]) / (SIZES - 1)
        density = spacing / (math.pi * scales * (1 + (sizes / scales) ** 2))
        return np.log(density / len(self.scales))


def grid_of(differences: Floats, outliers: float) -> Grid:
    """The grid around what *differences* (bad end minus good end, one a round) say."""
    step = float(np.median(differences))
    spread = 1.4826 * float(np.median(np.abs(differences - step))) / math.sqrt(2)
    scale = max(spread, abs(step) / CLEAREST, 1e-9)
    reach = SIZE_REACH * scale * math.sqrt(math.pi / len(differences))
    return Grid(
        step=step,
        scale=scale,
        sizes=tuple(np.linspace(step - reach, step + reach, SIZES).tolist()),
        scales=tuple(np.geomspace(scale / SCALE_RANGE, scale * SCALE_RANGE, SCALES).tolist()),
        outliers=outliers,
    )


type Pattern = tuple[float, ...]
"""For each measurement of a round: which share of the step its commit has."""


@lru_cache(maxsize=200_000)
def log_likelihood(measured: Round, pattern: Pattern, grid: Grid) -> Floats:
    """Shape (SIZES, SCALES): of one round, up to a constant that no hypothesis changes."""
    table = _densities(measured.values, grid)
    total = sum(
        (table[j, _shares().index(share)] for j, share in enumerate(pattern)),
        start=np.zeros(table.shape[2:]),
    )
    most = total.max(axis=-1, keepdims=True)
    summed: Floats = most[..., 0] + np.log(np.exp(total - most).sum(axis=-1))
    return summed


def _shares() -> tuple[float, ...]:
    return (0.0, *SHARES, 1.0)


@lru_cache(maxsize=8_192)
def _densities(values: tuple[float, ...], grid: Grid) -> Floats:
    """Shape (values, shares, SIZES, SCALES, LEVELS): log density of each value."""
    around = float(np.median(values))
    reach = abs(grid.step) + CLIP * grid.scale
    clipped = np.clip(values, around - reach, around + reach)
    margin = abs(grid.step) + 2 * grid.scale
    levels = np.linspace(clipped.min() - margin, clipped.max() + margin, LEVELS)
    shares = np.array(_shares())
    sizes, scales = np.array(grid.sizes), np.array(grid.scales)
    means = shares[:, None, None] * sizes[None, :, None] + levels[None, None, :]
    away = np.abs(clipped[:, None, None, None] - means[None])[:, :, :, None, :]
    z = away / scales[None, None, None, :, None]
    w = grid.outliers
    calm = (1 - w) / math.sqrt(2 * math.pi) * np.exp(-0.5 * z**2)
    disturbed = w / (math.pi * DISTURBED) / (1 + (z / DISTURBED) ** 2)
    table: Floats = np.log((calm + disturbed) / scales[None, None, None, :, None])
    return table

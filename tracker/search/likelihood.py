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

from tracker.model import Floats, Ints
from tracker.search.rounds import Round

# Values of the grid: sizes of the step, scales of the noise, levels of a round.
SIZES, SCALES, LEVELS = 11, 7, 64
# What a few pairs say of the step and of the noise may be off by these factors.
LEAST_SIZE, MOST_SIZE = 0.25, 2.0
SCALE_RANGE = 3.0
# A step of more scales than this is as clear as one of this many.
CLEAREST = 12.0
# Scale of the disturbed values, in scales of the noise.
DISTURBED = 4.0
# Values further out than this many scales beyond both levels count as if they were there.
CLIP = 6.0
# Estimates are rounded to powers of this.
COARSENESS = 1.25
# A scale below this is rounding (log units).
TINIEST = 1e-9
# Shares of the whole step that the first of two steps may have.
SHARES = (1 / 3, 2 / 3)


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
    scale = _rounded(max(spread, abs(step) / CLEAREST, TINIEST))
    step = math.copysign(_rounded(max(abs(step), TINIEST)), step)
    return Grid(
        step=step,
        scale=scale,
        sizes=tuple((step * np.geomspace(LEAST_SIZE, MOST_SIZE, SIZES)).tolist()),
        scales=tuple((scale * np.geomspace(1 / SCALE_RANGE, SCALE_RANGE, SCALES)).tolist()),
        outliers=outliers,
    )


def _rounded(value: float) -> float:
    """To a power of COARSENESS: a grid that stays the same needs no table anew."""
    return float(COARSENESS ** round(math.log(value, COARSENESS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTable:
    """The likelihoods of one round, logarithms up to a constant that no hypothesis changes.

    Attributes:
        places: the p positions measured, ascending, each once.
        one: shape (p + 1, SIZES, SCALES), of one step: entry i: it is between places i - 1 and i;
            the last one: no place has it.
        two: shape (SHARES, p + 1, p + 1, SIZES, SCALES), of two steps: entry s, i, j with i <= j:
            from place i on a share of the whole step, from place j on all of it.
    """

    places: Ints
    one: Floats
    two: Floats


@lru_cache(maxsize=1024)
def table_of(measured: Round, grid: Grid) -> RoundTable:
    """The likelihoods of *measured*: a search whose grid changes asks for those of all rounds."""
    values = np.array(measured.values)
    around, reach = float(np.median(values)), abs(grid.step) + CLIP * grid.scale
    values = np.clip(values, around - reach, around + reach)
    margin = MOST_SIZE * abs(grid.step) + 2 * grid.scale
    levels = np.linspace(values.min() - margin, values.max() + margin, LEVELS)
    places, numbers = np.unique(np.array(measured.positions), return_inverse=True)

    def below(share: float) -> Floats:
        """Shape (p + 1, SIZES, SCALES, LEVELS): of the values below each place, with *share*."""
        densities = _log_densities(values, share, levels, grid)
        sums = np.zeros((len(places) + 1, *densities.shape[1:]))
        np.add.at(sums, numbers + 1, densities)
        return np.cumsum(sums, axis=0)

    calm, stepped = below(0.0), below(1.0)
    first, second = np.triu_indices(len(calm))
    two = np.zeros((len(SHARES), len(calm), len(calm), *calm.shape[1:3]))
    for number, part in enumerate(map(below, SHARES)):
        total = calm[first] + part[second] - part[first] + stepped[-1] - stepped[second]
        two[number, first, second] = _without_level(total)
    return RoundTable(places=places, one=_without_level(calm + stepped[-1] - stepped), two=two)


def _log_densities(values: Floats, share: float, levels: Floats, grid: Grid) -> Floats:
    """Of each value, when it has *share* of the step: shape (k, SIZES, SCALES, LEVELS)."""
    scales = np.array(grid.scales)[:, None]
    means = share * np.array(grid.sizes)[:, None] + levels
    z = np.abs(values[:, None, None] - means)[:, :, None, :] / scales
    calm = (1 - grid.outliers) / math.sqrt(2 * math.pi) * np.exp(-0.5 * z**2)
    disturbed = grid.outliers / (math.pi * DISTURBED) / (1 + (z / DISTURBED) ** 2)
    logs: Floats = np.log((calm + disturbed) / scales)
    return logs


def _without_level(total: Floats) -> Floats:
    """The log of the sum over the last axis, that of the levels."""
    most = np.max(total, axis=-1, keepdims=True)
    summed: Floats = most[..., 0] + np.log(np.exp(total - most).sum(axis=-1))
    return summed

"""One number per commit: the location of its repeats that repeats best from commit to commit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detect import noise, policy
from tracker.model import Floats, Ints

type Flags = npt.NDArray[np.bool_]

# Ranges of ranks, as shares of the number of repeats, whose mean is a candidate location: the
# middle without the extremes, the middle, the lower part, what is below the middle, everything.
_RANKS = ((0.1, 0.9), (0.3, 0.7), (0.0, 0.3), (0.2, 0.4), (0.0, 1.0))


def flatten(samples: Sequence[Sequence[float]] | None, n: int) -> tuple[Floats, Ints]:
    """Return the repeats of *n* points as one flat array and offsets of shape (n + 1,)."""
    if samples is None:
        return np.empty(0), np.zeros(n + 1, dtype=np.int64)
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum([len(s) for s in samples], out=offsets[1:])
    flat = [x for s in samples for x in s]
    return np.asarray(flat, dtype=np.float64), offsets


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The measured points of one series on the scale on which they are judged.

    Attributes:
        values: shape (n,), as given.
        kept: indices of the measured values, shape (k,).
        z: locations of the measured points, shape (k,).
        used: indices into `kept` and `z` of the runs that were not noisy.
        unit: what z is in: 0 for logarithms, else the divisor of the values.
        x: z of the runs that were not noisy.
    """

    values: Floats
    kept: Ints
    z: Floats
    used: Ints
    unit: float
    x: Floats


def points_of(values: Floats, samples: Floats, offsets: Ints, kept: Ints) -> Points:
    """Return the points of a series that *kept*, at least one index, names.

    `samples` and `offsets` are flat, as in `tracker.model.Series`.
    """
    z, noisy, unit = _place(values, samples, offsets, kept)
    used = np.flatnonzero(~noisy)
    x = z if used.size == z.size else z[used]
    return Points(values=values, kept=kept, z=z, used=used, unit=unit, x=x)


def _place(
    values: Floats, samples: Floats, offsets: Ints, kept: Ints
) -> tuple[Floats, Flags, float]:
    """Return location, noisy-run flag of each point in *kept*, and the unit of the locations.

    The scale is logarithmic (unit 0) when everything is positive: then a change of unit changes
    nothing, and a step of 5 % is the same size at every level. Otherwise it is linear, in units
    of the largest absolute value.
    """
    y = values[kept]
    quiet = np.zeros(y.size, dtype=np.bool_)
    if y.min() <= 0:
        unit = float(np.abs(y).max()) or 1.0
        return y / unit, quiet, unit
    z: Floats = np.log(y)
    counts = (offsets[1:] - offsets[:-1])[kept]
    if counts.min() < policy.MIN_REPEATS:
        return z, quiet, 0.0
    table = _sorted_repeats(samples, offsets[:-1][kept], counts)
    if not np.nanmin(table) > 0 or not np.isfinite(np.nanmax(table)):
        return z, quiet, 0.0
    if z.size >= policy.LOCATION_POINTS:
        z = _best_location(z, table, counts)
    return z, _noisy(table, counts), 0.0


def _sorted_repeats(samples: Floats, starts: Ints, counts: Ints) -> Floats:
    """Repeats as rows in ascending order; short rows end in NaN."""
    width = int(counts.max())
    columns = np.arange(width)
    if counts.min() == width:
        return np.sort(samples[starts[:, None] + columns], axis=1)
    inside = columns < counts[:, None]
    table = np.full((counts.size, width), np.nan)
    table[inside] = samples[(starts[:, None] + columns)[inside]]
    return np.sort(table, axis=1)


def _best_location(z: Floats, table: Floats, counts: Ints) -> Floats:
    sums = np.zeros((table.shape[0], table.shape[1] + 1))
    np.cumsum(np.nan_to_num(table), axis=1, out=sums[:, 1:])
    rows = np.arange(counts.size)
    best, least = z, policy.KEEP_VALUE * noise.step_scale(np.abs(np.diff(z)))
    for low, high in (*_RANKS, (0.0, 0.0)):
        first = (low * counts).astype(np.int64)
        last = np.maximum(first + 1, np.ceil(high * counts).astype(np.int64))
        location = np.log((sums[rows, last] - sums[rows, first]) / (last - first))
        scale = noise.step_scale(np.abs(np.diff(location)))
        if scale < least:
            best, least = location, scale
    return best


def _noisy(table: Floats, counts: Ints) -> Flags:
    """Flag runs whose repeats spread far more than those of the runs around them."""
    rows = np.arange(counts.size)
    spread = np.log(table[rows, (3 * counts) // 4] / table[rows, counts // 4])
    flags = spread > policy.NOISY_SPREAD * np.maximum(
        running_median(spread, policy.SPREAD_WINDOW), np.finfo(np.float64).tiny
    )
    return flags if flags.mean() <= policy.MAX_NOISY_SHARE else np.zeros_like(flags)


def prefix_sums(x: Floats) -> Floats:
    """Sums of the points before the first, the second, ..., and of all, along the last axis."""
    sums = np.zeros((*x.shape[:-1], x.shape[-1] + 1))
    np.add.accumulate(x, axis=-1, out=sums[..., 1:])
    return sums


def running_median(x: Floats, window: int) -> Floats:
    """Median over *window* points (made odd, and no longer than x), mirrored at the ends.

    Point by point the largest of a window is moved to its end, until the middle is the largest.

    Args:
        x: shape (..., n), one series or one in each row.
        window: points.
    """
    n = x.shape[-1]
    width = min(window, n - 1 + n % 2)
    if width < 3:  # noqa: PLR2004 - a window of one point is the point
        return x
    half = width // 2
    padded = np.concatenate((x[..., half:0:-1], x, x[..., -2 : -half - 2 : -1]), axis=-1)
    shifted = [padded[..., k : k + n] for k in range(width)]
    for last in range(width - 1, half, -1):
        for k in range(last):
            smaller, larger = shifted[k : k + 2]
            shifted[k : k + 2] = np.minimum(smaller, larger), np.maximum(smaller, larger)
    middle: Floats = np.maximum.reduce(shifted[: half + 1])
    return middle

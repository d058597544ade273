"""Change points of one series."""

import math
from collections.abc import Sequence

import numpy as np
import ruptures
from scipy import stats

from tracker.model import Change, Floats, Status


def find_changes(
    values: Sequence[float] | Floats,
    samples: Sequence[Sequence[float]] | None = None,
) -> list[Change]:
    """Return the change points of one series in order of their index.

    Args:
        values: shape (n,); one value per commit, NaN where nothing was measured.
        samples: repeats of each commit, or None.
    """
    del samples
    y = np.asarray(values, dtype=np.float64)
    kept = np.flatnonzero(np.isfinite(y))
    if kept.size < 5:  # noqa: PLR2004
        return []
    y = y[kept]
    z = np.log(y) if y.min() > 0 else y
    scale = float(np.median(np.abs(np.diff(z)))) * 1.4826 / math.sqrt(2)
    if scale <= 0:
        scale = float(np.std(np.diff(z))) / math.sqrt(2) or 1.0
    bounds = [0, *_cuts(z / scale), z.size]
    return [_change(y, z, kept, bounds[i - 1 : i + 2], scale) for i in range(1, len(bounds) - 1)]


def _cuts(z: Floats) -> list[int]:
    model = ruptures.KernelCPD(kernel="linear", min_size=3).fit(z.reshape(-1, 1))
    return [int(i) for i in model.predict(pen=8 * math.log(z.size))[:-1]]


def _change(y: Floats, z: Floats, kept: Floats, bounds: list[int], scale: float) -> Change:
    start, cut, end = bounds
    left, right = z[start:cut], z[cut:end]
    delta = float(right.mean() - left.mean())
    error = scale * math.sqrt(1 / left.size + 1 / right.size)
    before, after = float(np.median(y[start:cut])), float(np.median(y[cut:end]))
    log = bool(y.min() > 0)
    ends = [delta - 1.96 * error, delta + 1.96 * error]
    low, high = (math.exp(e) if log else 1 + e / abs(before or 1.0) for e in ends)
    index = int(kept[cut])
    return Change(
        index=index,
        earliest=index,
        latest=index,
        before=before,
        after=after,
        ratio=after / before if before else math.nan,
        ratio_low=low,
        ratio_high=high,
        p_value=float(2 * stats.norm.sf(abs(delta) / error)),
        status=Status.CONFIRMED,
        points_since=end - cut,
    )

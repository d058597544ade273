"""Steps or a ramp: what climbs slowly is drift, and is not cut into a staircase.

Both stories are weighed by their likelihood averaged over all their places (Bayes factor), so
that neither gains by having more of them to choose from.
"""

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tracker.detect import policy
from tracker.detect.noise import Noise
from tracker.detect.point_estimates import prefix_sums
from tracker.model import Floats, Ints

_SHARES = np.linspace(0, 1, policy.RAMP_GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A stretch, first point to end (exclusive), that climbs by *rise* on the judged scale."""

    start: int
    end: int
    rise: float


class _Sums:
    """Prefix sums of a series, of its squares, and of it times the index."""

    def __init__(self, x: Floats) -> None:
        rows = np.stack((x, x * x, x * np.arange(x.size)))
        self.plain, self.squares, self.times = prefix_sums(rows)

    def error(self, start: int, end: int) -> float:
        """Squared error of one level."""
        level = (self.plain[end] - self.plain[start]) ** 2 / (end - start)
        return float(self.squares[end] - self.squares[start] - level)


def split(x: Floats, cuts: list[int], noise: Noise) -> tuple[list[int], list[Ramp]]:
    """Return the cuts that are steps, and the ramps that explain the others as well.

    Args:
        x: shape (n,); outliers clipped.
        cuts: ascending.
        noise: of the series.
    """
    if not cuts:
        return [], []
    sums = _Sums(x - np.add.reduce(x) / x.size)
    edges = [0, *cuts, x.size]
    levels = [float(np.add.reduce(x[a:b])) / (b - a) for a, b in itertools.pairwise(edges)]
    steps: list[int] = []
    ramps: list[Ramp] = []
    first = 0
    while first < len(cuts):
        last = first
        while last + 1 < len(cuts) and (levels[last + 2] > levels[last + 1]) == (
            levels[first + 1] > levels[first]
        ):
            last += 1
        run = edges[first : last + 3]
        if _steps_win(sums, run, noise) and (last == first or _each_wins(sums, run, noise)):
            steps += cuts[first : last + 1]
        else:
            rise = levels[last + 1] - levels[first]
            ramps.append(Ramp(start=run[0], end=run[-1], rise=rise))
        first = last + 1
    return steps, ramps


def _steps_win(sums: _Sums, run: list[int], noise: Noise) -> bool:
    """Whether steps at the inner edges of *run* beat the best ramps over all of it."""
    return _log_odds(sums, run, noise) > policy.STEP_LOG_ODDS


def _each_wins(sums: _Sums, run: list[int], noise: Noise) -> bool:
    """Whether steps beat ramps between their neighbours too, on average.

    A smooth curve that no single ramp fits is cut into a staircase whose levels all climb.
    """
    odds = [_log_odds(sums, list(part), noise) for part in zip(run, run[1:], run[2:], strict=False)]
    return sum(odds) > len(odds) * policy.STEP_LOG_ODDS


def _log_odds(sums: _Sums, run: list[int], noise: Noise) -> float:
    """Log odds of steps at the inner edges of *run* against a ramp over all of it."""
    length = run[-1] - run[0]
    error = sum(sums.error(a, b) for a, b in itertools.pairwise(run))
    ramps = _ramp_errors(sums, run[0], run[-1])
    variance = max(noise.scale**2, min(error, float(ramps.min())) / length)
    unit = 2 * variance * noise.inflation
    gain = _log_mean_exp((error - ramps) / unit)
    places = sum(_log_places(sums, a, b, unit) for a, b in zip(run, run[2:], strict=False))
    extra_levels = (len(run) - 3) / 2 * math.log(length)
    return places - gain - extra_levels


def _ramp_errors(sums: _Sums, start: int, end: int) -> Floats:
    """Squared errors of level, ramp, level over start..end, for a grid of ramps."""
    n, plain, times = end - start, sums.plain, sums.times
    first, last, ramp, spread = _ramps(start, end)
    total = plain[end] - plain[start]
    climbing = times[last] - times[first] - first * (plain[last] - plain[first])
    cross = climbing / (last - first) + (plain[end] - plain[last])
    flat = sums.squares[end] - sums.squares[start] - total**2 / n
    errors: Floats = flat - (cross - ramp * total / n) ** 2 / spread
    return errors


@lru_cache(maxsize=256)  # most runs are of whole series, and many series are of one length
def _ramps(start: int, end: int) -> tuple[Ints, Ints, Floats, Floats]:
    """Return first and last point of each ramp of the grid, its sum, and its squares around it.

    A ramp is (t - first) / (last - first) in between, 1 from last on; its sums are closed forms.
    """
    n = end - start
    shortest = min(n, max(policy.MIN_RAMP_POINTS, policy.MIN_RAMP_SHARE * n))
    firsts = start + _SHARES * (n - shortest)
    grid = firsts[:, None] + (shortest + _SHARES * (n - shortest))
    inside = (grid <= end + 1e-9).nonzero()
    first = np.rint(firsts).astype(np.int64)[inside[0]]
    last = np.minimum(np.rint(grid[inside]).astype(np.int64), end)
    span, rest = last - first, end - last
    ramp = (span - 1) / 2 + rest
    squares = (span - 1) * (2 * span - 1) / (6 * span) + rest
    return first, last, ramp, np.maximum(squares - ramp**2 / n, 1e-12)


def _log_places(sums: _Sums, start: int, end: int, unit: float) -> float:
    """Log of the likelihood of one step averaged over its places, relative to the best place."""
    k = np.arange(start + 2, end - 1)
    if k.size < 2:  # noqa: PLR2004 - one place is no choice
        return -math.log(max(end - start, 2))
    plain = sums.plain[start + 2 : end - 1]
    left = (plain - sums.plain[start]) ** 2 / (k - start)
    right = (sums.plain[end] - plain) ** 2 / (end - k)
    explained = left + right
    return _log_mean_exp((explained - explained.max()) / unit)


def _log_mean_exp(x: Floats) -> float:
    top = float(np.maximum.reduce(x))
    return top + math.log(float(np.add.reduce(np.exp(x - top))) / x.size)

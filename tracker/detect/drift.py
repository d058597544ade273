"""Steps or a ramp: what climbs slowly is drift, and is not cut into a staircase.

Both stories are weighed by their likelihood averaged over all their places (Bayes factor), so
that neither gains by having more of them to choose from.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from tracker.detect import policy
from tracker.detect.noise import Noise
from tracker.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A stretch, first point to end (exclusive), that climbs by *rise* on the judged scale."""

    start: int
    end: int
    rise: float


class _Sums:
    """Prefix sums of a series, of its squares, and of it times the index."""

    def __init__(self, x: Floats) -> None:
        self.plain = np.concatenate(([0.0], np.cumsum(x)))
        self.squares = np.concatenate(([0.0], np.cumsum(x * x)))
        self.times = np.concatenate(([0.0], np.cumsum(x * np.arange(x.size))))

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
    sums = _Sums(x - x.mean())
    edges = [0, *cuts, x.size]
    levels = [float(x[a:b].mean()) for a, b in itertools.pairwise(edges)]
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
    n = end - start
    shortest = max(policy.MIN_RAMP_POINTS, policy.MIN_RAMP_SHARE * n)
    firsts = np.linspace(start, max(start, end - shortest), policy.RAMP_GRID)
    lengths = np.linspace(min(shortest, n), n, policy.RAMP_GRID)
    grid = firsts[:, None] + lengths
    inside = grid <= end + 1e-9
    first = np.rint(np.broadcast_to(firsts[:, None], grid.shape)[inside]).astype(np.int64)
    last = np.minimum(np.rint(grid[inside]).astype(np.int64), end)
    span = last - first
    total = sums.plain[end] - sums.plain[start]
    # The ramp is (t - first) / span in between, 1 from last on; its sums are closed forms.
    rest = end - last
    ramp = (span - 1) / 2 + rest
    ramp2 = (span - 1) * (2 * span - 1) / (6 * span) + rest
    cross = (
        sums.times[last] - sums.times[first] - first * (sums.plain[last] - sums.plain[first])
    ) / span + (sums.plain[end] - sums.plain[last])
    flat = sums.squares[end] - sums.squares[start] - total**2 / n
    gain = (cross - ramp * total / n) ** 2 / np.maximum(ramp2 - ramp**2 / n, 1e-12)
    errors: Floats = flat - gain
    return errors


def _log_places(sums: _Sums, start: int, end: int, unit: float) -> float:
    """Log of the likelihood of one step averaged over its places, relative to the best place."""
    k = np.arange(start + 2, end - 1)
    if k.size < 2:  # noqa: PLR2004 - one place is no choice
        return -math.log(max(end - start, 2))
    left = (sums.plain[k] - sums.plain[start]) ** 2 / (k - start)
    right = (sums.plain[end] - sums.plain[k]) ** 2 / (end - k)
    explained = left + right
    return _log_mean_exp((explained - explained.max()) / unit)


def _log_mean_exp(x: Floats) -> float:
    top = float(x.max())
    return top + math.log(float(np.exp(x - top).mean()))

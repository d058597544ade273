"""How far apart two sets of runs lie: the ratio of their medians, and how rarely they overlap.

For libraries set side by side, where nobody asks whether they differ but by how much. Two answers
that do not replace each other: the ratio says how large the difference is, Cliff's delta how sure
one can be that a single run of one beats a single run of the other.

Sources: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentile
interval). Cliff, Psychological Bulletin 114 (1993), doi:10.1037/0033-2909.114.3.494. The words for
delta are those of Romano et al. (2006): 0.147, 0.33, 0.474.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from tracker.model import Floats

CONFIDENCE = 0.95
RESAMPLES = 4999
SEED = 1  # the same samples have the same interval, in every report
LEAST_SAMPLES = 3  # a resampled median of fewer takes only one or two values
_WORDS = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How *other* stands against *base*.

    Attributes:
        ratio: median of other over median of base; NaN when it is not defined.
        ratio_low: lower end of the 95 % bootstrap interval; NaN below three samples a side, and
            where a run of base is not above zero.
        ratio_high: upper end, likewise.
        difference_low: there, lower end of the interval of the median of other minus that of base,
            in the metric's unit; else NaN.
        difference_high: upper end, likewise.
        delta: Cliff's delta, -1 (every run of other is lower) to 1 (every run is higher); NaN below
            three samples a side.
        size: delta in a word: negligible, small, medium or large; "unknown" without delta.
    """

    ratio: float = nan
    ratio_low: float = nan
    ratio_high: float = nan
    difference_low: float = nan
    difference_high: float = nan
    delta: float = nan
    size: str


def measure_effect(base: Sequence[float], other: Sequence[float]) -> Effect:
    """Compare the runs of two libraries; samples that are not finite are left out.

    The runs are resampled as if independent: runs of one worker process resemble each other, so
    the interval is somewhat too narrow when there are few rounds.
    """
    a, b = _finite(base), _finite(other)
    if not (a.size and b.size):
        return Effect(size="unknown")
    middle = float(np.median(a))
    delta = cliffs_delta(a, b) if min(a.size, b.size) >= LEAST_SAMPLES else nan
    effect = Effect(
        ratio=float(np.median(b)) / middle if middle else nan, delta=delta, size=describe(delta)
    )
    if np.all(a > 0):
        low, high = _interval(_median_ratio, a, b)
        return replace(effect, ratio_low=low, ratio_high=high)
    low, high = _interval(_median_difference, a, b)
    return replace(effect, difference_low=low, difference_high=high)


def cliffs_delta(base: Floats, other: Floats) -> float:
    """Return P(other > base) - P(other < base) over all pairs of runs; ties count for neither."""
    if not (base.size and other.size):
        return nan
    ordered = np.sort(base)
    below = np.searchsorted(ordered, other, side="left").sum()
    above = base.size * other.size - np.searchsorted(ordered, other, side="right").sum()
    return float((below - above) / (base.size * other.size))


def describe(delta: float) -> str:
    """Return the word for a Cliff's delta.

    >>> describe(-0.4)
    'medium'
    """
    if np.isnan(delta):
        return "unknown"
    return next((word for limit, word in _WORDS if abs(delta) < limit), "large")


def median_interval(samples: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the median; NaN below three finite samples."""
    return _interval(np.median, _finite(samples))


def _median_ratio(base: Floats, other: Floats, axis: int) -> Floats:
    return np.asarray(np.median(other, axis=axis) / np.median(base, axis=axis))


def _median_difference(base: Floats, other: Floats, axis: int) -> Floats:
    return np.asarray(np.median(other, axis=axis) - np.median(base, axis=axis))


def _interval(statistic: Callable[..., object], *sides: Floats) -> tuple[float, float]:
    """Return the interval that most resamples of the sides, drawn apart, agree on."""
    if min(side.size for side in sides) < LEAST_SAMPLES:
        return nan, nan
    from scipy.stats import bootstrap  # takes half a second, and hardly a command gets here

    interval = bootstrap(
        sides, statistic, vectorized=True, method="percentile", n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE, rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(interval.confidence_interval.low), float(interval.confidence_interval.high)


def _finite(samples: Sequence[float]) -> Floats:
    values = np.asarray(samples, dtype=np.float64)
    return values[np.isfinite(values)]

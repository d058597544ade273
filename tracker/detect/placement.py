"""Where between its two neighbours a change lies: probabilities for every place."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from tracker.detect import policy
from tracker.detect.density import Density, learn, middle
from tracker.detect.noise import Noise
from tracker.detect.point_estimates import prefix_sums
from tracker.model import Floats

_EDGE = 2  # a level needs two points to have one


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of one change.

    Attributes:
        cut: first point after, the middle of the likeliest stretch.
        earliest: lower end of the interval that holds PLACE_INTERVAL of the probability.
        latest: upper end, inclusive.
        probability: that the change lies within PLACE_MARGIN of the cut.
    """

    cut: int
    earliest: int
    latest: int
    probability: float


@dataclass(frozen=True, slots=True)
class Innovations:
    """The noise without its memory: what is new in each point, given the one before it.

    A step enters the first point after it in full and the later ones only in part, which tells
    its place more sharply than the points themselves do.
    """

    density: Density
    correlation: float

    @classmethod
    def learn(cls, rest: Floats, noise: Noise) -> Self:
        """Learn them from the residuals *rest* around the levels."""
        r = noise.correlation
        news = rest.copy()
        news[1:] -= r * rest[:-1]
        return cls(learn(news, noise.scale * math.sqrt(1 - r * r)), r)

    def log_likelihood(self, x: Floats, before: float, after: float) -> Floats:
        """Log likelihood, up to a constant, of a change at x[1], x[2], ..., and after x[-1]."""
        r = self.correlation
        news = x[1:] - r * x[:-1]
        levels = np.array([[before * (1 - r)], [after * (1 - r)], [after - r * before]])
        old, new, first = self.density.log_at(news, levels)
        total = prefix_sums(old - new)
        total[:-1] += first - new
        return total


def place_change(x: Floats, bounds: tuple[int, int, int], news: Innovations) -> Place:
    """Place the change at bounds[1] anew, between bounds[0] and bounds[2].

    Its probability at a place is proportional to the likelihood of the level before up to there
    and the level after from there on.
    """
    start, _, end = bounds
    low, steps = _log_likelihood(x, bounds, news)
    if steps.size == 1:
        return Place(cut=low, earliest=low, latest=low, probability=1.0)
    weights = np.exp(steps - steps.max())
    weights /= weights.sum()
    sums = prefix_sums(weights)
    index = np.arange(weights.size)
    upper = np.minimum(index + policy.PLACE_MARGIN + 1, weights.size)
    near = sums[upper] - sums[np.maximum(index - policy.PLACE_MARGIN, 0)]
    best = int(np.argmax(near + weights / 1000))
    tail = (1 - policy.PLACE_INTERVAL) / 2
    first = int(np.searchsorted(sums[1:], tail))
    last = int(np.searchsorted(sums[1:], 1 - tail))
    return Place(
        cut=low + best,
        earliest=max(start + 1, low + min(first, best)),
        latest=min(end - 1, low + max(last, best)),
        probability=min(1.0, float(near[best])),
    )


def likeliest(x: Floats, bounds: tuple[int, int, int], news: Innovations) -> int:
    """Return the single likeliest place of the change at bounds[1]."""
    low, steps = _log_likelihood(x, bounds, news)
    return low + int(np.argmax(steps))


def _log_likelihood(
    x: Floats, bounds: tuple[int, int, int], news: Innovations
) -> tuple[int, Floats]:
    """Return the first place considered, and the log likelihood there and at those after it."""
    start, cut, end = bounds
    low = max(start + _EDGE, cut - policy.PLACE_REACH)
    high = min(end - _EDGE, cut + policy.PLACE_REACH)
    if high <= low:
        return cut, np.zeros(1)
    before = middle(x[max(start, cut - policy.REACH) : cut])
    after = middle(x[cut : min(end, cut + policy.REACH)])
    # The last place, `high`, needs its own point; the value beyond it is dropped.
    return low, news.log_likelihood(x[low - 1 : high + 1], before, after)[:-1]

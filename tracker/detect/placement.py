"""Where between its two neighbours a change lies: probabilities for every place."""

from dataclasses import dataclass

import numpy as np

from tracker.detect import policy
from tracker.detect.density import Density, middle
from tracker.detect.noise import Noise
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


def locate(x: Floats, bounds: tuple[int, int, int], noise: Noise, density: Density) -> Place:
    """Place the change at bounds[1] anew, between bounds[0] and bounds[2].

    Its probability at a place is proportional to the likelihood of the level before up to there
    and the level after from there on, tempered by the correlation of the noise.
    """
    start, _, end = bounds
    low, steps = _log_likelihood(x, bounds, density)
    if steps.size == 1:
        return Place(cut=low, earliest=low, latest=low, probability=1.0)
    weights = np.exp((steps - steps.max()) / noise.inflation)
    weights /= weights.sum()
    sums = np.zeros(weights.size + 1)
    np.cumsum(weights, out=sums[1:])
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


def likeliest(x: Floats, bounds: tuple[int, int, int], density: Density) -> int:
    """Return the single likeliest place of the change at bounds[1]."""
    low, steps = _log_likelihood(x, bounds, density)
    return low + int(np.argmax(steps))


def _log_likelihood(
    x: Floats, bounds: tuple[int, int, int], density: Density
) -> tuple[int, Floats]:
    """Return the first place considered, and the log likelihood there and at those after it."""
    start, cut, end = bounds
    low = max(start + _EDGE, cut - policy.PLACE_REACH)
    high = min(end - _EDGE, cut + policy.PLACE_REACH)
    if high <= low:
        return cut, np.zeros(1)
    before = middle(x[max(start, cut - policy.REACH) : cut])
    after = middle(x[cut : min(end, cut + policy.REACH)])
    steps = np.zeros(high - low + 1)
    part = x[low:high]
    np.cumsum(density.log_at(part, before) - density.log_at(part, after), out=steps[1:])
    return low, steps

"""Values that go to and fro between the two levels of a step, as on runners of several speeds.

What changes then is how often each level is met: its median jumps, and no commit need have done it.
"""

from statistics import NormalDist

import numpy as np

from tracker.detect.density import middle
from tracker.judge import policy
from tracker.model import Floats

_NORMAL = NormalDist()


def alternates(before: Floats, after: Floats, noise: float) -> bool:
    """Say whether one side of a step keeps coming back to the level of the other.

    It does so far more often than the noise explains by which the step was judged.

    Args:
        before: finite values, or their logarithms, of the level before a step, shape (m,), m > 0.
        after: of the level after it, shape (n,), n > 0.
        noise: scale of one point, NaN when it is not known.
    """
    before, after = before[-policy.AROUND :], after[: policy.AROUND]
    old, new = middle(before), middle(after)
    if old == new:
        return False
    by_noise = 0.0
    if noise > 0:
        by_noise = _NORMAL.cdf(-(1 - policy.NEAR_LEVEL) * abs(new - old) / noise)
    least = max(policy.COMING_BACK, policy.MORE_THAN_NOISE * by_noise)
    return any(
        _came_back(way) >= max(policy.SIDE, least * way.size)
        for way in ((before - old) / (new - old), (new - after) / (new - old))
    )


def _came_back(way: Floats) -> int:
    """Count the points of a side that went all the way to the other level."""
    return int(np.count_nonzero(way >= 1 - policy.NEAR_LEVEL))

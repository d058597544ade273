"""Which commits to measure next: those on which the explanations disagree most.

Whether a commit has the step is a variable whose variance is largest where half of the
probability lies on either side. Of several, each is chosen for what it tells beyond the ones
before it (a greedy D-optimal design: Krause, Singh and Guestrin 2008, JMLR 9:235-284): far
apart when a measurement says much, at one commit several times when it says little.
"""

import math
from collections.abc import Collection

import numpy as np

from tracker.model import Floats, Ints
from tracker.search.posterior import Posterior


def next_probes(
    belief: Posterior,
    usable: Collection[int],
    count: int,
    *,
    built: Collection[int] = (),
    build_turns: float = 0.0,
) -> tuple[int, ...]:
    """Choose *count* positions, one perhaps several times; () where none is left to tell apart.

    Args:
        belief: what is known.
        usable: positions between the ends that can be measured.
        count: how many.
        built: those that need no building.
        build_turns: what building takes, in measurements.
    """
    places = np.array(sorted(usable), dtype=np.int64)
    if not places.size:
        return ()
    covariance = _covariance(belief, places)
    strength = (belief.step / max(belief.scale, 1e-12)) ** 2
    ready = set(built)
    chosen: list[int] = []
    for _ in range(count):
        cost = np.array([1.0 if place in ready else 1 + build_turns for place in places.tolist()])
        variance = np.maximum(np.diag(covariance), 0.0)
        gain = np.log1p(strength * variance) / cost
        best = int(gain.argmax())
        if variance[best] < 1e-9:  # noqa: PLR2004 - nothing is open any more
            break
        chosen.append(int(places[best]))
        ready.add(chosen[-1])
        column = covariance[:, best]
        covariance = covariance - np.outer(column, column) / (variance[best] + 1 / strength)
    return tuple(chosen)


def _covariance(belief: Posterior, places: Ints) -> Floats:
    """Of "this commit has the step", for all pairs of *places*."""
    single = np.maximum(belief.main - 0.5 * (belief.first + belief.second), 0.0)
    probability = single + 0.5 * (belief.first + belief.second)
    below = np.cumsum(probability)[places - 1] / max(float(probability.sum()), math.ulp(1.0))
    covariance: Floats = np.minimum.outer(below, below) - np.outer(below, below)
    return covariance

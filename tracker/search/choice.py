"""Which commits to measure next: those on which the explanations disagree most.

Whether a commit has the step is a variable whose variance is largest where half of the
probability lies on either side. Of several, each is chosen for what it tells beyond the ones
before it (a greedy D-optimal design: Krause, Singh and Guestrin 2008, JMLR 9:235-284): far
apart when a measurement says much, at one commit several times when it says little. A value is the
level of its round, plus the step where the commit has it, plus noise. The level has to be learnt as
well, so a round may hold more of the ends, which the others are compared with.
"""

import math
from collections.abc import Collection

import numpy as np

from tracker.model import Floats, Ints
from tracker.search.policy import SearchPolicy
from tracker.search.posterior import Posterior

# What building a commit takes, in measurements: enough to prefer one that stands built already.
BUILD_TURNS = 0.5


def next_round(
    belief: Posterior,
    usable: Collection[int],
    policy: SearchPolicy,
    *,
    end: int,
    built: Collection[int] = (),
) -> tuple[int, ...]:
    """Choose *end* and some more positions, perhaps several times each; () where all is known.

    So many that a measurement of the round tells most on average.

    Args:
        belief: what is known.
        usable: positions between the ends that can be measured.
        policy: how many at most.
        end: of the ends, the one that the round has anyway.
        built: those that need no building; the ends never do.
    """
    n = len(belief.main)
    places = np.array([0, *sorted(usable), n], dtype=np.int64)
    step = _covariance(belief, places)
    if step.diagonal().max() < 1e-9:  # noqa: PLR2004 - nothing is open any more
        return ()
    strength = (belief.step / max(belief.scale, 1e-12)) ** 2
    first = int(np.flatnonzero(places == end)[0])
    # In scales of the noise: what is known of the round's level, alone and with the step.
    level = np.ones((len(places), len(places)))
    both = level + strength * step
    chosen, ready, told = [int(places[first])], {0, n, *built}, [0.0]
    for _ in range(policy.probes):
        cost = np.array([1.0 if place in ready else 1 + BUILD_TURNS for place in places.tolist()])
        gain = np.log((1 + both.diagonal()) / (1 + level.diagonal())) / cost
        best = int(gain.argmax())
        chosen.append(int(places[best]))
        told.append(float(gain[best] * cost[best]))
        ready.add(chosen[-1])
        level, both = _after(level, best), _after(both, best)
    size = int((np.cumsum(told) / np.arange(1, len(told) + 1)).argmax()) + 1
    return tuple(chosen[:size])


def _after(covariance: Floats, measured: int) -> Floats:
    """What is left of *covariance* once one of them was measured, with noise of variance 1."""
    column = covariance[:, measured]
    left: Floats = covariance - np.outer(column, column) / (1 + column[measured])
    return left


def _covariance(belief: Posterior, places: Ints) -> Floats:
    """Of "this commit has the step", for all pairs of *places*."""
    single = np.maximum(belief.main - 0.5 * (belief.first + belief.second), 0.0)
    probability = single + 0.5 * (belief.first + belief.second)
    total = max(float(probability.sum()), math.ulp(1.0))
    below = np.concatenate([[0.0], np.cumsum(probability)])[places] / total
    below[places == len(belief.main)] = 1.0
    covariance: Floats = np.minimum.outer(below, below) - np.outer(below, below)
    return covariance

"""Whether the ends differ at all: asked first, for a search among equals names somebody."""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from tracker.model import Floats
from tracker.paired.evidence import interval, locate
from tracker.search.likelihood import grid_of
from tracker.search.policy import SearchPolicy
from tracker.search.posterior import posterior
from tracker.search.rounds import Round

# Pairs before anything is said.
FEWEST = 4
# The same where both ends gave the very same numbers: only counters do.
FEWEST_COUNTED = 2
# The ends are alike when this interval lies within what nobody cares about.
ALIKE_ALPHA = 0.05


class Ends(StrEnum):
    """What pairs of both ends say."""

    DIFFER = "differ"
    ALIKE = "alike"
    OPEN = "open"


def decide_ends(differences: Floats, policy: SearchPolicy, *, margin: float) -> Ends:
    """Say whether the ends differ, at `begin_alpha`.

    The ratio of how well a step explains the pairs to how well none does is an e-value, up to its
    grid: without a step it reaches 1 / alpha with a probability of about alpha, however often one
    looks (Ville 1939). What it holds is measured in tests/evaluation/RESULTS.md.

    Args:
        differences: bad end minus good end, one a pair, shape (n,).
        policy: how sure to be.
        margin: a smaller difference is none, in the values' unit.
    """
    if len(differences) >= FEWEST_COUNTED and not differences.any():
        return Ends.ALIKE
    if len(differences) < FEWEST:
        return Ends.OPEN
    low, high = interval(locate(differences), ALIKE_ALPHA)
    if -margin <= low and high <= margin:
        return Ends.ALIKE
    if not np.median(differences):
        return Ends.OPEN
    ends = [Round(positions=(0, 1), values=(0.0, each)) for each in differences.tolist()]
    even = replace(policy, none=0.5, two_steps=0.0)
    belief = posterior(ends, np.ones(1), grid_of(differences, policy.outliers), even)
    return Ends.DIFFER if belief.none < policy.begin_alpha else Ends.OPEN

"""The search with a metric that is counted: each number is certain, so halving is enough.

Two neighbouring commits with different numbers are a step, whatever lies elsewhere. Every pair of
measured commits that differ, with something in between that can be measured, is halved on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tracker.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two measured commits that differ.

    Attributes:
        last_before: position of the last one with the number before.
        first_after: position of the first one with the number after.
        before, after: the numbers.
    """

    last_before: int
    first_after: int
    before: float
    after: float

    @property
    def commits(self) -> tuple[int, ...]:
        """Positions of which one brought it."""
        return tuple(range(self.last_before + 1, self.first_after + 1))


def steps_of(values: Mapping[int, float]) -> tuple[Step, ...]:
    """Every step between neighbours of the measured *values* (position to number)."""
    return tuple(
        Step(last_before=a, first_after=b, before=values[a], after=values[b])
        for a, b in pairwise(sorted(values))
        if values[a] != values[b]
    )


def next_commit(
    values: Mapping[int, float], unusable: Collection[int], prior: Floats
) -> int | None:
    """The position that halves what is open of the largest step; None when nothing is open.

    Args:
        values: position to number; the ends are among them.
        unusable: positions that cannot be measured.
        prior: shape (n,): of each commit after the good end.
    """
    for step in sorted(steps_of(values), key=lambda step: -abs(step.after - step.before)):
        between = [p for p in range(step.last_before + 1, step.first_after) if p not in unusable]
        if between:
            low, high = step.last_before, step.first_after
            below = np.cumsum(prior[low:high]) / prior[low:high].sum()
            return min(between, key=lambda p: abs(float(below[p - low - 1]) - 0.5))
    return None

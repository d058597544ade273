"""From bursts of two sizes to the cost of one task. Pure.

    cost of a task = (count of a large burst - count of a small burst) / (tasks more)

so that what a burst costs once falls out. Every large burst is compared with every small one, and
the difference that most pairs have is taken: what `clock` has not told apart comes into some bursts
and not into others. Where no difference prevails, because threads or the network race, it is the
median of all (J. L. Hodges, E. L. Lehmann, "Estimates of Location Based on Rank Tests", 1963).
Functions and commands are estimated one by one, so a poll within one of them is no matter for the
others; sums are of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Table = npt.NDArray[np.float64]
"""Shape (bursts, quantities)."""

type Row = npt.NDArray[np.float64]

PREVAILING = 1 / 3
"""Share of the pairs that must agree."""

FEWEST_TO_LEAVE_OUT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The cost of one task in several quantities.

    Attributes:
        values: per quantity.
        left_out: shape (turns, quantities): the same when the turn in question is left out; how
            far they differ is how far the estimate is to be trusted.
    """

    values: Row
    left_out: Table

    def total(self, chosen: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """Sum of the *chosen* quantities, and how far it moves when one turn is left out."""
        sums = self.left_out[:, chosen].sum(axis=1)
        spread = float(sums.max() - sums.min()) if len(sums) else 0.0
        return float(self.values[chosen].sum()), spread


def per_task(tasks: Sequence[int], counts: Table) -> Estimate:
    """The cost of a task, by *counts* of bursts of so many *tasks*, of two sizes in turn."""
    sizes = np.array(tasks)
    small, large = counts[sizes == sizes.min()], counts[sizes == sizes.max()]
    more = int(sizes.max() - sizes.min())
    turns = min(len(small), len(large))
    left_out = [
        cost(np.delete(small, turn, axis=0), np.delete(large, turn, axis=0), more)
        for turn in range(turns if turns >= FEWEST_TO_LEAVE_OUT else 0)
    ]
    return Estimate(
        values=cost(small, large, more),
        left_out=np.array(left_out).reshape(len(left_out), counts.shape[1]),
    )


def cost(small: Table, large: Table, more: int) -> Row:
    """What each of *more* tasks costs: never less than nothing."""
    value: Row = np.maximum(difference(small, large), 0.0) / more
    return value


def difference(small: Table, large: Table) -> Row:
    """By how much *large* counts more in each column.

    >>> small, large = np.array([[20.0], [21.0], [20.0]]), np.array([[61.0], [60.0], [60.0]])
    >>> difference(small, large).tolist()
    [40.0]
    """
    pairs, usual, share = _prevailing(small, large)
    value: Row = np.where(share >= PREVAILING, usual, np.median(pairs, axis=0))
    return value


def agreement(small: Table, large: Table) -> Row:
    """The share of the pairs that have the most frequent difference of each column.

    >>> agreement(np.array([[20.0], [21.0]]), np.array([[60.0], [60.0]])).tolist()
    [0.5]
    """
    return _prevailing(small, large)[2]


def _prevailing(small: Table, large: Table) -> tuple[Table, Row, Row]:
    """All differences in order, the most frequent one of each column, and its share."""
    pairs = np.sort((large[:, None, :] - small[None, :, :]).reshape(-1, large.shape[1]), axis=0)
    frequency = np.array([(pairs == pair).sum(axis=0) for pair in pairs])
    first = frequency.argmax(axis=0)[None, :]
    usual = np.take_along_axis(pairs, first, axis=0)[0]
    return pairs, usual, np.take_along_axis(frequency, first, axis=0)[0] / len(pairs)

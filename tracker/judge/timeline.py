"""The commits at which anything was measured: the clock by which changes grow old."""

import numpy as np

from tracker.model import History, Series


class Timeline:
    """Counts the measured commits of a history."""

    def __init__(self, history: History) -> None:
        """Look at all values of *history*."""
        measured = np.zeros(len(history.commits) + 1, dtype=np.int64)
        for one in history.series:
            measured[one.positions[np.isfinite(one.values)] + 1] = 1
        self._before = np.cumsum(measured)

    @property
    def measured(self) -> int:
        """How many commits were measured."""
        return int(self._before[-1])

    def since(self, position: int) -> int:
        """Return how many commits were measured from *position* on."""
        return int(self._before[-1] - self._before[position])

    def missed(self, one: Series) -> int:
        """Return at how many commits after the last value of a series any other has one."""
        newest = one.newest_measured
        return self.measured if newest is None else self.since(int(one.positions[newest]) + 1)

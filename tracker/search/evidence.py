"""How well each explanation accounts for all rounds so far, carried on from round to round."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tracker.model import Floats, Ints
from tracker.search.likelihood import SHARES, Grid, table_of
from tracker.search.rounds import Round


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Log likelihoods of rounds, up to a constant that no explanation changes.

    Commits between the same two neighbouring measured ones are a gap: they cannot be told apart by
    what was measured.

    Attributes:
        lasts: shape (g,): the last commit of each gap, which alone of the gap is measured.
        two: shape (SHARES, g, g, SIZES, SCALES): entry s, i, j with i < j, of a share of the step
            in gap i and the rest in gap j; with i = j, of the whole step in that gap.
        none: shape (SIZES, SCALES): of no step at all.
    """

    lasts: Ints
    two: Floats
    none: Floats

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """(first, last) of each: the commits first + 1 to last."""
        return list(pairwise([0, *self.lasts.tolist()]))

    @property
    def one(self) -> Floats:
        """Shape (g, SIZES, SCALES): of the whole step in one gap."""
        own = np.arange(self.lasts.size)
        whole: Floats = self.two[0, own, own]
        return whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Known:
    """What some rounds came to, among *n* commits."""

    rounds: tuple[Round, ...]
    n: int
    grid: Grid
    evidence: Evidence


_LATEST: deque[_Known] = deque(maxlen=3)
"""A search asks after each round, with and without the pairs of one commit and its parent."""


def evidence_of(rounds: Sequence[Round], n: int, grid: Grid) -> Evidence:
    """Return the evidence of *rounds* among *n* commits, going on from what was weighed before."""
    rounds = tuple(rounds)
    starts = [
        known
        for known in _LATEST
        if (known.n, known.grid) == (n, grid) and known.rounds == rounds[: len(known.rounds)]
    ]
    done, evidence = 0, _nothing(n, grid)
    if starts:
        start = max(starts, key=lambda known: len(known.rounds))
        done, evidence = len(start.rounds), start.evidence
        _LATEST.remove(start)
    for newest in rounds[done:]:
        evidence = _carried_on(evidence, newest, grid)
    _LATEST.append(_Known(rounds=rounds, n=n, grid=grid, evidence=evidence))
    return evidence


def _nothing(n: int, grid: Grid) -> Evidence:
    cells = (len(grid.sizes), len(grid.scales))
    return Evidence(
        lasts=np.array([n]), two=np.zeros((len(SHARES), 1, 1, *cells)), none=np.zeros(cells)
    )


def _carried_on(known: Evidence, newest: Round, grid: Grid) -> Evidence:
    """Return *known* with one more round: the parts of a split gap were alike until then."""
    table = table_of(newest, grid)
    lasts = np.union1d(known.lasts, table.places[table.places > 0])
    before = np.searchsorted(known.lasts, lasts)
    reached = np.searchsorted(table.places, lasts)
    return Evidence(
        lasts=lasts,
        two=known.two[:, before[:, None], before] + table.two[:, reached[:, None], reached],
        none=known.none + table.one[-1],
    )

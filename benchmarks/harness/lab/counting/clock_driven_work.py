"""Tells what a clock drives from what a task costs, by its rate and without a name. Pure.

A poll, a heartbeat, a scheduler's round goes on while the workers have nothing to do, and about as
often in a second while they work. Larger bursts last longer, so it looks like a cost of the task.

1. What in every burst counts what its rate with nothing to do foretells is *driven* by a clock: it
   costs a task nothing. One burst in six may stall.
2. Of a function whose starts are driven, the lines and calls of so many starts with nothing to do
   are taken out: a poll that finds a task does more than one that finds none, for the task.
3. What a task needs and a clock calls, too (a read of the time, a send), has the share of the clock
   taken out: as often as something driven came in the same burst, so much as the two counted with
   nothing to do, or the whole number of times next to that. Of all clocks the one is taken after
   which the bursts agree best on a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.harness.lab.counting.task_cost import PREVAILING, Row, Table, agreement, difference

EVENTS = 1.5
"""A clock comes into a span once more or less than its rate says, and somewhat late."""

HURRY = 0.5
"""By this share its rate may differ while there is work: what polls sleeps between its polls."""

STALLED = 6
"""Of so many bursts one may stall, and count less, as the machine was busy elsewhere."""

NEARLY = 0.05
"""So much more often than a whole number of times for each event, as of something else, too."""

LEAST = 0.5
"""Less than that per task, of a function that a clock starts, is what one start did more."""

DECIMALS = 6

type Which = npt.NDArray[np.bool_]
"""Of each quantity, whether."""


@dataclass(frozen=True, slots=True)
class Still:
    """What workers with nothing to do counted, and for how long that was."""

    counts: Row
    seconds: float


def without_clock(
    tasks: Sequence[int],
    counts: Table,
    seconds: Sequence[float],
    still: Still,
    starts: npt.NDArray[np.intp] | None = None,
) -> Table:
    """*counts* of bursts, less what a clock drove.

    Args:
        tasks: of each burst; two sizes.
        counts: shape (bursts, quantities).
        seconds: how long the workers ran in each burst.
        still: the same quantities while there was nothing to do.
        starts: of each quantity the one that counts the starts of its function; itself where None.
    """
    bursts = _Bursts(tasks=np.array(tasks), counts=counts)
    idle, clocked = still.counts, driven(counts, np.array(seconds), still)
    inner = np.zeros_like(clocked)
    left = np.where(clocked, 0.0, counts)
    if starts is not None:
        inner = clocked[starts] & (starts != np.arange(len(starts)))
    if starts is not None and inner.any():
        rest = _without_starts(bursts, idle, inner, starts[inner])
        one_start_more = clocked[inner] & (bursts.per_task(rest) < LEAST)
        left[:, inner] = np.where(one_start_more, 0.0, rest)
    mixed = ~clocked & ~inner & (idle > 0)
    return _without_shares(bursts, left, idle, mixed, clocks(counts, clocked, idle))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bursts:
    """What was counted, and in which bursts; two sizes of them."""

    tasks: npt.NDArray[np.int_]
    counts: Table

    def halves(self, counts: Table) -> tuple[Table, Table]:
        return counts[self.tasks == self.tasks.min()], counts[self.tasks == self.tasks.max()]

    def per_task(self, counts: Table) -> Row:
        return difference(*self.halves(counts)) / (self.tasks.max() - self.tasks.min())


def _without_starts(
    bursts: _Bursts, idle: Row, inner: Which, starts: npt.NDArray[np.intp]
) -> Table:
    """What starts that a clock drives leave of what is within their functions (2)."""
    times = bursts.counts[:, starts] / idle[starts]
    return np.round(bursts.counts[:, inner] - times * idle[inner], DECIMALS)


def _without_shares(
    bursts: _Bursts, left: Table, idle: Row, mixed: Which, of_clocks: list[int]
) -> Table:
    """*left*, less the share of the clock that explains most of what is *mixed* (3)."""
    agreed = agreement(*bursts.halves(left))
    for clock in of_clocks:
        share = idle / idle[clock]
        whole = np.rint(share)
        for each_time in (share, np.where(np.abs(share - whole) <= NEARLY * whole, whole, share)):
            tried = np.round(bursts.counts - bursts.counts[:, [clock]] * each_time, DECIMALS)
            better = agreement(*bursts.halves(tried))
            taken = mixed & (better >= PREVAILING) & (better > agreed)
            left = np.where(taken, tried, left)
            agreed = np.where(taken, better, agreed)
    return left


def driven(counts: Table, seconds: Row, still: Still) -> Which:
    """Which quantities count in every burst what their rate with nothing to do foretells.

    An event counts at least the greatest common divisor of all counts, and the idle span may have
    held one more or less, too.
    """
    idle, idle_s = still.counts, still.seconds
    event = np.gcd.reduce(np.rint(np.vstack([counts, idle])).astype(np.int64), axis=0)
    foretold = seconds[:, None] * idle / idle_s
    margin = np.maximum(EVENTS * event, HURRY * foretold) + seconds[:, None] * event / idle_s
    too_many = (counts - foretold > margin).any(axis=0)
    too_few = (foretold - counts > margin).sum(axis=0)
    return np.asarray((idle > 0) & ~too_many & (too_few <= len(counts) // STALLED))


def clocks(counts: Table, clocked: Which, idle: Row) -> list[int]:
    """One driven quantity for each different way to come into the bursts."""
    columns = [column for column in np.flatnonzero(clocked).tolist() if counts[:, column].any()]
    ways = {tuple(np.round(counts[:, c] / idle[c], DECIMALS)): c for c in columns}
    return list(ways.values())

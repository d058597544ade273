"""Tells what a clock drives from what a task costs, by its rate and without a name. Pure.

A poll, a heartbeat, a scheduler's round goes on while the workers have nothing to do, and about as
often in a second while they work. Larger bursts last longer, so it looks like a cost of the task.

1. What in every burst counts what its rate with nothing to do foretells is *driven* by a clock: it
   costs a task nothing.
2. What a task needs and a clock calls, too (a read of the time, a send), has the share of the clock
   taken out: as often as something driven came in the same burst, so much as the two counted with
   nothing to do. Of all clocks the one is taken after which the bursts agree best on a difference.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.harness.lab.counting.task_cost import PREVAILING, Row, Table, agreement

EVENTS = 1.5
"""A clock comes into a span once more or less than its rate says, and somewhat late."""

HURRY = 0.5
"""By this share its rate may differ while there is work: what polls sleeps between its polls."""

DECIMALS = 6


def without_clock(
    tasks: Sequence[int], counts: Table, seconds: Sequence[float], idle: Row, idle_s: float
) -> Table:
    """*counts* of bursts, less what a clock drove.

    Args:
        tasks: of each burst; two sizes.
        counts: shape (bursts, quantities).
        seconds: how long the workers ran in each burst.
        idle: counts of the same quantities while there was nothing to do.
        idle_s: how long that was.
    """
    clocked = driven(counts, np.array(seconds), idle, idle_s)
    left = np.where(clocked, 0.0, counts)
    sizes = np.array(tasks)
    small, large = sizes == sizes.min(), sizes == sizes.max()
    agreed = agreement(left[small], left[large])
    mixed = ~clocked & (idle > 0)
    for rhythm in rhythms(counts[:, clocked] / idle[clocked]):
        tried = np.round(counts - rhythm[:, None] * idle, DECIMALS)
        better = agreement(tried[small], tried[large])
        taken = mixed & (better >= PREVAILING) & (better > agreed)
        left[:, taken], agreed[taken] = tried[:, taken], better[taken]
    return left


def driven(counts: Table, seconds: Row, idle: Row, idle_s: float) -> npt.NDArray[np.bool_]:
    """Which quantities count in every burst what their rate with nothing to do foretells.

    An event counts at least the greatest common divisor of all counts, and the idle span may have
    held one more or less, too.
    """
    event = np.gcd.reduce(np.rint(np.vstack([counts, idle])).astype(np.int64), axis=0)
    foretold = seconds[:, None] * idle / idle_s
    margin = np.maximum(EVENTS * event, HURRY * foretold) + seconds[:, None] * event / idle_s
    within: npt.NDArray[np.bool_] = (np.abs(counts - foretold) <= margin).all(axis=0)
    return within & (idle > 0)


def rhythms(shares: Table) -> list[Row]:
    """The different columns of *shares*: how often each clock came into each burst."""
    found = {tuple(column): column for column in np.round(shares, DECIMALS).T if column.any()}
    return list(found.values())

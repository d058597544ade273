"""How much of a timed change the counted one accounts for.

A task's CPU time is taken to follow its instructions, or, where those were not counted, its Python
lines of all packages. Lines differ in price, so that a share by lines is known within a factor.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.counts.judging import CountChange
from tracker.model.explanation import Share

PRICE_FACTOR = 1.5
"""Taken to lie between the price of an added line and that of the average one, either way: a
judgement, not a measurement. Instructions need none."""

TIMED = {"cpu_per_kilotask": "", "enqueue_cpu_per_kilotask": "enqueue_"}
"""Timed metrics whose change counts can account for, and what the counted ones begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedChange:
    """A metric that a clock found worse or better.

    Attributes:
        ratio: head / base; low, high: its interval, NaN where it has none.
    """

    scenario: str
    metric: str
    ratio: float
    low: float
    high: float


def share_of(timed: Iterable[TimedChange], counted: Sequence[CountChange]) -> Share | None:
    """Return the share of the first of *timed* that counts can account for, None without one."""
    by_name = {change.metric.name: change for change in counted}
    for one in timed:
        known = all(map(math.isfinite, (one.ratio, one.low, one.high)))
        if one.metric in TIMED and known and one.ratio != 1:
            expected, factor = _expected(by_name, TIMED[one.metric])
            if expected is not None:
                return _share(one, expected, factor)
    return None


def _expected(counted: Mapping[str, CountChange], prefix: str) -> tuple[float | None, float]:
    """The relative change that the counts let expect, and how far a price may be off."""
    for name, factor in (("instructions_per_task", 1.0), ("all_lines_per_task", PRICE_FACTOR)):
        change = counted.get(prefix + name)
        if change is not None and change.ratio is not None:
            return change.ratio - 1 if change.moved else 0.0, factor
    return None, 1.0


def _share(one: TimedChange, expected: float, factor: float) -> Share:
    value = _clip(expected / (one.ratio - 1))
    if one.low <= 1 <= one.high:  # of no change at all anything is a share
        ends = [0.0, 1.0]
    else:
        shares = [expected / (end - 1) for end in (one.low, one.high)]
        ends = [_clip(share * by) for share in shares for by in (1 / factor, factor)]
    return Share(
        metric=one.metric,
        ratio=one.ratio,
        value=value,
        low=min([*ends, value]),
        high=max([*ends, value]),
    )


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)

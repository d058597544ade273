"""How much of a timed change the counted one accounts for.

A task's CPU time is taken to follow its instructions, or, where those were not counted, its Python
lines of all packages. Lines differ in price, so that a share by lines is known within a factor.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.counts.count_changes import CountChange
from tracker.model.explanation import Share

PRICES = (1 / 6, 1.5)
"""What an added line costs, in average lines of a task, from a loop that hardly does anything to
calls into other packages. Under callgrind five planted loops took 96 to 353 instructions a line,
where a task of AsyncTasQ takes 555 on average. Instructions need none."""

EXACT = (1.0, 1.0)

TIMED = {"cpu_per_kilotask": "", "enqueue_cpu_per_kilotask": "enqueue_"}
"""Timed metrics whose change counts can account for, and what the counted ones begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedChange:
    """A metric that a clock found worse or better.

    Attributes:
        ratio: head / base; low, high: its interval, NaN where it has none.
        base: in the metric's unit, None where it is not known.
    """

    scenario: str
    metric: str
    ratio: float
    low: float
    high: float
    base: float | None = None


def share_of(timed: Iterable[TimedChange], counted: Sequence[CountChange]) -> Share | None:
    """Return the share of the first of *timed* that counts can account for, None without one."""
    by_name = {change.metric.name: change for change in counted}
    for one in timed:
        known = all(map(math.isfinite, (one.ratio, one.low, one.high)))
        if one.metric in TIMED and known and one.ratio != 1:
            expected, prices = _expected(by_name, TIMED[one.metric])
            if expected is not None:
                return _share(one, expected, prices)
    return None


def _expected(
    counted: Mapping[str, CountChange], prefix: str
) -> tuple[float | None, tuple[float, float]]:
    """The relative change that the counts let expect, and between what its price may lie."""
    for name, prices in (("instructions_per_task", EXACT), ("all_lines_per_task", PRICES)):
        change = counted.get(prefix + name)
        if change is not None and change.ratio is not None:
            return change.ratio - 1 if change.moved else 0.0, prices
    return None, EXACT


def _share(one: TimedChange, expected: float, prices: tuple[float, float]) -> Share:
    value = _clip(expected / (one.ratio - 1))
    if one.low <= 1 <= one.high:  # of no change at all anything is a share
        ends = [0.0, 1.0]
    else:
        shares = [expected / (end - 1) for end in (one.low, one.high)]
        ends = [_clip(share * by) for share in shares for by in prices]
    return Share(
        metric=one.metric,
        ratio=one.ratio,
        value=value,
        low=min([*ends, value]),
        high=max([*ends, value]),
    )


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)

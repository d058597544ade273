"""When a warm-up is over: the rates of equal blocks have stopped trending. Pure.

After E. Barrett, C. F. Bolz-Tereick, R. Killick, S. Mount, L. Tratt, "Virtual Machine Warmup Blows
Hot and Cold" (OOPSLA 2017, doi:10.1145/3133876): a steady state is established from the data, may
be missing, and is then said to be missing. Their change-point analysis needs thousands of
iterations; here two simple tests of the last blocks decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

BLOCKS = 4
"""Blocks that must agree; the fewest whose halves are more than one value each."""

TOLERANCE = 0.10
"""Largest relative difference between the halves, and largest relative trend over the blocks:
about the spread of blocks of a hundred tasks on an idle machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmup:
    """How a warm-up went.

    Attributes:
        verdict: "flat" (steady from the first block), "warmed_up", or "no_steady_state".
        tasks: sent until then.
        rates_per_s: of the blocks, in order.
    """

    verdict: str
    tasks: int
    rates_per_s: tuple[float, ...]


def is_steady(rates_per_s: Sequence[float]) -> bool:
    """Whether the last `BLOCKS` rates neither differ between their halves nor trend.

    >>> is_steady([900.0, 1000.0, 1010.0, 990.0, 1000.0]), is_steady([500.0, 700.0, 900.0, 1000.0])
    (True, False)
    """
    if len(rates_per_s) < BLOCKS:
        return False
    last = list(rates_per_s[-BLOCKS:])
    level = median(last)
    if level <= 0:
        return False
    halves = median(last[BLOCKS // 2 :]) - median(last[: BLOCKS // 2])
    slopes = [(last[j] - last[i]) / (j - i) for i, j in combinations(range(BLOCKS), 2)]
    trend = median(slopes) * (BLOCKS - 1)  # Theil-Sen, over the whole stretch
    return abs(halves) <= TOLERANCE * level and abs(trend) <= TOLERANCE * level


def conclude(rates_per_s: Sequence[float], tasks: int) -> Warmup:
    """Name the state that the warm-up ended in."""
    if not is_steady(rates_per_s):
        verdict = "no_steady_state"
    elif len(rates_per_s) == BLOCKS:
        verdict = "flat"
    else:
        verdict = "warmed_up"
    return Warmup(verdict=verdict, tasks=tasks, rates_per_s=tuple(rates_per_s))

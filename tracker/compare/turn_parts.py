"""Into what a turn is divided, and how one number is made of its parts.

What disturbs a machine only ever adds to what a task costs, and comes and goes within a second. So
a turn measures its load in many short parts; costs are judged by the least disturbed one (Chen and
Revels 2016, arXiv 1608.04295: the minimum is the robust estimator of a cost with added delays).
Everything else is the median of the parts: rates and latencies hold waiting, which belongs to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from tracker.model import Better, Metric

# Pure costs of the library's code: nothing that waits.
COSTS = frozenset({"cpu_per_kilotask", "enqueue_cpu_per_kilotask", "enqueue_rate"})

# Seconds of the budget that a scenario needs for each part: 8 rounds with A/A pairs and controls.
SECONDS_PER_PART = 15.0
FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A turn is *parts* runs, each with these shares of the scenario's loads."""

    parts: int
    burst_share: float
    paced_share: float


# The most parts of each size. At quick size 16 parts of 150 tasks differ from turn to turn by a
# quarter to a half less than 12 of 400, in the same seconds (RESULTS.md, the spread by design). At
# full size two turns send the whole burst: a round more says more than the second half of it, since
# what differs from turn to turn are the worker processes.
MOST = {
    "quick": Parts(parts=16, burst_share=0.15, paced_share=0.2),
    "full": Parts(parts=20, burst_share=1 / 40, paced_share=1 / 200),
}


def divide(size: str, budget_s: float, scenarios: int) -> Parts:
    """Choose as many parts as the budget has time for.

    >>> divide("quick", budget_s=900, scenarios=11).parts
    5
    """
    affordable = round(budget_s / max(scenarios, 1) / SECONDS_PER_PART)
    most = MOST[size]
    return replace(most, parts=min(max(affordable, FEWEST), most.parts))


def summarise(samples: Sequence[float], metric: Metric) -> float:
    """Return what stands for all *samples*, one per part; what may be zero is averaged."""
    if min(samples) <= 0:
        return fmean(samples)
    if metric.name in COSTS:
        return min(samples) if metric.better is Better.LOWER else max(samples)
    return float(median(samples))

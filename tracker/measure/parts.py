"""Into what a turn is divided, and how one number is made of its parts.

What disturbs a machine only ever adds to what a task costs, and comes and goes within a second. So
a turn measures its load in many short parts; costs are judged by the least disturbed one (Chen and
Revels 2016, arXiv 1608.04295: the minimum is the robust estimator of a cost with added delays).
Everything else is the median of the parts: rates and latencies hold waiting, which belongs to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from tracker.model import Better, Metric

# Pure costs of the library's code: nothing that waits.
COSTS = frozenset({"cpu_per_kilotask", "enqueue_cpu_per_kilotask", "enqueue_rate"})

MOST = {"quick": 12, "full": 20}
PACED_TASKS_SHARE = 0.2
FEWEST = 3

# Seconds of the budget that a scenario needs for each part: 8 rounds with A/A pairs and controls.
SECONDS_PER_PART = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A turn is *parts* runs, each with these shares of the scenario's loads."""

    parts: int
    burst_share: float
    paced_share: float


def divide(size: str, budget_s: float, scenarios: int) -> Parts:
    """Choose as many parts as the budget has time for.

    At full size the parts of a burst are as many tasks as the whole, however many parts.

    >>> divide("quick", budget_s=900, scenarios=11).parts
    4
    """
    affordable = round(budget_s / max(scenarios, 1) / SECONDS_PER_PART)
    most = MOST[size]
    if size == "full":
        return Parts(parts=most, burst_share=1 / most, paced_share=PACED_TASKS_SHARE / most)
    return Parts(parts=min(max(affordable, FEWEST), most), burst_share=0.4, paced_share=0.4)


def summarise(samples: Sequence[float], metric: Metric) -> float:
    """Return what stands for all *samples*, one per part; what may be zero is averaged."""
    if min(samples) <= 0:
        return fmean(samples)
    if metric.name in COSTS:
        return min(samples) if metric.better is Better.LOWER else max(samples)
    return float(median(samples))

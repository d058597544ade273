"""Whether a counted cost changed between base and head.

Counts repeat: Python lines and broker commands to the last one, instructions within 0.2 %. So there
is no test of significance. A change stands when every sample of head lies on the same side of its
sample of base, further off than counts of equal code ever were. Which distance that is depends on
what counts (`Metric.count_scatter`), on what the runs say of themselves (`CountedMetric.spread`),
and on how far the samples agree on the difference.
"""

import math
from dataclasses import dataclass

from tracker.model import Better, Metric, Verdict
from tracker.model.counts import CountedMetric

REACH = 4.0
"""Scatters of a difference that counts of equal code stay within."""

LEAST_LINES = 0.75
"""Lines or calls per task: what each task does more is one. What a timer does once more in a burst
of twenty, a dozen lines, adds less to each, and none of the bursts doubts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountChange:
    """One counted cost on both sides, judged.

    Attributes:
        base, head: per task, in the metric's unit.
        tolerance: difference up to which both are the same, in that unit; 0 is exact.
        moved: they differ by more, whether that matters or not.
        verdict: worse or better when they moved by the metric's floor or more, else no change.
    """

    metric: Metric
    base: float
    head: float
    tolerance: float
    moved: bool
    verdict: Verdict

    @property
    def ratio(self) -> float | None:
        """Head over base, None where one of them is zero."""
        return self.head / self.base if self.base > 0 and self.head > 0 else None

    @property
    def size(self) -> float:
        """The absolute log ratio; infinite where one of them is zero."""
        return abs(math.log(self.ratio)) if self.ratio else math.inf


def compare_counts(metric: Metric, base: CountedMetric, head: CountedMetric) -> CountChange:
    """Compare the samples of one metric."""
    low, high = differences(base, head)
    gap = max(low, -high)
    tolerance = tolerance_of(metric, base, head)
    moved = gap > max(tolerance, LEAST_LINES if metric.unit in {"lines", "calls"} else 0.0)
    verdict = Verdict.NO_CHANGE
    if moved and gap >= metric.floor * base.value:
        rising = head.value > base.value
        verdict = Verdict.WORSE if rising == (metric.better is Better.LOWER) else Verdict.BETTER
    return CountChange(
        metric=metric,
        base=base.value,
        head=head.value,
        tolerance=tolerance,
        moved=moved,
        verdict=verdict,
    )


def differences(base: CountedMetric, head: CountedMetric) -> tuple[float, float]:
    """Return the least and the largest difference of the samples: head's less base's.

    The first of either side were counted side by side in one layout of memory, and so on; where
    there are not as many, each is compared with each.
    """
    if len(base.samples) == len(head.samples):
        own = [new - old for old, new in zip(base.samples, head.samples, strict=True)]
        return min(own), max(own)
    return min(head.samples) - max(base.samples), max(head.samples) - min(base.samples)


def join_counts(one: CountedMetric, other: CountedMetric) -> CountedMetric:
    """Both counts of one commit as if they were one, with the doubts of both."""
    samples = (*one.samples, *other.samples)
    return CountedMetric(
        unit=one.unit,
        value=min(samples),
        spread=one.spread + other.spread,
        samples=samples,
    )


def tolerance_of(metric: Metric, base: CountedMetric, head: CountedMetric) -> float:
    """Return the difference that equal code may show, in the metric's unit."""
    low, high = differences(base, head)
    own = base.spread + head.spread + high - low
    scatter = REACH * (metric.count_scatter or 0.0) * max(abs(base.value), abs(head.value))
    return max(own, scatter) if math.isfinite(own) else math.inf

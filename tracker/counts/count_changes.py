"""Whether a counted cost changed between base and head.

Counts repeat: Python lines and broker commands to the last one, instructions within 0.2 %. So there
is no test of significance. A change stands when every sample of head lies on the same side of every
sample of base, further off than counts of equal code ever were. Which distance that is depends on
what counts (`Metric.count_scatter`), and on what the run says of itself (`CountedMetric.spread`).
"""

import math
from dataclasses import dataclass

from tracker.model import Better, Metric, Verdict
from tracker.model.counts import CountedMetric

REACH = 4.0
"""Scatters of a difference that counts of equal code stay within."""

LEAST_LINES = 0.2
"""Lines or calls per task: a timer that fires once more in a burst of forty adds less to each."""


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
    tolerance = tolerance_of(metric, base, head)
    gap = max(min(head.samples) - max(base.samples), min(base.samples) - max(head.samples))
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


def join_counts(one: CountedMetric, other: CountedMetric) -> CountedMetric:
    """Both counts of one commit as if they were one."""
    samples = (*one.samples, *other.samples)
    return CountedMetric(
        unit=one.unit,
        value=min(samples),
        spread=max(one.spread, other.spread),
        samples=samples,
    )


def tolerance_of(metric: Metric, base: CountedMetric, head: CountedMetric) -> float:
    """Return the difference that equal code may show, in the metric's unit."""
    own = base.spread + head.spread
    scatter = REACH * (metric.count_scatter or 0.0) * max(abs(base.value), abs(head.value))
    return max(own, scatter) if math.isfinite(own) else math.inf

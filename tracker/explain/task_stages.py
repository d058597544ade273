"""Where the time of a task changed: sending, wait, execution, or the turnover of a burst.

The stamps of the tasks tell the first three. Acknowledging leaves no stamp: it shows where a burst
takes more wall time per task than its CPU time and its execution account for.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from tracker.model.catalogue import CPU_TIMES, METRICS
from tracker.model.explanation import Stage, StageName

KILO = 1000.0

STAGES = {
    "enqueue_rate": (StageName.SENDING, "enqueue_cpu_per_kilotask"),
    "wait_p50": (StageName.WAIT, "cpu_per_kilotask"),
    "execution_p50": (StageName.EXECUTION, "cpu_per_kilotask"),
    "processing_rate": (StageName.TURNOVER, "cpu_per_kilotask"),
}
"""Metric to the stage that it times, and to the CPU time that may be a part of that."""

TIMES = frozenset({*STAGES, *CPU_TIMES})
"""The metrics that stages are made of."""

ROLES = {StageName.SENDING: "producer"}
"""Whose time a stage is; the worker's, where it is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a clock read of a metric on both sides.

    Attributes:
        base: in the metric's unit, positive.
        ratio: head / base; low, high: its interval.
    """

    metric: str
    base: float
    ratio: float
    low: float
    high: float


def timing_of(metric: str, base: Sequence[float], head: Sequence[float]) -> Timing | None:
    """Compare the samples of two runs; None where there are none, or one is not positive.

    The interval holds every sample of head over every one of base.
    """
    if not base or not head or min(*base, *head) <= 0:
        return None
    return Timing(
        metric=metric,
        base=median(base),
        ratio=median(head) / median(base),
        low=min(head) / max(base),
        high=max(head) / min(base),
    )


def stages_of(timings: Iterable[Timing]) -> tuple[Stage, ...]:
    """Return the stages that were timed; none where none of them moved."""
    by_metric = {one.metric: one for one in timings if _is_known(one)}
    stages = tuple(
        _stage(name, by_metric[metric], by_metric.get(cpu))
        for metric, (name, cpu) in STAGES.items()
        if metric in by_metric
    )
    return stages if any(stage.moved for stage in stages) else ()


def beside(timing: Timing, controls: Iterable[Timing]) -> Timing:
    """Return *timing* less sure by what no commit changed: what *controls* show is the machine's.

    Args:
        timing: of the library.
        controls: the same metric of others, beside the same two commits.
    """
    ends = [end for one in controls for end in (one.low, one.high)]
    return replace(timing, low=timing.low / max([1.0, *ends]), high=timing.high / min([1.0, *ends]))


def waiting_roles(stages: Iterable[Stage]) -> frozenset[str]:
    """Who spends more time without spending the CPU: "worker" or "producer"."""
    return frozenset(
        ROLES.get(stage.name, "worker") for stage in stages if stage.waits and stage.difference > 0
    )


def _is_known(one: Timing) -> bool:
    values = (one.base, one.ratio, one.low, one.high)
    return all(map(math.isfinite, values)) and min(values) > 0


def _stage(name: StageName, timing: Timing, cpu: Timing | None) -> Stage:
    base, ratio, low, high = timing.base, timing.ratio, timing.low, timing.high
    if METRICS[timing.metric].unit == "tasks/s":
        base, ratio, low, high = 1 / base, 1 / ratio, 1 / high, 1 / low
    longer = ratio > 1
    return Stage(
        name=name,
        base=base,
        head=base * ratio,
        low=base * (low - 1),
        high=base * (high - 1),
        floor=METRICS[timing.metric].floor * base,
        cpu=None if cpu is None else _at_most(cpu, longer=longer),
    )


def _at_most(cpu: Timing, *, longer: bool) -> float:
    """How many CPU seconds more per task there can be, or less where it takes less long."""
    end = cpu.high - 1 if longer else 1 - cpu.low
    return max(end, 0.0) * cpu.base / KILO

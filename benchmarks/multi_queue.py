"""Several queues: high, default and low priority, overloaded with tasks of 20 ms.

How long does each class wait, and how even is that (Jain's index of the mean waits, 1/3 to 1)?
Without strict priority a library is approximate or unsupported (arq).
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import named
from benchmarks.harness.shared.plans import FULL, QUICK, burst
from benchmarks.harness.shared.spec import (
    MetricSpec,
    ScenarioSpec,
    TaskClass,
    Variant,
    Work,
    WorkerPlan,
)

_QUEUES = ("high", "default", "low")
_SHARES = (0.2, 0.3, 0.5)
_SCALES = (("rq", 0.4),)

SPEC = ScenarioSpec(
    name="multi_queue",
    version=1,
    title="Queues of three priorities under overload",
    variants=(
        Variant(
            workers=WorkerPlan(work=Work.IO, concurrency=4, queues=_QUEUES),
            tasks=tuple(
                TaskClass(name=queue, workload="sleep", share=share, queue=queue)
                for queue, share in zip(_QUEUES, _SHARES, strict=True)
            ),
        ),
    ),
    quick=replace(QUICK, phases=(burst(300),), warmup_tasks=30, warmup_cap_s=0.4, scales=_SCALES),
    full=replace(FULL, phases=(burst(5_000),), scales=_SCALES),
    metrics=(
        *named("throughput", "throughput_cv", "cpu_per_kilotask"),
        *(
            MetricSpec(name=f"wait_{queue}_p{percent}", unit="s")
            for queue in _QUEUES
            for percent in (50, 95)
        ),
        MetricSpec(name="queue_fairness", unit="ratio"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:multi_queue",
    waiting=True,
)


@_asv.scenario(SPEC)
class MultiQueue:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

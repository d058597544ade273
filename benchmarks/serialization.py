"""Serialization: tasks that carry a small, a nested, a binary or a record-like argument.

Shows throughput, and memory on the broker per waiting task (of ten, no worker running), with
default serializers. A type that one cannot carry is unsupported.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import named
from benchmarks.harness.shared.payloads import KINDS
from benchmarks.harness.shared.plans import FULL, QUICK, burst
from benchmarks.harness.shared.spec import MetricSpec, ScenarioSpec, TaskClass, Variant

_SCALES = (("rq", 0.1), ("procrastinate", 0.3))

SPEC = ScenarioSpec(
    name="serialization",
    version=2,
    title="Serialization of arguments",
    variants=tuple(
        Variant(name=kind, tasks=(TaskClass(name=kind, workload=f"take_{kind}"),)) for kind in KINDS
    ),
    quick=replace(QUICK, phases=(burst(1_000),), warmup_tasks=30, warmup_cap_s=0.4, scales=_SCALES),
    full=replace(FULL, phases=(burst(5_000),), warmup_tasks=300, scales=_SCALES),
    metrics=(
        *named("throughput_cv", "cpu_per_kilotask", "memory_peak", "enqueue_rate"),
        *(
            MetricSpec(name=f"{name}_{kind}", unit=unit, variant=kind)
            for kind in KINDS
            for name, unit in (("throughput", "tasks/s"), ("bytes_per_task", "B"))
        ),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:serialization",
    probe="benchmarks.harness.lab.station.probes:stored_bytes",
    queue_first=True,
)


@_asv.scenario(SPEC)
class Serialization:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

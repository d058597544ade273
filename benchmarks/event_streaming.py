"""Event streaming: what a library's events cost, how late they arrive, how many are lost.

The same burst with events off and on, and a listener. AsyncTasQ and Celery have their own events;
the hooks of the others publish ours, an approximation.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import named
from benchmarks.harness.shared.plans import FULL, QUICK, burst
from benchmarks.harness.shared.spec import Companion, MetricSpec, ScenarioSpec, TaskClass, Variant

_NOOP = (TaskClass(name="noop", workload="noop"),)
_SCALES = (("rq", 0.1), ("procrastinate", 0.3))

SPEC = ScenarioSpec(
    name="event_streaming",
    version=2,
    title="Events: off and on",
    variants=(
        Variant(name="off", tasks=_NOOP),
        Variant(name="on", tasks=_NOOP, events=True),
    ),
    quick=replace(QUICK, phases=(burst(1_000),), warmup_tasks=50, warmup_cap_s=0.4, scales=_SCALES),
    full=replace(FULL, phases=(burst(10_000),), warmup_tasks=500, scales=_SCALES),
    metrics=(
        *named("throughput", "throughput_cv", "cpu_per_kilotask"),
        MetricSpec(name="throughput_with_events", unit="tasks/s", variant="on"),
        MetricSpec(name="event_latency_p50", unit="s", variant="on"),
        MetricSpec(name="event_latency_p99", unit="s", variant="on"),
        MetricSpec(name="event_loss", unit="ratio", variant="on"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:event_streaming",
    waiting=True,
    probe="benchmarks.harness.lab.station.probes:delivered_events",
    companions=(Companion(module="benchmarks.harness.lab.station.event_listener"),),
)


@_asv.scenario(SPEC)
class EventStreaming:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

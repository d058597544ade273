"""Scalability: bursts of growing size, each drained before the next.

`growth_exponent` says how time grows with size: 1 is proportional, more is a cost of the backlog.
Memory and spread are the largest burst's. RQ and procrastinate get fewer tasks.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import named
from benchmarks.harness.shared.plans import FULL, QUICK, burst
from benchmarks.harness.shared.spec import MetricSpec, Phase, ScenarioSpec, TaskClass, Variant

_SCALES = (("rq", 0.05), ("procrastinate", 0.25))


def _bursts(*sizes: int) -> tuple[Phase, ...]:
    return tuple(burst(size, f"n{size}") for size in sizes)


SPEC = ScenarioSpec(
    name="scalability",
    version=2,
    title="Scalability: growing bursts",
    variants=(Variant(tasks=(TaskClass(name="noop", workload="noop"),)),),
    quick=replace(
        QUICK,
        rounds=3,
        runs_per_round=1,
        phases=_bursts(200, 800, 2_400),
        warmup_tasks=100,
        run_limit_s=90,
        scales=_SCALES,
    ),
    full=replace(
        FULL,
        rounds=3,
        runs_per_round=1,
        phases=_bursts(1_000, 10_000, 100_000),
        warmup_tasks=500,
        run_limit_s=1_800,
        scales=_SCALES,
    ),
    metrics=(
        MetricSpec(name="throughput_smallest", unit="tasks/s"),
        MetricSpec(name="throughput_largest", unit="tasks/s"),
        MetricSpec(name="growth_exponent", unit="exponent"),
        *named("throughput_cv", "memory_peak", "failure_rate"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:scalability",
)


@_asv.scenario(SPEC)
class Scalability:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

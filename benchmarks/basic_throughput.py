"""Basic throughput: tasks that do nothing, so that what is left is the library.

Shows the cost of a task (sending, fetching, acknowledging) as throughput of a burst, and the time
that a task takes through an idle system as latency of a paced load. It cannot show how a library
behaves when tasks wait, compute, fail or carry large arguments; the other scenarios do.
"""

from benchmarks.harness import scenario_class as _asv
from benchmarks.harness.metric_names import COMMON
from benchmarks.harness.spec import LoadPlan, Pattern, Phase, ScenarioSpec, TaskClass, Variant

_RATES = (("rq", 15.0), ("procrastinate", 40.0))
_SCALES = (("rq", 0.05), ("procrastinate", 0.2))

SPEC = ScenarioSpec(
    name="basic_throughput",
    version=1,
    title="Basic throughput",
    variants=(Variant(tasks=(TaskClass(name="noop", workload="noop"),)),),
    quick=LoadPlan(
        generations=3,
        runs_per_generation=2,
        phases=(
            Phase(name="burst", pattern=Pattern.BURST, tasks=1_000),
            Phase(
                name="paced", pattern=Pattern.PACED, tasks=60, rate_per_s=150, rates_per_s=_RATES
            ),
        ),
        warmup_tasks=100,
        warmup_cap_s=1.5,
        pause_s=0.05,
        run_limit_s=60,
        ready_limit_s=30,
        sample_interval_s=0.1,
        scales=_SCALES,
    ),
    full=LoadPlan(
        generations=5,
        runs_per_generation=2,
        phases=(
            Phase(name="burst", pattern=Pattern.BURST, tasks=20_000),
            Phase(
                name="paced", pattern=Pattern.PACED, tasks=3_000, rate_per_s=100, rates_per_s=_RATES
            ),
        ),
        warmup_tasks=1_000,
        scales=_SCALES,
    ),
    metrics=COMMON,
)


@_asv.scenario(SPEC)
class BasicThroughput:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

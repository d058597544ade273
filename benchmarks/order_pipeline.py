"""A real-world pipeline: validate an order, charge it, send an e-mail, reserve the stock.

Shows the time from when an order is due until its last step has ended. The charge is refused by
the service for 5 % of first attempts, by seed, and the library's own retry tries again at once.
Where a library has chains they are used (Celery, dramatiq, huey); elsewhere a step sends the next
one, which is an approximation. `throughput` counts steps. It cannot show compensation or exactly-
once effects: a step that ends well is never undone.
"""

from benchmarks.harness import scenario_class as _asv
from benchmarks.harness.metric_names import named
from benchmarks.harness.spec import (
    Companion,
    LoadPlan,
    MetricSpec,
    Pattern,
    Phase,
    ScenarioSpec,
    TaskClass,
    Variant,
    Work,
    WorkerPlan,
)

_ORDER = TaskClass(
    name="order",
    workload="validate_order",
    then=("charge_order", "send_email", "reserve_stock"),
    max_retries=3,
)
_RATES = (("rq", 2.0),)
_SCALES = (("rq", 0.2),)

SPEC = ScenarioSpec(
    name="order_pipeline",
    version=1,
    title="Order pipeline: four steps with retries",
    variants=(
        Variant(
            workers=WorkerPlan(work=Work.IO, processes=2),
            tasks=(_ORDER,),
            options=(("api_latency_ms", "20"), ("api_errors", "0.05")),
        ),
    ),
    quick=LoadPlan(
        generations=2,
        runs_per_generation=1,
        phases=(
            Phase(name="burst", pattern=Pattern.BURST, tasks=60),
            Phase(name="paced", pattern=Pattern.PACED, tasks=30, rate_per_s=10, rates_per_s=_RATES),
        ),
        warmup_tasks=10,
        warmup_cap_s=0.5,
        pause_s=0.1,
        run_limit_s=90,
        ready_limit_s=40,
        sample_interval_s=0.1,
        scales=_SCALES,
    ),
    full=LoadPlan(
        generations=5,
        runs_per_generation=2,
        phases=(
            Phase(name="burst", pattern=Pattern.BURST, tasks=1_000),
            Phase(
                name="paced", pattern=Pattern.PACED, tasks=400, rate_per_s=10, rates_per_s=_RATES
            ),
        ),
        warmup_tasks=100,
        scales=_SCALES,
    ),
    metrics=(
        *named("throughput", "throughput_cv", "cpu_per_kilotask", "memory_peak", "failure_rate"),
        *(MetricSpec(name=f"order_latency_p{n}", unit="s") for n in (50, 95, 99)),
        MetricSpec(name="retry_rate", unit="ratio"),
    ),
    extra_metrics="benchmarks.harness.lab.scenario_metrics:order_pipeline",
    companions=(Companion(module="benchmarks.harness.lab.mock_api"),),
    web=True,
)


@_asv.scenario(SPEC)
class OrderPipeline:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

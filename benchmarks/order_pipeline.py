"""A real-world pipeline: validate an order, charge it, send an e-mail, reserve the stock.

Times an order from when it is due to the end of its last step. 5 % of first and second charges are
refused and retried. Without chains, a step sends the next one: an approximation. `throughput`
counts steps, `cpu_per_kilotask` orders.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import named
from benchmarks.harness.shared.plans import FULL, MOCK_API, QUICK, burst, paced
from benchmarks.harness.shared.spec import (
    MetricSpec,
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
    version=3,
    title="Order pipeline: four steps with retries",
    variants=(
        Variant(
            workers=WorkerPlan(work=Work.IO),
            tasks=(_ORDER,),
            options=(("api_latency_ms", "20"), ("api_errors", "0.05")),
        ),
    ),
    quick=replace(
        QUICK,
        phases=(burst(100), paced(30, 10, _RATES)),
        warmup_tasks=10,
        run_limit_s=90,
        scales=_SCALES,
    ),
    full=replace(
        FULL, phases=(burst(1_000), paced(400, 10, _RATES)), warmup_tasks=100, scales=_SCALES
    ),
    metrics=(
        *named("throughput", "throughput_cv", "cpu_per_kilotask", "memory_peak", "failure_rate"),
        *(MetricSpec(name=f"order_latency_p{n}", unit="s") for n in (50, 95, 99)),
        MetricSpec(name="retry_rate", unit="ratio"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:order_pipeline",
    companions=MOCK_API,
    web=True,
)


@_asv.scenario(SPEC)
class OrderPipeline:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

"""I/O-bound work: every task waits for one HTTP answer of a local service, 100 ms.

`concurrency_use` is the share reached of the ideal, 100 tasks/s at a concurrency of ten. `wide` has
a hundred. RQ is approximated by ten workers.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import FULL, MOCK_API, QUICK, burst, paced
from benchmarks.harness.shared.spec import (
    MetricSpec,
    ScenarioSpec,
    TaskClass,
    Variant,
    Work,
    WorkerPlan,
)

_CALL = (TaskClass(name="call", workload="call_api"),)
_OPTIONS = (("api_latency_ms", "100"),)
_RATES = (("rq", 8.0),)
_SCALES = (("rq", 0.3),)

SPEC = ScenarioSpec(
    name="io_bound",
    version=2,
    title="I/O-bound: HTTP calls of 100 ms",
    variants=(
        Variant(workers=WorkerPlan(work=Work.IO), tasks=_CALL, options=_OPTIONS),
        Variant(
            name="wide",
            workers=WorkerPlan(work=Work.IO, concurrency=100),
            tasks=_CALL,
            options=_OPTIONS,
        ),
    ),
    quick=replace(
        QUICK, phases=(burst(150), paced(45, 30, _RATES)), warmup_tasks=30, scales=_SCALES
    ),
    full=replace(FULL, phases=(burst(3_000), paced(900, 30, _RATES)), scales=_SCALES),
    metrics=(
        *COMMON,
        MetricSpec(name="concurrency_use", unit="ratio"),
        MetricSpec(name="throughput_wide", unit="tasks/s", variant="wide"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:io_bound",
    companions=MOCK_API,
    web=True,
)


@_asv.scenario(SPEC)
class IoBound:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

"""FastAPI: an HTTP request that sends a task, and the end of that task.

An application on uvicorn sends a task per request, with at most 20 requests in progress. Libraries
with a synchronous client run their endpoint on a thread.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import FULL, QUICK, burst, paced
from benchmarks.harness.shared.spec import Companion, MetricSpec, ScenarioSpec, TaskClass, Variant

_RATES = (("rq", 8.0), ("procrastinate", 25.0))
_SCALES = (("rq", 0.2), ("procrastinate", 0.5))

SPEC = ScenarioSpec(
    name="fastapi_dispatch",
    version=2,
    title="FastAPI: from request to done",
    variants=(Variant(tasks=(TaskClass(name="noop", workload="noop"),)),),
    quick=replace(
        QUICK, phases=(burst(400), paced(80, 50, _RATES)), warmup_tasks=50, scales=_SCALES
    ),
    full=replace(
        FULL, phases=(burst(5_000), paced(1_500, 50, _RATES)), warmup_tasks=300, scales=_SCALES
    ),
    metrics=(
        *COMMON,
        MetricSpec(name="request_latency_p50", unit="s"),
        MetricSpec(name="request_latency_p99", unit="s"),
        MetricSpec(name="request_rate", unit="requests/s"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:fastapi_dispatch",
    probe="benchmarks.harness.lab.station.probes:answered_requests",
    producer="benchmarks.harness.library.http_load",
    companions=(Companion(module="benchmarks.harness.library.fastapi_server", in_library=True),),
    web=True,
)


@_asv.scenario(SPEC)
class FastapiDispatch:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

"""Mixed work: 60 % HTTP calls, 30 % light computing, 10 % PBKDF2, in a seeded order.

Do heavy tasks delay light ones? Approximations: one kind of pool, a second worker (Celery), an
executor (arq, procrastinate).
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

_TASKS = (
    TaskClass(name="io", workload="call_api", share=0.6),
    TaskClass(name="light", workload="compute_lightly", share=0.3),
    TaskClass(name="heavy", workload="hash_password", share=0.1),
)
_RATES = (("rq", 8.0),)
_SCALES = (("rq", 0.4),)

SPEC = ScenarioSpec(
    name="mixed_load",
    version=1,
    title="Mixed: I/O, light and heavy computing",
    variants=(
        Variant(
            workers=WorkerPlan(work=Work.MIXED, processes=2),
            tasks=_TASKS,
            options=(("api_latency_ms", "50"),),
        ),
    ),
    quick=replace(
        QUICK, phases=(burst(200), paced(60, 40, _RATES)), warmup_tasks=40, scales=_SCALES
    ),
    full=replace(FULL, phases=(burst(3_000), paced(1_200, 40, _RATES)), scales=_SCALES),
    metrics=(
        *COMMON,
        *(MetricSpec(name=f"latency_{name}_p95", unit="s") for name in ("io", "light", "heavy")),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:mixed_load",
    companions=MOCK_API,
    web=True,
)


@_asv.scenario(SPEC)
class MixedLoad:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

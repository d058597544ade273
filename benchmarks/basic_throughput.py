"""Basic throughput: tasks that do nothing, so that what remains is the library.

A burst shows what a task costs, a paced load how long one takes through an idle system. `untuned`
has the defaults of arq and procrastinate (docs/libraries.md).
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import FULL, QUICK, burst, paced
from benchmarks.harness.shared.spec import ScenarioSpec, TaskClass, Variant

_NOOP = (TaskClass(name="noop", workload="noop"),)
_TUNED = ("arq", "procrastinate")
_RATES = (("rq", 15.0), ("procrastinate", 40.0))
_SCALES = (("dramatiq", 2.0), ("huey", 2.0), ("rq", 0.05), ("procrastinate", 0.2))

SPEC = ScenarioSpec(
    name="basic_throughput",
    version=3,
    title="Basic throughput",
    variants=(
        Variant(tasks=_NOOP),
        Variant(name="untuned", tasks=_NOOP, options=(("tuned", "no"),), only=_TUNED),
    ),
    quick=replace(
        QUICK,
        phases=(burst(1_000, parts=6), paced(60, 150, _RATES)),
        warmup_tasks=100,
        warmup_cap_s=1.5,
        pause_s=0.02,
        ready_limit_s=30,
        scales=_SCALES,
    ),
    full=replace(
        FULL, phases=(burst(20_000), paced(3_000, 100, _RATES)), warmup_tasks=1_000, scales=_SCALES
    ),
    metrics=COMMON,
)


@_asv.scenario(SPEC)
class BasicThroughput:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

"""CPU-bound work: half PBKDF2 (C code that releases the interpreter's lock), half pure Python.

The main variant has two processes; `threads` and `event_loop` show what these anti-patterns cost.
arq and procrastinate have an executor, not a process pool.
"""

from dataclasses import replace

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import FULL, QUICK, burst, paced
from benchmarks.harness.shared.spec import (
    MetricSpec,
    ScenarioSpec,
    TaskClass,
    Variant,
    Work,
    WorkerPlan,
)

_TASKS = (
    TaskClass(name="hash", workload="hash_password"),
    TaskClass(name="python", workload="compute"),
)
_WORKERS = WorkerPlan(work=Work.CPU, concurrency=2, processes=2)
_RATES = (("rq", 5.0),)
_SCALES = (("rq", 0.5),)

SPEC = ScenarioSpec(
    name="cpu_bound",
    version=1,
    title="CPU-bound: PBKDF2 and Python code",
    variants=(
        Variant(name="processes", workers=_WORKERS, tasks=_TASKS),
        Variant(name="threads", workers=_WORKERS, tasks=_TASKS, options=(("cpu_form", "threads"),)),
        Variant(
            name="event_loop",
            workers=_WORKERS,
            tasks=_TASKS,
            options=(("cpu_form", "event_loop"),),
        ),
    ),
    quick=replace(
        QUICK, phases=(burst(100), paced(30, 20, _RATES)), warmup_tasks=20, scales=_SCALES
    ),
    full=replace(
        FULL, phases=(burst(2_000), paced(600, 20, _RATES)), warmup_tasks=100, scales=_SCALES
    ),
    metrics=(
        *COMMON,
        MetricSpec(name="throughput_threads", unit="tasks/s", variant="threads"),
        MetricSpec(name="throughput_event_loop", unit="tasks/s", variant="event_loop"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:cpu_bound",
)


@_asv.scenario(SPEC)
class CpuBound:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

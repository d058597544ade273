"""Cold start: from starting the workers to the first task, and to full concurrency.

Ten tasks of half a second wait in the queue; `time_to_ready` is when the last begins. The imported
files are in memory.
"""

from benchmarks.harness.asv import scenario_class as _asv
from benchmarks.harness.shared.spec import LoadPlan, MetricSpec, ScenarioSpec, TaskClass, Variant

SPEC = ScenarioSpec(
    name="cold_start",
    version=1,
    title="Cold start of workers",
    variants=(Variant(tasks=(TaskClass(name="hold", workload="hold"),)),),
    quick=LoadPlan(rounds=3, runs_per_round=1, phases=(), ready_limit_s=40),
    full=LoadPlan(rounds=10, runs_per_round=1, phases=(), ready_limit_s=60),
    metrics=(
        MetricSpec(name="time_to_first_task", unit="s"),
        MetricSpec(name="time_to_ready", unit="s"),
    ),
    extra_metrics="benchmarks.harness.lab.results.scenario_metrics:cold_start",
)


@_asv.scenario(SPEC)
class ColdStart:
    """See the module."""

    def setup_cache(self) -> _asv.Cells:
        """Measure once, for all metrics and libraries."""
        return _asv.measure(SPEC)

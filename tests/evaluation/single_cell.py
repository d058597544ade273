"""One library under one plan, for commands that measure beside the scenarios."""

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.run.laboratory import environment
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.spec import LoadPlan, ScenarioSpec, Size, TaskClass, Variant

NOOPS = Variant(tasks=(TaskClass(name="noop", workload="noop"),))


def single_cell(library: str, plan: LoadPlan, *, name: str, variant: Variant = NOOPS) -> Cell:
    """The cell of *library* in a scenario of *variant* alone, in its locked environment.

    Raises:
        HarnessError: there is no such library, or its environment cannot be built.
    """
    spec = ScenarioSpec(
        name=name, version=1, title=name, variants=(variant,), quick=plan, full=plan, metrics=()
    )
    return Cell(
        library=library,
        adapter=import_adapter(library),
        python=environment(library),
        spec=spec,
        size=Size.FULL,
    )

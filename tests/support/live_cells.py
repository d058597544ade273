"""Real measurements of small scenarios, with the reference library or a real one."""

import sys
from pathlib import Path

from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.run.laboratory import opener
from benchmarks.harness.lab.run.measurement import measure
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.shared.environments import default_root, ensure_environment
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.spec import (
    LoadPlan,
    Phase,
    ScenarioSpec,
    Size,
    TaskClass,
    Variant,
    WorkerPlan,
)


def scenario(
    *phases: Phase, options: dict[str, str] | None = None, workload: str = "noop", **plan
) -> ScenarioSpec:
    """One variant of tasks of one kind; *options* go to the reference library."""
    variant = Variant(
        tasks=(TaskClass(name=workload, workload=workload),),
        workers=WorkerPlan(concurrency=10),
        options=tuple((options or {}).items()),
    )
    defaults = {
        "rounds": 1, "runs_per_round": 1, "warmup_tasks": 10, "warmup_cap_s": 0.1,
        "pause_s": 0.05, "run_limit_s": 60.0, "ready_limit_s": 30.0, "sample_interval_s": 0.1,
    }  # fmt: skip
    load = LoadPlan(phases=phases, **{**defaults, **plan})
    return ScenarioSpec(
        name="live", version=1, title="", variants=(variant,), quick=load, full=load, metrics=()
    )


def measure_live(
    spec: ScenarioSpec, *libraries: str, progress=lambda _text: None
) -> list[CellData]:
    """Measure with real processes; "fake" runs in this interpreter, others in their own."""
    data = [
        CellData(
            cell=Cell(
                library=name,
                adapter=import_adapter(name),
                python=interpreter(name),
                spec=spec,
                size=Size.QUICK,
            )
        )
        for name in libraries
    ]
    with Keeper() as keeper:
        measure(data, open_station=opener(keeper), clock=SystemClock(), progress=progress)
    return data


def interpreter(library: str) -> Path:
    """Where *library* runs."""
    if library == "fake":
        return Path(sys.executable)
    return ensure_environment(library, root=default_root(), base_python=Path(sys.executable))

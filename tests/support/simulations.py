"""Small scenarios for the simulated station."""

from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.run.measurement import measure
from benchmarks.harness.shared.adapter import Support
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import burst, paced
from benchmarks.harness.shared.spec import LoadPlan, ScenarioSpec, Size, TaskClass, Variant
from tests.support.fake_clock import FakeClock
from tests.support.simulated_station import Behaviour, SimulatedAdapter, simulated_station

BURST = burst(400)
PACED = paced(100, 200)
NOOP = TaskClass(name="noop", workload="noop")


ONLY = (Variant(tasks=(NOOP,)),)


def scenario(*, variants=ONLY, metrics=COMMON, **plan) -> ScenarioSpec:
    """A scenario of a few hundred tasks; keywords change its plan."""
    defaults = {
        "rounds": 3,
        "runs_per_round": 2,
        "phases": (BURST, PACED),
        "warmup_tasks": 50,
        "warmup_cap_s": 30.0,
        "pause_s": 0.1,
        "run_limit_s": 120.0,
        "ready_limit_s": 20.0,
    }
    load = LoadPlan(**{**defaults, **plan})
    return ScenarioSpec(
        name="simulation", version=1, title="", variants=variants, quick=load, full=load,
        metrics=metrics,
    )  # fmt: skip


def simulate(behaviours: dict[str, Behaviour], spec: ScenarioSpec | None = None, support=None):
    """Measure the named simulated libraries; the cells, and the progress lines."""
    clock, said = FakeClock(), []
    data = [
        CellData(
            cell=Cell(
                library=name,
                adapter=SimulatedAdapter(name, (support or {}).get(name, Support())),
                python=Path(),
                spec=spec or scenario(),
                size=Size.QUICK,
            )
        )
        for name in behaviours
    ]

    @contextmanager
    def open_station(cell, job):
        with simulated_station(cell, job, clock, behaviours[cell.library]) as station:
            yield station

    measure(data, open_station=open_station, clock=clock, progress=said.append)
    return data, said

"""Turns on demand: what a request makes of a scenario's load."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.run.line_protocol import FEWEST_TASKS, STRETCH, Parts
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.scenarios import import_spec, scenario_names
from benchmarks.harness.shared.spec import Pattern, Size


def test_without_parts_a_turn_is_one_whole_run():
    """The load of the scenario file, once, in one round."""
    whole = import_spec("basic_throughput").plan(Size.QUICK)
    plan = Parts().of(import_spec("basic_throughput"), Size.QUICK).plan(Size.QUICK)
    assert (plan.rounds, plan.runs_per_round) == (1, 1)
    assert plan.phases == whole.phases
    assert plan.pause_s == whole.pause_s
    assert plan.stretch == whole.stretch == 0


@pytest.mark.parametrize("size", list(Size))
def test_parts_share_the_load_and_keep_enough_tasks(size):
    """Twenty parts of a twentieth: never fewer tasks than a figure needs, nor than the whole."""
    spec = import_spec("basic_throughput")
    parts = Parts(count=20, burst_share=0.05, paced_share=0.01)
    plan = parts.of(spec, size).plan(size)
    assert plan.runs_per_round == 20
    assert plan.stretch == STRETCH
    for part, whole in zip(plan.phases, spec.plan(size).phases, strict=True):
        share = 0.05 if part.pattern is Pattern.BURST else 0.01
        least = min(FEWEST_TASKS[part.pattern], whole.tasks)
        assert part.tasks == max(round(share * whole.tasks), least)


@pytest.mark.parametrize(("scenario", "stretch"), [("basic_throughput", 10), ("mixed_load", 0)])
def test_loads_of_several_classes_have_no_stretches(tmp_path, scenario, stretch):
    """The cheapest stretch of a mixed load would hold its cheapest class alone."""
    timeline.create(tmp_path / "timeline", 1)
    spec = Parts(count=2).of(import_spec(scenario), Size.QUICK)
    cell = Cell(
        library="fake", adapter=import_adapter("asynctasq"), python=tmp_path, spec=spec,
        size=Size.QUICK,
    )  # fmt: skip
    context = AppContext(
        library="fake", broker_url="", timeline=str(tmp_path / "timeline"), folder=str(tmp_path),
        variant=cell.variants[0],
    )  # fmt: skip
    ordered = {}
    station = LiveStation(cell, context, broker=None, clock=None)
    station._producer = SimpleNamespace(order=lambda **fields: ordered.update(fields))
    station.send(first_slot=0, tasks=30, rate_per_s=0, seed=1)
    station.close()

    assert ordered["stretch"] == stretch


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("name", scenario_names())
def test_of_further_variants_only_the_burst_is_measured_which_their_metrics_are_of(name, size):
    """Their paced load would take half of a turn, and no number comes of it."""
    spec = Parts(count=2).of(import_spec(name), size)
    cell = Cell(
        library="asynctasq",
        adapter=import_adapter("asynctasq"),
        python=Path(),
        spec=spec,
        size=size,
    )
    first, *others = cell.variants
    assert cell.plan_for(first).phases == spec.plan(size).phases
    for variant in others:
        assert [phase.pattern for phase in cell.plan_for(variant).phases] == [Pattern.BURST]


def test_a_scenario_that_only_starts_workers_is_not_divided():
    """Cold start has no load: a second part would be the same number again."""
    plan = Parts(count=12).of(import_spec("cold_start"), Size.QUICK).plan(Size.QUICK)
    assert plan.runs_per_round == 1

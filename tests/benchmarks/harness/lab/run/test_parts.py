"""A load in parts: a disturbance of one part is not the run's, and every task is still counted."""

import pytest

from benchmarks.harness.lab.results import metrics
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.cell_summary import Origin, summarise
from benchmarks.harness.shared.plans import burst
from tests.support.simulated_station import Behaviour
from tests.support.simulations import PACED, scenario, simulate

ONE_PART_HELD_UP = Behaviour(held_up=range(300, 350))


def measured(*, parts: int, behaviour: Behaviour):
    """The cell of one run of 400 tasks in so many parts, and of a paced load."""
    spec = scenario(phases=(burst(400, parts=parts), PACED), rounds=1, runs_per_round=1)
    (data,), _ = simulate({"lib": behaviour}, spec)
    assert data.reason == ""
    return data


def throughput(data) -> float | None:
    """That of its only run."""
    return metrics.of_run(data.runs[0])["throughput"]


def test_a_disturbance_of_one_part_does_not_reach_the_figure_of_the_run():
    """The whole burst loses a third of its speed to what one part of eight keeps to itself."""
    undisturbed = throughput(measured(parts=8, behaviour=Behaviour()))

    whole = throughput(measured(parts=1, behaviour=ONE_PART_HELD_UP))
    divided = throughput(measured(parts=8, behaviour=ONE_PART_HELD_UP))

    assert divided == pytest.approx(undisturbed, rel=0.02)
    assert whole < 0.7 * undisturbed


def test_every_task_of_every_part_is_measured_and_recorded_once():
    """Parts are one load in the record, with all of its tasks."""
    data = measured(parts=7, behaviour=Behaviour())
    parts = [p for p in data.runs[0].phases if p.phase.name == "burst"]

    assert [part.tasks for part in parts] == [58, 57, 57, 57, 57, 57, 57]
    assert all(st.lost(part.stamps) == 0 for part in parts)
    (run,) = summarise(data, Origin(facts={})).runs
    assert [(load.name, load.tasks, load.lost) for load in run.phases] == [
        ("burst", 400, 0), ("paced", 100, 0),
    ]  # fmt: skip
    assert run.phases[0].metrics["throughput"] == throughput(data)


def test_a_lost_task_of_a_part_fails_the_cell_as_one_of_a_whole_load_does():
    """Nothing is hidden by dividing."""
    spec = scenario(phases=(burst(400, parts=4),), rounds=1, runs_per_round=1, metrics=())
    (data,), _ = simulate({"lib": Behaviour(drop_every=300)}, spec)

    assert "never ended" in data.reason


def test_a_load_has_no_more_parts_than_tasks():
    """A library whose loads are scaled down gets parts of one task each."""
    assert burst(400, parts=8).divided(3) == (1, 1, 1)

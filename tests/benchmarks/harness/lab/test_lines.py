"""Turns on demand: what a request makes of a scenario's load."""

import pytest

from benchmarks.harness.lab.lines import FEWEST_TASKS, Parts
from benchmarks.harness.scenarios import load_spec
from benchmarks.harness.spec import Pattern, Size


def test_without_parts_a_turn_is_one_whole_run():
    """The load of the scenario file, once, on one generation of workers."""
    whole = load_spec("basic_throughput").load(Size.QUICK)
    plan = Parts().of(load_spec("basic_throughput"), Size.QUICK).load(Size.QUICK)
    assert (plan.generations, plan.runs_per_generation) == (1, 1)
    assert plan.phases == whole.phases
    assert plan.pause_s == whole.pause_s


@pytest.mark.parametrize("size", list(Size))
def test_parts_share_the_load_and_keep_enough_tasks(size):
    """Twenty parts of a twentieth: never fewer tasks than a figure needs, nor than the whole."""
    spec = load_spec("basic_throughput")
    parts = Parts(count=20, burst_share=0.05, paced_share=0.01)
    plan = parts.of(spec, size).load(size)
    assert plan.runs_per_generation == 20
    for part, whole in zip(plan.phases, spec.load(size).phases, strict=True):
        share = 0.05 if part.pattern is Pattern.BURST else 0.01
        least = min(FEWEST_TASKS[part.pattern], whole.tasks)
        assert part.tasks == max(round(share * whole.tasks), least)


def test_a_scenario_that_only_starts_workers_is_not_divided():
    """Cold start has no load: a second part would be the same number again."""
    plan = Parts(count=12).of(load_spec("cold_start"), Size.QUICK).load(Size.QUICK)
    assert plan.runs_per_generation == 1

"""What a clock drives is told apart: on bursts that were counted for real, and on known ones."""

import json

import numpy as np
import pytest

from benchmarks.harness.lab.counting.bursts import Sizes
from benchmarks.harness.lab.counting.clock_driven_work import Still, without_clock
from benchmarks.harness.lab.counting.task_cost import per_task
from tests.support.spine import ROOT

SIZES = Sizes()
TASKS = list(SIZES.order())[SIZES.warmups :]
SECONDS = [0.01 * tasks + 0.02 * (i % 3) for i, tasks in enumerate(TASKS)]
RECORDED = json.loads((ROOT / "tests/data/counted_bursts.json").read_text(encoding="utf-8"))
"""Own functions of five libraries, two counts each on a busy machine (2026-11-29)."""


def own_lines(counted: dict, *, clock_told: bool = True) -> float:
    """Lines of the library's own package per task, of a recorded count."""
    tasks, lines = counted["tasks"], np.array(counted["lines"], dtype=float)
    if clock_told:
        still = Still(np.array(counted["idle"], dtype=float), counted["idle_s"])
        lines = without_clock(tasks, lines, counted["seconds"], still)
    return per_task(tasks, lines).total(np.ones(lines.shape[1], dtype=bool))[0]


@pytest.mark.parametrize("library", ["asynctasq", "taskiq", "huey", "rq"])
def test_two_counts_of_one_library_are_equal(library):
    """A scheduler's round per second and a look ten times a second cost a task nothing."""
    one, other = map(own_lines, RECORDED[library])

    assert one == other
    assert one == pytest.approx(round(one), abs=1e-9)


def test_a_library_that_polls_all_the_time_nearly_repeats_itself():
    """Untold, arq's polls are a third of what a task seems to cost, and change with the machine."""
    untold = [own_lines(counted, clock_told=False) for counted in RECORDED["arq"]]
    told = [own_lines(counted) for counted in RECORDED["arq"]]

    assert told[0] == pytest.approx(told[1], rel=0.003)
    assert abs(untold[0] - untold[1]) > 10 * abs(told[0] - told[1])
    assert all(a < 0.75 * b for a, b in zip(told, untold, strict=True))


def events(rate: float, seconds: float) -> int:
    """How often a clock of so many events a second comes into a span, rounded up."""
    return int(np.ceil(rate * seconds))


def left(counts: np.ndarray, idle: list[float]) -> list[float]:
    """What a task costs, of counts of bursts and of a second with nothing to do."""
    told = without_clock(
        TASKS, counts.astype(float), SECONDS, Still(np.array(idle, dtype=float), 1.0)
    )
    return per_task(TASKS, told).values.tolist()


def test_what_tasks_and_a_clock_use_costs_what_the_tasks_use():
    """A send takes 4 lines of a task and 4 of a heartbeat, which itself takes 9."""
    beats = np.array([events(40, seconds) for seconds in SECONDS])
    counts = np.column_stack([9 * beats, 4 * np.array(TASKS) + 4 * beats])

    assert left(counts, [9 * 40, 4 * 40]) == [0.0, 4.0]


def test_what_a_task_costs_is_not_taken_for_a_clock():
    """A function of the task that a poll calls once a second, too, and one that no poll calls."""
    counts = np.column_stack([3 * np.array(TASKS), 7 * np.array(TASKS)])

    assert left(counts, [3, 0]) == [3.0, 7.0]


def test_without_an_idle_span_nothing_is_taken_out():
    """What was never seen with nothing to do is a cost."""
    counts = np.array([[5 * tasks] for tasks in TASKS])

    assert left(counts, [0]) == [5.0]


def test_what_a_poll_does_for_a_task_is_the_tasks():
    """A poll takes 12 lines, and 5 more where it finds a task: the 12 are the clock's alone."""
    polls = np.array([events(40, seconds) for seconds in SECONDS])
    counts = np.column_stack([polls, 12 * polls + 5 * np.array(TASKS)]).astype(float)
    still = Still(np.array([40.0, 480.0]), 1.0)
    told = without_clock(TASKS, counts, SECONDS, still, np.array([0, 0]))

    assert per_task(TASKS, told).values.tolist() == [0.0, 5.0]


def test_a_burst_that_stalled_is_no_proof_against_a_clock():
    """The machine was busy elsewhere for seconds, in which nothing polled."""
    polls = np.array([events(40, seconds) for seconds in SECONDS])
    seconds = [9.0, *SECONDS[1:]]
    still = Still(np.array([40.0]), 1.0)
    told = without_clock(TASKS, polls[:, None].astype(float), seconds, still)

    assert per_task(TASKS, told).values.tolist() == [0.0]


def test_what_something_else_did_while_idle_is_not_taken_out():
    """A round trip for each poll, and one more in the idle second that was a health check's."""
    polls = np.array([events(80, seconds) for seconds in SECONDS])
    counts = np.column_stack([polls, 9 * np.array(TASKS) + polls])

    assert left(counts, [80, 81]) == [0.0, 9.0]

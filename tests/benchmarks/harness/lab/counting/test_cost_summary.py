"""What is stated of a round that was counted."""

import numpy as np

from benchmarks.harness.lab.counting.bursts import Span
from benchmarks.harness.lab.counting.cost_summary import Costs, add_instructions
from benchmarks.harness.lab.counting.counted_round import CountedRound, Reading
from benchmarks.harness.lab.counting.function_counts import FunctionNames

NAMES = FunctionNames([("libpython.so", "evaluate"), ("loop.so", "poll"), ("libc.so", "memcpy")])
SIZES = ((20, 4.0), (60, 12.0), (60, 12.0), (20, 4.0), (20, 4.0), (60, 12.0))
"""Tasks and seconds of each burst."""


def reading(worker: list[int], producer: list[int]) -> Reading:
    """Instructions of each of the three functions."""
    columns = {"worker": worker, "producer": producer}
    return Reading(functions={role: np.array(n).reshape(-1, 1) for role, n in columns.items()})


def span(tasks: int, worker: list[int], producer: list[int], seconds: float) -> Span[Reading]:
    """A burst in which so many instructions were executed."""
    nothing = reading([0, 0, 0], [0, 0, 0])
    return Span(
        tasks=tasks,
        sending=(nothing, reading([0, 0, 0], producer)),
        working=((nothing, reading(worker, [0, 0, 0])),),
        working_s=seconds,
    )


def stated(spans: list[Span[Reading]], idle: list[int]) -> Costs:
    """What is stated of *spans*, and of *idle*: the instructions of a second with nothing to do."""
    costs = Costs()
    counted = CountedRound(
        names={"worker": NAMES, "producer": NAMES},
        ready=reading([700, 20, 3], [9, 9, 9]),
        spans=spans,
        idle=span(0, idle, [0, 0, 0], 1.0),
        versions={},
        absent="",
        broker_absent="",
    )
    add_instructions(costs, counted)
    return costs


def instructions(per_task: int, per_second: int) -> dict[str, list[float]]:
    """What is stated of tasks that cost the worker so much, while it polls so much."""
    spans = [
        span(
            tasks,
            [tasks * per_task + round(seconds * per_second), 0, 0],
            [tasks * 500, 0, 0],
            seconds,
        )
        for tasks, seconds in SIZES
    ]
    return stated(spans, [per_second, 0, 0]).samples


def test_what_a_worker_executes_is_its_tasks():
    """And what its producer executes is what sending costs."""
    assert instructions(100_000, 0) == {
        "instructions_per_task": [100_000.0],
        "enqueue_instructions_per_task": [500.0],
    }


def test_a_task_that_cannot_be_told_from_polling_is_not_free():
    """A worker that polls all the time executes as much with nothing to do."""
    assert instructions(1_000, 10_000_000) == {"enqueue_instructions_per_task": [500.0]}


def test_each_function_is_stated_that_executes_enough_of_a_task():
    """By role, object and symbol; a poll in one burst is no matter, and trifles are left out."""
    spans = [
        span(tasks, [tasks * 9000, 70_000 * (number == 2), tasks], [0, 0, tasks * 400], seconds)
        for number, (tasks, seconds) in enumerate(SIZES)
    ]
    assert stated(spans, [0, 0, 0]).compiled == [
        ("worker", "libpython.so", "evaluate", 9000.0, 0.0),
        ("producer", "libc.so", "memcpy", 400.0, 0.0),
    ]


def test_a_start_is_all_that_was_executed_until_then():
    """By the workers, in all functions."""
    assert stated([], [0, 0, 0]).samples == {"start_instructions": [723.0]}

"""What is stated of a round that was counted."""

from benchmarks.harness.lab.counting.bursts import Span
from benchmarks.harness.lab.counting.cost_summary import Costs, add_totals
from benchmarks.harness.lab.counting.counted_round import CountedRound, Reading


def span(tasks: int, worker: int, producer: int, seconds: float) -> Span[Reading]:
    """A burst in which so many instructions were executed."""
    nothing = Reading(totals={"worker": 0, "producer": 0})
    return Span(
        tasks=tasks,
        sending=(nothing, Reading(totals={"worker": 0, "producer": producer})),
        working=((nothing, Reading(totals={"worker": worker, "producer": 0})),),
        working_s=seconds,
    )


def instructions(per_task: int, per_second: int) -> dict[str, list[float]]:
    """What is stated of tasks that cost the worker so much, while it polls so much."""
    spans = [
        span(tasks, tasks * per_task + round(seconds * per_second), tasks * 500, seconds)
        for tasks, seconds in ((20, 4.0), (60, 12.0), (60, 12.0), (20, 4.0), (20, 4.0), (60, 12.0))
    ]
    counted = CountedRound(
        tables={},
        ready=Reading(),
        spans=spans,
        idle=span(0, per_second, 0, 1.0),
        versions={},
        absent="",
        broker_absent="",
    )
    costs = Costs()
    add_totals(costs, counted, "instructions")
    return costs.samples


def test_what_a_worker_executes_is_its_tasks():
    """And what its producer executes is what sending costs."""
    assert instructions(100_000, 0) == {
        "instructions_per_task": [100_000.0],
        "enqueue_instructions_per_task": [500.0],
    }


def test_a_task_that_cannot_be_told_from_polling_is_not_free():
    """A worker that polls all the time executes as much with nothing to do."""
    assert instructions(1_000, 10_000_000) == {"enqueue_instructions_per_task": [500.0]}

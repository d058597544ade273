"""A recording of a counted round is read as it was kept, and gives the costs of the round."""

import numpy as np

from benchmarks.harness.lab.counting.bursts import Sizes, Span
from benchmarks.harness.lab.counting.counted_cell import CountPlan, costs_of, metrics_of
from benchmarks.harness.lab.counting.counted_round import CountedRound, Reading
from benchmarks.harness.lab.counting.function_counts import FunctionNames
from tests.evaluation.counted_rounds import Recording, path_of, write
from tests.evaluation.recorded_counts import recorded_counts

OWN = [("rq/job.py", "Job.perform"), ("redis/client.py", "Redis.execute_command")]


def reading(tasks: int, functions: int = 2) -> Reading:
    """What had been counted after so many tasks, when so many functions had been met."""
    table = np.array([[1, 30, 4], [2, 50, 6]])[:functions] * tasks
    return Reading(
        functions={"worker": table, "producer": table},
        totals={"worker": 7 * tasks, "producer": 5 * tasks},
        broker={"command:lpush": float(tasks), "round_trips": 2.0 * tasks},
    )


def counted_round() -> CountedRound:
    """Bursts of a library whose every task costs the same; some are drained in two turns."""
    sizes, done, spans = Sizes(), 1, []
    for tasks in list(sizes.order())[sizes.warmups :]:
        sent, half = done + tasks, done + tasks + tasks // 2
        turns = ((sent, half), (half, sent + tasks))
        spans.append(
            Span(
                tasks=tasks,
                sending=(reading(done), reading(sent)),
                working=tuple((reading(before), reading(after)) for before, after in turns),
                working_s=0.25,
            )
        )
        done = sent + tasks
    still = reading(done)
    return CountedRound(
        names={role: FunctionNames(OWN) for role in ("worker", "producer")},
        ready=reading(1, functions=1),
        spans=spans,
        idle=Span(tasks=0, sending=(still, still), working=((still, still),), working_s=1.0),
        versions={"rq": "2"},
        absent="",
        broker_absent="",
    )


def test_a_recording_gives_the_costs_of_its_round(tmp_path):
    """Also where a function was met late, and where a burst was drained in two turns."""
    rounds = [("functions", counted_round()), ("allocations", counted_round())]
    for what, counted in rounds:
        recording = Recording(
            library="rq", number=3, what=what, busy=True, package="rq", round=counted
        )
        write(path_of(tmp_path, "rq", 3, what), recording)
    (run,) = recorded_counts(tmp_path)

    assert (run.library, run.number, run.busy) == ("rq", 3, True)
    assert run.metrics == metrics_of(costs_of(rounds, "rq", CountPlan(), {}))
    assert "start_lines" not in run.metrics, "polls until it was ready are in them"
    assert run.metrics["lines_per_task"].value == 30
    assert run.metrics["allocations_per_task"].value == 7
    assert run.metrics["round_trips_per_task"].value == 4

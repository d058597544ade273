"""The table of planted changes: each is planted once, and found by the metric made for it."""

import pytest

from tests.evaluation.planted_changes import CHANGES, PLACES, Change, Found, row
from tracker.model.catalogue import METRICS


def found(metric: str, base: float, head: float, verdict: str) -> Found:
    """What a comparison said of one metric."""
    return Found(metric=metric, base=base, head=head, moved=base != head, verdict=verdict)


def test_there_are_thirty_and_each_has_a_metric_that_is_counted():
    """In AsyncTasQ's worker, producer, driver and serialiser, and in two other libraries."""
    assert len(CHANGES) == 30
    assert all(METRICS[change.metric].is_counted for change in CHANGES)
    assert {PLACES[change.place][0] for change in CHANGES} == {"asynctasq", "taskiq", "huey"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("line", "worker", "lines_per_task", 1, "x"), "| yes | no |"),
        (Change("command", "worker", "broker_commands_per_task", 1, "x"), "| yes | yes |"),
        (Change("call", "worker", "calls_per_task", 1, "x"), "| **no** | no |"),
        (Change("C", "worker", "instructions_per_task", 9_000, "x"), "| yes | no |"),
        (Change("C", "worker", "allocations_per_task", 20, "x"), "| yes | no **(wrong)** |"),
    ],
)
def test_a_change_counts_by_its_own_metric_and_by_what_is_documented_of_gates(change, said):
    """Lines never gate; instructions do from their floor of 1 % on, allocations from 2 % on."""
    everything = [
        found("lines_per_task", 398, 399, "worse"),
        found("calls_per_task", 100, 100, "no_change"),
        found("broker_commands_per_task", 4, 5, "worse"),
        found("instructions_per_task", 1e6, 1.009e6, "no_change"),
        found("allocations_per_task", 650, 670, "no_change"),
    ]
    assert said in row(change, everything)


def test_a_change_is_planted_where_it_says(tmp_path):
    """At the beginning of the function, behind its docstring."""
    _, file, _ = PLACES["huey's producer"]
    path = tmp_path / "lib/python3.13/site-packages" / file
    path.parent.mkdir(parents=True)
    path.write_text(
        'class Huey:\n    def enqueue(self, task):\n        """Send."""\n        go()\n'
    )
    Change("line", "huey's producer", "lines_per_task", 1, "_planted = None").apply(tmp_path)

    assert path.read_text().splitlines()[2:] == [
        '        """Send."""',
        "        _planted = None",
        "        go()",
    ]

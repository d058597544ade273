"""Counting base and head: what moved is counted again, what fails is told."""

from collections.abc import Mapping, Sequence

import pytest

from tracker.compare.counting import Job, SideCounts, decide_sides
from tracker.compare.measurer import Label
from tracker.counts.focus import Clock, focus
from tracker.model import Verdict
from tracker.model.counts import CountedMetric, Counts


class Bench:
    """Counts that are given: side to metric to the value of each time that it is counted."""

    def __init__(
        self, sides: Mapping[Job, Mapping[str, Sequence[float]]], spread: float = 0.0
    ) -> None:
        """Nothing is counted yet; each value is stated with this *spread*."""
        self.sides, self.spread = sides, spread
        self.asked: list[list[Job]] = []

    def count(self, jobs: Sequence[Job], layout: int) -> dict[Job, SideCounts]:
        """Answer with the next values."""
        assert layout == len(self.asked), "each time its own layout of memory"
        time = len(self.asked)
        self.asked.append(list(jobs))
        return {job: self._side(job, time) for job in jobs}

    def _side(self, job: Job, time: int) -> SideCounts:
        if job not in self.sides:
            return SideCounts(counts=None, reason="the worker died")
        metrics = {
            name: CountedMetric(
                unit="", value=values[time], spread=self.spread, samples=(values[time],)
            )
            for name, values in self.sides[job].items()
            if time < len(values)
        }
        return SideCounts(counts=Counts(version=1, python="CPython 3.13", metrics=metrics))


def bench(base: Mapping[str, Sequence[float]], head: Mapping[str, Sequence[float]]) -> Bench:
    """One scenario "s"."""
    return Bench({("s", Label.BASE): base, ("s", Label.HEAD): head})


def test_equal_counts_are_counted_once():
    """Nothing moved: no second count, no scenario to time."""
    same = {"lines_per_task": [396.0], "instructions_per_task": [1e6]}
    counting = bench(same, same)
    counted = decide_sides(("s",), counting.count)
    assert len(counting.asked) == 1
    assert not counted.scenarios["s"].moved
    assert focus(counted.scenarios, Clock.MOVED).left_out == {"s": "no count moved"}


def test_an_exact_count_that_moved_needs_no_second():
    """Python lines repeat to the last one: once is enough."""
    counting = bench({"lines_per_task": [396.0]}, {"lines_per_task": [400.0]})
    (change,) = decide_sides(("s",), counting.count).scenarios["s"].changes
    assert len(counting.asked) == 1
    assert change.verdict is Verdict.WORSE


def test_what_moves_in_few_scenarios_is_counted_again():
    """Equal code, and a busy machine: own lines of one scenario of three are off, once."""
    calm = {"lines_per_task": [398.0, 398.0]}
    off = {"lines_per_task": [394.0, 398.0]}
    names = ("a", "b", "c")
    sides = {(name, side): calm for name in names for side in (Label.BASE, Label.HEAD)}
    counting = Bench(sides | {("b", Label.HEAD): off})
    counted = decide_sides(names, counting.count)
    assert counting.asked[1:] == [[("b", Label.BASE), ("b", Label.HEAD)]]
    assert not counted.scenarios["b"].moved


def test_what_moves_in_most_scenarios_is_confirmed_by_that():
    """A change of code that all tasks run needs no second count."""
    names = ("a", "b", "c")
    values = {Label.BASE: [398.0], Label.HEAD: [400.0]}
    moved = {(name, side): {"lines_per_task": values[side]} for name in names for side in values}
    counting = Bench(moved)
    assert all(one.moved for one in decide_sides(names, counting.count).scenarios.values())
    assert len(counting.asked) == 1


@pytest.mark.parametrize(("spread", "is_judged"), [(0.0, True), (500.0, False)])
def test_what_a_second_count_lacks_is_judged_only_where_it_is_exact(spread, is_judged):
    """An instrument that fails the second time confirms nothing, and takes no exact count away."""
    sides = {
        ("s", Label.BASE): {"lines_per_task": [398.0, 398.0], "instructions_per_task": [1e6]},
        ("s", Label.HEAD): {"lines_per_task": [398.0, 398.0], "instructions_per_task": [1.1e6]},
    }
    counted = decide_sides(("s",), Bench(sides, spread).count)
    names = {one.metric.name for one in counted.scenarios["s"].changes}
    assert ("instructions_per_task" in names) is is_judged
    assert "lines_per_task" in names


def test_a_timers_event_is_no_line_of_a_task():
    """A dozen lines more in every burst of twenty tasks are 0.6 to each; a task's own is one."""
    for more, is_moved in ((0.05, False), (0.6, False), (1.0, True)):
        counting = bench({"lines_per_task": [162.0]}, {"lines_per_task": [162.0 + more]})
        assert decide_sides(("s",), counting.count).scenarios["s"].moved is is_moved


def test_what_cannot_decide_beside_an_exact_count_is_counted_once():
    """All lines are not exact and do not gate: own lines have said it; instructions would gate."""
    base = {"lines_per_task": [396.0, 396.0], "all_lines_per_task": [1900.0, 1900.0]}
    head = {"lines_per_task": [496.0, 496.0], "all_lines_per_task": [2000.0, 2000.0]}
    counting = bench(base, head)
    assert all(
        change.moved for change in decide_sides(("s",), counting.count).scenarios["s"].changes
    )
    assert len(counting.asked) == 1
    base |= {"instructions_per_task": [1e6, 1e6]}
    head |= {"instructions_per_task": [1.1e6, 1.1e6]}
    counting = bench(base, head)
    decide_sides(("s",), counting.count)
    assert len(counting.asked) == 2


def test_one_unlucky_set_of_workers_raises_no_alarm():
    """Instructions moved in the first count and not in the second: they did not move."""
    counting = bench(
        {"instructions_per_task": [1e6, 1e6]}, {"instructions_per_task": [1.02e6, 1e6]}
    )
    counted = decide_sides(("s",), counting.count)
    assert len(counting.asked) == 2
    assert not counted.scenarios["s"].moved


def test_a_real_change_stands_in_both_counts():
    """Seen twice, it is a change."""
    counting = bench(
        {"instructions_per_task": [1e6, 1.001e6]}, {"instructions_per_task": [1.02e6, 1.021e6]}
    )
    (change,) = decide_sides(("s",), counting.count).scenarios["s"].changes
    assert change.verdict is Verdict.WORSE


def test_a_scenario_that_cannot_be_counted_says_why_and_is_timed():
    """Its reason stands there, and the clock is asked instead."""
    counting = Bench({("s", Label.BASE): {"lines_per_task": [1.0]}})
    counted = decide_sides(("s",), counting.count)
    assert counted.scenarios["s"].reason == "the worker died"
    assert focus(counted.scenarios, Clock.MOVED).timed == ("s",)


def test_the_largest_change_is_timed_first_and_the_rest_is_named():
    """The clock is spent to decide, in the order of what moved most."""
    sides = {}
    for scenario, head in (("small", 1.05e6), ("large", 1.5e6), ("none", 1e6)):
        sides[scenario, Label.BASE] = {"instructions_per_task": [1e6, 1e6]}
        sides[scenario, Label.HEAD] = {"instructions_per_task": [head, head]}
    counted = decide_sides(("small", "large", "none"), Bench(sides).count)
    chosen = focus(counted.scenarios, Clock.MOVED)
    assert chosen.timed == ("large", "small")
    assert chosen.left_out == {"none": "no count moved"}
    assert focus(counted.scenarios, Clock.ALL).timed == ("large", "small", "none")
    assert focus(counted.scenarios, Clock.NONE).timed == ()


def test_tasks_that_do_more_for_themselves_are_timed_later():
    """The same 500 lines more: own lines look alike, and the task's work hides them from a clock.

    As a planted 20 % of CPU, which was timed in `io_bound` first, where nothing was decided.
    """
    sides = {}
    for scenario, own, work in (("busy", 300.0, 9000.0), ("idle", 400.0, 1900.0)):
        for side, more in ((Label.BASE, 0.0), (Label.HEAD, 500.0)):
            sides[scenario, side] = {
                "lines_per_task": [own + more] * 2,
                "all_lines_per_task": [work + more] * 2,
            }
    counted = decide_sides(("busy", "idle"), Bench(sides).count)
    assert focus(counted.scenarios, Clock.MOVED).timed == ("idle", "busy")

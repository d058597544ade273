"""Steps of counted series: at once where counts differ, none where equal code may differ so far."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.counts.count_changes import tolerance_of
from tracker.counts.count_steps import CountStep, find_steps, uncertain
from tracker.model.catalogue import METRICS
from tracker.model.counts import CountedMetric

LINES, INSTRUCTIONS = METRICS["lines_per_task"], METRICS["instructions_per_task"]


def counted(*samples: float, spread: float = 0.0) -> CountedMetric:
    """One count with these samples."""
    return CountedMetric(unit="", value=min(samples), spread=spread, samples=samples)


def at(metric: str, *values: float) -> list[int]:
    """Where exact counts of these values step."""
    return [step.index for step in find_steps(METRICS[metric], [counted(v) for v in values])]


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        pytest.param([5, 5, 5, 3], [3], id="the newest commit alone is enough"),
        pytest.param([5, 3], [1], id="two commits are enough"),
        pytest.param([5, 4, 3, 3], [1, 2], id="neighbours"),
        pytest.param([5, 5, 6, 5, 5], [2, 3], id="what goes back is two steps"),
        pytest.param([0, 0, 1], [2], id="the first above zero"),
        pytest.param([-1, -1, -2], [2], id="below zero"),
        pytest.param([5] * 30, [], id="equal counts"),
        pytest.param([5], [], id="one commit"),
        pytest.param([], [], id="none"),
    ],
)
def test_exact_counts_step_where_they_differ(values: list[float], steps: list[int]):
    """Lines have no scatter: any difference is a step at its own commit."""
    assert at("lines_per_task", *values) == steps


def test_wobble_within_the_scatter_of_the_metric_is_no_step():
    """Instructions of equal code lie within 0.8 % of each other; 1.5 % is a step."""
    wobble = [1_000_000.0, 1_003_000.0, 998_000.0, 1_005_000.0, 1_001_000.0]
    assert at("instructions_per_task", *wobble * 8) == []
    assert at("instructions_per_task", *wobble, 1_016_000.0) == [5]


def test_the_extremes_of_a_long_level_are_not_its_height():
    """A count 0.6 % above the level is none, though one long ago lay 0.4 % below it."""
    level = [996_000.0, *[1_000_000.0] * 20, 1_006_000.0, *[1_000_000.0] * 5]
    assert at("instructions_per_task", *level) == []


def test_dither_that_the_run_tells_of_is_no_step():
    """A count that its own bursts saw differ by 4 may differ by 4 at the next commit."""
    dither = [counted(396.0 + 4 * (i % 2), spread=4.0) for i in range(20)]
    assert find_steps(LINES, dither) == []
    assert [s.index for s in find_steps(LINES, [*dither, counted(440.0, spread=4.0)])] == [20]


def test_a_disturbed_count_that_nobody_repeats_is_no_step():
    """AsyncTasQ 1.3.0 to 1.4.1 as counted on 2026-11-29: equal workers, one commit disturbed."""
    own = [counted(354.0), counted(352.375, spread=1.3), counted(354.0)]
    assert find_steps(LINES, own) == []
    every = [counted(2894.0), counted(2823.25, spread=56.6), counted(2894.0)]
    assert find_steps(METRICS["all_lines_per_task"], every) == []


def test_all_sets_of_workers_must_agree():
    """One set that happened to cost more is no step, two are."""
    level = [counted(396.0, 396.0)] * 5
    assert find_steps(LINES, [*level, counted(396.0, 399.0)]) == []
    assert [s.index for s in find_steps(LINES, [*level, counted(398.0, 399.0)])] == [5]


def test_a_step_through_the_tolerance_says_between_which_commits_it_lies():
    """1 % and then half as much again: one step, that either commit may have brought."""
    counts = [1_000_000.0] * 4 + [1_010_000.0, 1_016_000.0, 1_016_000.0]
    (step,) = find_steps(INSTRUCTIONS, [counted(value) for value in counts])
    assert (step.index, step.earliest, step.latest) == (4, 4, 5)
    assert step.tolerance == pytest.approx(14_112)


def test_another_layout_of_memory_is_no_step():
    """A commit that only puts objects elsewhere has cost 1.1 % of instructions; 2 % are a step."""
    level = [544_267.0] * 5
    assert at("enqueue_instructions_per_task", *level, 549_990.0, 549_990.0) == []
    assert at("enqueue_instructions_per_task", *level, 555_200.0) == [5]


def test_a_count_that_knows_nothing_of_itself_steps_nowhere():
    """An infinite spread is never exceeded."""
    assert find_steps(LINES, [counted(1.0), counted(9.0, spread=float("inf"))]) == []


counts_of_equal_code = st.lists(st.floats(-0.0025, 0.0025), min_size=1, max_size=40)


@given(counts_of_equal_code, st.integers(1, 39), st.floats(0.02, 2.0), st.sampled_from([1, -1]))
def test_a_step_beyond_scatter_is_found_at_its_commit_and_no_other(
    noise: list[float], place: int, size: float, way: int
):
    """Whatever the wobble within the scatter, and the number of commits on either side."""
    factor = (1 + size) ** way
    values = [1e6 * (1 + e) * (factor if i >= place else 1.0) for i, e in enumerate(noise)]
    expected = [place] if place < len(values) else []
    assert at("instructions_per_task", *values) == expected


@given(st.lists(st.integers(0, 3), max_size=40), st.floats(0.0, 2.0))
def test_every_step_is_larger_than_its_tolerance(values: list[int], spread: float):
    """Steps ascend, lie in their intervals, and no pair of neighbours that differ is passed by."""
    counts = [counted(float(v), spread=spread) for v in values]
    steps = find_steps(LINES, counts)
    assert all(one.index < other.index for one, other in pairwise(steps))
    assert all(0 < s.earliest <= s.index <= s.latest for s in steps)
    assert all(_is_wide(counts, step) for step in steps)
    if spread == 0:
        moved = [i for i, (a, b) in enumerate(pairwise(values), 1) if a != b]
        assert [s.index for s in steps] == moved


def _is_wide(counts: list[CountedMetric], step: CountStep) -> bool:
    base, head = counts[step.earliest - 1], counts[step.latest]
    return abs(head.value - base.value) > tolerance_of(
        LINES, uncertain(LINES, base), uncertain(LINES, head)
    )

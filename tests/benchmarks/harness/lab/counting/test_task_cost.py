"""From bursts to the cost of a task, on counts whose truth is known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.harness.lab.counting.bursts import Sizes
from benchmarks.harness.lab.counting.task_cost import per_task

SIZES = Sizes()
TASKS = list(SIZES.order())[SIZES.warmups :]


def counts(cost: float, once: float, extra: list[int]) -> np.ndarray:
    """A task costs *cost*, a burst *once*, and each burst what *extra* says."""
    return np.array([[cost * n + once + more] for n, more in zip(TASKS, extra, strict=True)])


@given(
    cost=st.integers(0, 5000),
    once=st.integers(0, 500),
    small=st.sets(st.integers(0, SIZES.turns - 1), max_size=2),
    large=st.sets(st.integers(0, SIZES.turns - 1), max_size=2),
)
def test_what_comes_into_a_third_of_the_bursts_costs_a_task_nothing(cost, once, small, large):
    """A poll of 13 lines in any two of the six bursts of either size: the estimate is exact."""
    seen, extra = {SIZES.small: 0, SIZES.large: 0}, []
    for tasks in TASKS:
        extra.append(13 * (seen[tasks] in (small if tasks == SIZES.small else large)))
        seen[tasks] += 1
    assert per_task(TASKS, counts(cost, once, extra)).values.tolist() == [cost]


def test_what_comes_as_often_into_either_size_costs_a_task_nothing():
    """Half of all bursts meet the poll: the commonest difference is still that of the tasks."""
    for begin in (0, 1):
        extra = [13 * ((i + begin) % 2) for i in range(len(TASKS))]
        assert per_task(TASKS, counts(398, 20, extra)).values.tolist() == [398]


def test_an_exact_estimate_has_no_spread_and_a_noisy_one_has():
    """The spread is how far it moves when a turn is left out."""
    everything = np.ones(1, dtype=bool)
    exact = per_task(TASKS, counts(398, 20, [0] * len(TASKS)))
    chance = np.random.default_rng(1)
    noisy = per_task(TASKS, counts(398, 20, chance.integers(0, 400, len(TASKS)).tolist()))

    assert exact.total(everything) == (398, 0)
    assert noisy.total(everything)[1] > 0


def test_the_sizes_take_turns_without_a_rhythm():
    """Equally many of each, and no period in which a timer could fall."""
    assert TASKS.count(SIZES.small) == TASKS.count(SIZES.large) == SIZES.turns
    for period in range(1, len(TASKS) // 2):
        assert any(a != b for a, b in zip(TASKS, TASKS[period:], strict=False))


def test_no_cost_is_less_than_nothing():
    """A poll that came into most small bursts and no large one gives no lines back."""
    extra = [8 * (tasks == SIZES.small) for tasks in TASKS]

    assert per_task(TASKS, counts(0, 0, extra)).values.tolist() == [0]

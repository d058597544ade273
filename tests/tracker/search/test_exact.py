"""Searching with numbers that are certain."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.search.exact import next_commit, steps_of


def search(levels: list[float], unusable: set[int]) -> dict[int, float]:
    """All that is measured until nothing is open."""
    n = len(levels) - 1
    values = {0: levels[0], n: levels[n]}
    while (place := next_commit(values, unusable, np.full(n, 1 / n))) is not None:
        assert place not in values
        assert place not in unusable
        values[place] = levels[place]
    return values


@given(st.integers(1, 300), st.data())
def test_one_step_takes_as_many_measurements_as_halving_does(n: int, data: st.DataObject):
    """Beside the ends at most log2 of the commits, rounded up; and it is certain."""
    culprit = data.draw(st.integers(1, n))
    levels = [100.0 if place < culprit else 110.0 for place in range(n + 1)]
    values = search(levels, set())
    (step,) = steps_of(values)
    assert step.commits == (culprit,)
    assert len(values) <= 2 + math.ceil(math.log2(max(n, 1)))


@given(st.data())
def test_every_step_between_different_neighbours_is_in_what_is_named(data: st.DataObject):
    """With commits that do not build: a step is a group that holds a real one."""
    n = data.draw(st.integers(2, 40))
    levels = data.draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=n + 1, max_size=n + 1))
    unusable = data.draw(st.sets(st.integers(1, n - 1)))
    for step in steps_of(search(levels, unusable)):
        assert any(levels[place - 1] != levels[place] for place in step.commits)
        assert set(range(step.last_before + 1, step.first_after)) <= unusable


def test_the_prior_says_where_to_halve():
    """Where one commit has most of the probability, it is measured beside its parent first."""
    prior = np.full(16, 0.02)
    prior[3] = 0.7
    assert next_commit({0: 1.0, 16: 2.0}, set(), prior / prior.sum()) in {3, 4}

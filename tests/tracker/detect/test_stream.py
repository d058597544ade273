"""One commit at a time: agreement with the whole, stable verdicts, bounded cost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.signals import noisy
from tracker.detect import find_changes, policy
from tracker.detect.stream import EMPTY, advance
from tracker.model import Status

NONE = np.empty(0)


def offsets(n: int):
    """No repeats at any of *n* points."""
    return np.zeros(n + 1, dtype=np.int64)


def feed(values, start: int = 1):
    """Every state on the way, one value added at a time from *start* values on."""
    state = EMPTY
    for n in range(start, len(values) + 1):
        state = advance(state, values[:n], NONE, offsets(n))
        yield state


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), at=st.integers(15, 45), ratio=st.sampled_from([0.8, 1.1, 1.3]))
def test_a_clear_step_is_confirmed_by_both_ways(seed: int, at: int, ratio: float):
    """Fed commit by commit or all at once, a clear step is confirmed at about one place."""
    values = noisy(60, seed, steps={at: ratio})

    *_, last = feed(values)

    confirmed = [c.index for c in last.found.changes if c.status is Status.CONFIRMED]
    whole = [c.index for c in find_changes(values)]
    assert any(abs(i - at) <= 2 for i in confirmed)
    assert all(any(abs(i - w) <= policy.SAME_CHANGE for i in confirmed) for w in whole)


def test_a_step_is_suspected_then_confirmed():
    """The status of a new change rises with the points that hold the new level."""
    values = noisy(40, 3, steps={30: 1.2})
    seen = [
        (c.status, c.points_since)
        for state in feed(values, 10)
        for c in state.found.changes
        if abs(c.index - 30) <= 1
    ]

    assert seen[0][0] is Status.SUSPECTED
    assert [s for s, since in seen if since >= policy.CONFIRM_POINTS] == [
        Status.CONFIRMED for _, since in seen if since >= policy.CONFIRM_POINTS
    ]


def test_a_confirmed_change_keeps_its_index():
    """Once confirmed, a change neither moves nor vanishes while the level holds."""
    values = noisy(120, 5, noise=0.03, steps={40: 1.15})
    indices = {
        tuple(c.index for c in state.found.changes if c.status is Status.CONFIRMED)
        for state in feed(values, 55)
    }

    assert len(indices) == 1


def test_what_is_taken_back_at_once_is_withdrawn():
    """A suspicion that later points refute stays in the list as withdrawn."""
    values = noisy(60, 1)
    values[40:42] *= 1.2
    *_, last = feed(values, 30)

    assert last.found.changes
    assert [c for c in last.found.changes if c.status is not Status.WITHDRAWN] == []


def test_old_points_are_not_judged_again():
    """Beyond the window, values may change without any effect: they are settled."""
    values = noisy(3 * policy.STREAM_WINDOW, 7, steps={100: 1.2})
    n = values.size
    state = advance(EMPTY, values[:-1], NONE, offsets(n - 1))
    other = values.copy()
    other[200:500] *= 5

    assert advance(state, other, NONE, offsets(n)) == advance(state, values, NONE, offsets(n))


def test_indices_in_a_long_series_are_those_of_the_whole():
    """A step in the newest window of a long series is reported at its own index."""
    n = 2000
    values = noisy(n, 11, steps={300: 1.1, 1950: 1.2})
    state = advance(EMPTY, values[:1940], NONE, offsets(1940))
    for end in range(1941, n + 1, 7):
        state = advance(state, values[:end], NONE, offsets(end))

    assert [c.index for c in state.found.changes] == [300, 1950]
    assert state.found.changes[1].points_since == state.seen - 1950

"""Searching with counts: exact ones, and such as wobble within a tolerance."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.signals import TIME
from tracker.model.catalogue import METRICS
from tracker.model.counts import CountedMetric
from tracker.search.exact import Counts, levels_of, next_commit, steps_of, unconfirmed

LINES, TRIPS = METRICS["lines_per_task"], METRICS["round_trips_per_task"]


def count(*values: float, spread: float = 0.0) -> CountedMetric:
    """What was counted, as often as there are values."""
    return CountedMetric(unit="", value=min(values), spread=spread, samples=values)


def counts(*values: float) -> Counts:
    """One count each, at the positions from 0 on."""
    return {place: count(value) for place, value in enumerate(values)}


def search(
    levels: Sequence[float],
    unusable: set[int],
    *,
    metric=LINES,
    broken: frozenset[int] = frozenset(),
) -> dict[int, CountedMetric]:
    """All that is counted until nothing is open; what is *broken* is found out by trying."""
    n = len(levels) - 1
    found = {0: count(levels[0]), n: count(levels[n])}
    known = set(unusable)
    while (place := next_commit(found, metric, known, np.full(n, 1 / n))) is not None:
        assert place not in found
        assert place not in known
        if place in broken:
            known.add(place)
        else:
            found[place] = count(levels[place])
    return found


@given(st.integers(1, 300), st.data())
def test_one_step_takes_as_many_measurements_as_halving_does(n: int, data: st.DataObject):
    """Beside the ends at most log2 of the commits, rounded up; and it is certain."""
    culprit = data.draw(st.integers(1, n))
    levels = [100.0 if place < culprit else 110.0 for place in range(n + 1)]
    found = search(levels, set())
    (step,) = steps_of(found, LINES)
    assert step.commits == (culprit,)
    assert (step.before, step.after, step.tolerance) == (100.0, 110.0, 0.0)
    assert len(found) <= 2 + math.ceil(math.log2(max(n, 1)))


@given(st.data())
def test_every_step_between_different_neighbours_is_in_what_is_named(data: st.DataObject):
    """With commits that do not build: a step is a group that holds a real one."""
    n = data.draw(st.integers(2, 40))
    levels = data.draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=n + 1, max_size=n + 1))
    unusable = data.draw(st.sets(st.integers(1, n - 1)))
    for step in steps_of(search(levels, unusable), LINES):
        assert any(levels[place - 1] != levels[place] for place in step.commits)
        assert set(range(step.last_before + 1, step.first_after)) <= unusable


@given(st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_wobble_among_64_commits_costs_no_measurement_more(culprit: int, seed: int):
    """Every count is off by up to nearly half of the tolerance, so two are never too far apart."""
    rng = np.random.default_rng(seed)
    truth = np.where(np.arange(65) < culprit, 3.0, 4.0)
    wobble = 0.49 * 4 * TRIPS.count_scatter * 3.0 * rng.uniform(-1, 1, 65)
    found = search(list(truth + wobble), set(), metric=TRIPS)
    (step,) = steps_of(found, TRIPS)
    assert step.commits == (culprit,)
    assert len(found) <= 8


@given(st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_a_fifth_that_does_not_build_costs_no_measurement_more(culprit: int, seed: int):
    """A commit that does not build is tried and not measured; the culprit is in what is named."""
    rng = np.random.default_rng(seed)
    broken = frozenset((1 + np.flatnonzero(rng.random(63) < 0.2)).tolist())
    levels = [3.0 if place < culprit else 4.0 for place in range(65)]
    wobble = rng.uniform(-0.02, 0.02, 65)
    found = search(list(np.array(levels) + wobble), set(), metric=TRIPS, broken=broken)
    (step,) = steps_of(found, TRIPS)
    assert culprit in step.commits
    assert set(range(step.last_before + 1, step.first_after)) <= broken
    assert len(found) <= 8


@given(st.integers(1, 32), st.integers(33, 64), st.integers(0, 2**32 - 1))
def test_both_of_two_steps_are_found_through_wobble(first: int, second: int, seed: int):
    """Three levels and no fourth."""
    rng = np.random.default_rng(seed)
    places = np.arange(65)
    truth = 3.0 + (places >= first) + (places >= second)
    found = search(list(truth + rng.uniform(-0.02, 0.02, 65)), set(), metric=TRIPS)
    assert [step.commits for step in steps_of(found, TRIPS)] == [(first,), (second,)]
    assert len(set(levels_of(found, TRIPS).values())) == 3
    assert len(found) <= 2 + 2 * math.ceil(math.log2(64))


def test_two_steps_that_cancel_out_are_seen_where_a_probe_lies_between():
    """Ends that are alike have one level, and a commit between them may have another."""
    assert levels_of(counts(3.0, 4.0, 3.01), TRIPS) == {0: 0, 1: 1, 2: 0}
    assert [step.commits for step in steps_of(counts(3.0, 4.0, 3.01), TRIPS)] == [(1,), (2,)]


def test_a_count_that_is_like_both_ends_is_like_the_nearer_one():
    """The tolerance is 0.06 here: 3.03 and 3.05 are as near to 3.00 as to 3.08."""
    assert levels_of(counts(3.0, 3.03, 3.05, 3.08), TRIPS) == {0: 0, 1: 0, 2: 1, 3: 1}


def test_an_exact_metric_is_exact_where_its_runs_were():
    """A count that itself says that it cannot be trusted as far makes the tolerance."""
    assert len(steps_of({0: count(396.0), 1: count(397.0)}, LINES)) == 1
    assert not steps_of({0: count(396.0), 1: count(397.0, spread=1.5)}, LINES)
    assert len(steps_of(counts(7.0, 8.0), replace(TIME, name="track"))) == 1


def test_what_is_not_exact_is_counted_again_before_it_is_believed():
    """A step of exact counts needs no second look; another one a second count on both sides."""
    assert unconfirmed(counts(396.0, 397.0), LINES) is None
    step = unconfirmed(counts(3.0, 4.0), TRIPS)
    assert step is not None
    assert step.tolerance == pytest.approx(0.08)
    assert unconfirmed({0: count(3.0, 3.01), 1: count(4.0)}, TRIPS) is not None
    assert unconfirmed({0: count(3.0, 3.01), 1: count(4.0, 4.0)}, TRIPS) is None


def test_the_prior_says_where_to_halve():
    """Where one commit has most of the probability, it is measured beside its parent first."""
    prior = np.full(16, 0.02)
    prior[3] = 0.7
    ends = {0: count(1.0), 16: count(2.0)}
    assert next_commit(ends, LINES, set(), prior / prior.sum()) in {3, 4}

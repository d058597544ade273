"""Simulated searches, few of them; RESULTS.md has many."""

import statistics

import pytest

from tests.evaluation.commit_searches import classic_runs, search

COMMITS = 32


@pytest.mark.slow
def test_a_search_is_right_and_short():
    """At four times the noise: all of 30 sure and right, in at most a third of the classic runs."""
    done = [search(seed, step=4.0, commits=COMMITS, budget=400) for seed in range(30)]
    assert all(each.right for each in done)
    assert all(each.sure for each in done)
    assert statistics.median(each.runs for each in done) <= classic_runs(COMMITS) / 3


@pytest.mark.slow
def test_nobody_is_accused_where_nothing_changed():
    """In none of 20 histories."""
    assert not any(search(s, step=0.0, commits=COMMITS, budget=100).sure for s in range(20))

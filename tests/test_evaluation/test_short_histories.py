"""Short histories: what is found of few commits, and what is not invented."""

from dataclasses import replace

import pytest

from tests.evaluation.short_histories import FORMS, SHORT, VERY_SHORT, false_events, most_found
from tests.evaluation.suites import Plan, blamed, make_suite, share_found
from tracker.judge import judge


@pytest.mark.parametrize("control", [True, False])
def test_half_as_slow_again_is_sure_from_six_commits_on(*, control: bool):
    """Repeats, and the same metric in other scenarios, tell how far equal commits differ."""
    plan = Plan(commits=6, control=control, size=0.5)
    sure, _ = share_found(plan, repeats=12)
    assert sure >= 0.8


@pytest.mark.parametrize("name", FORMS)
def test_short_histories_without_a_change_blame_no_commit(name: str):
    """At most one in a few hundred commits, however noise and repeats go together."""
    plan = replace(FORMS[name], scenarios=min(FORMS[name].scenarios, 3))
    assert false_events(plan, VERY_SHORT, repeats=3) <= 1.5
    assert false_events(plan, SHORT, repeats=2) <= 0.7


def test_the_best_of_all_tests_needs_more_commits_or_fewer_series():
    """Six commits at 10 % noise are not enough for 19 of 20, if one of 30 series may be chosen."""
    assert most_found(6, 1) > 0.95 > most_found(6, 30)
    assert most_found(8, 30) > 0.95


@pytest.mark.parametrize(("control", "seed"), [(True, 4), (True, 41), (False, 44), (False, 55)])
def test_three_loaded_commits_of_nine_are_the_machines(*, control: bool, seed: int):
    """Nearly all benchmarks move while they last, some of them far; none of it is a commit's."""
    plan = Plan(commits=9, control=control, loaded=True)
    assert blamed(judge(make_suite(plan, seed))) == []

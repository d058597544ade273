"""The judgement of whole histories on simulated suites, at a size for every run."""

import pytest

from tests.evaluation.suites import Plan, false_events, is_found, make_suite, share_found
from tracker.judge import judge


@pytest.mark.parametrize("control", [True, False])
def test_a_history_without_changes_blames_no_commit(*, control: bool):
    """Of 200 commits at most one, whatever the length of the histories."""
    assert false_events(Plan(commits=10, control=control), repeats=12) <= 0.5
    assert false_events(Plan(commits=40, control=control), repeats=2) <= 0.5


@pytest.mark.parametrize("control", [True, False])
def test_a_program_that_gets_half_as_slow_again_is_found(*, control: bool):
    """For certain in forty commits, and at least suspected in ten, at its own commit."""
    sure, _ = share_found(Plan(commits=40, control=control, size=0.5, scenarios=3), repeats=4)
    _, suspected = share_found(Plan(commits=10, control=control, size=0.5, scenarios=3), repeats=8)

    assert sure == 1.0
    assert suspected >= 0.75


def test_a_planted_change_is_not_found_where_there_is_none():
    """The count itself can fail."""
    plan = Plan(commits=20, scenarios=2)
    assert not is_found(judge(make_suite(plan, 3)), plan, sure=False)

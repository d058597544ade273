"""Searches with a clock among commits that are not there."""

import numpy as np

from tests.evaluation.commit_searches import ROW, SimulatedLaboratory
from tracker.bisect import noisy
from tracker.search.answer import Outcome
from tracker.search.ends import Ends
from tracker.search.policy import DEFAULT

COMMITS = 8
PRIOR = np.full(COMMITS, 1 / COMMITS)


def laboratory(step: float, budget: int, culprit: int = 5) -> tuple[SimulatedLaboratory, list[str]]:
    """Eight commits that all build, and what is said of them."""
    said: list[str] = []
    lab = SimulatedLaboratory(
        np.random.default_rng(3), COMMITS, culprit, step, budget, say=said.append, unbuildable=0.0
    )
    return lab, said


def test_a_commit_that_leads_is_measured_beside_its_parent():
    """It is announced when its step was seen again; the lines say what is done."""
    lab, said = laboratory(step=8.0, budget=200)
    assert noisy.confirm_ends(lab, ROW, DEFAULT) is Ends.DIFFER
    found = noisy.search(lab, ROW, PRIOR, DEFAULT)
    assert (found.answer.outcome, found.answer.commits) == (Outcome.COMMIT, (5,))
    assert (found.pair, found.again) == ((4, 5), Ends.DIFFER)
    assert len(noisy.pairs_of(lab, ROW, (4, 5))) >= 2
    assert any("of the ends: not yet clear whether they differ" in line for line in said)
    assert any("it is one of 8 commits with" in line for line in said)
    assert any("5 leads, and is measured beside its parent" in line for line in said)


def test_a_commit_that_was_not_seen_again_is_not_announced():
    """However sure the rounds before were, while the budget lasts for no pair."""
    lab, _ = laboratory(step=8.0, budget=200)
    noisy.confirm_ends(lab, ROW, DEFAULT)
    while noisy.conclude(lab, ROW, PRIOR, DEFAULT).pair is None:
        lab.measure([0, 3, 4, 5, COMMITS])
    lab.budget_s = lab.runs
    found = noisy.search(lab, ROW, PRIOR, DEFAULT)
    assert found.answer.outcome is Outcome.OPEN
    assert found.again is Ends.OPEN


def test_equal_ends_are_not_searched():
    """Ten pairs do not make them differ."""
    lab, _ = laboratory(step=0.0, budget=40)
    assert noisy.confirm_ends(lab, ROW, DEFAULT) is not Ends.DIFFER
    assert {each.positions for each in lab.state.rounds} == {(0, COMMITS), (COMMITS, 0)}

"""What speaks for a commit before anything is measured."""

import pytest

from tracker.search.policy import DEFAULT
from tracker.search.prior import Recorded, prior_of

CODE = ("src/a.py",)


def test_no_commit_is_ever_impossible():
    """Neither files nor recorded results take away what all have alike."""
    recorded = Recorded(positions=(0, 1, 2, 3, 4, 5), values=(1.0, 1.0, 1.0, 2.0, 2.0, 2.0))
    prior = prior_of([("README.md",), CODE, CODE, CODE, ("docs/a.py",)], [recorded], DEFAULT)
    assert prior.sum() == pytest.approx(1)
    assert prior.min() >= DEFAULT.least_share / 5


def test_words_and_tests_are_less_likely_than_code():
    """A requirements file is no words, for dependencies cost time too."""
    prior = prior_of(
        [("docs/a.rst", "tests/test_a.py"), CODE, ("requirements.txt",), ()], [], DEFAULT
    )
    assert prior[0] < prior[1] == prior[2] == prior[3]


def test_a_recorded_step_draws_the_search_to_it():
    """Two thirds and more lie where the history stepped, between the commits it measured."""
    recorded = Recorded(
        positions=(0, 10, 20, 30, 40, 50), values=(1.0, 1.01, 0.99, 1.5, 1.51, 1.49)
    )
    prior = prior_of([CODE] * 50, [recorded], DEFAULT)
    assert prior[20:30].sum() > 0.5
    assert prior[20:30].max() == pytest.approx(prior[20:30].min())


def test_few_recorded_values_say_nothing():
    """Three are no history."""
    recorded = Recorded(positions=(0, 2, 4), values=(1.0, 1.0, 9.0))
    assert prior_of([CODE] * 4, [recorded], DEFAULT) == pytest.approx([0.25] * 4)

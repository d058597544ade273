"""Whether the ends differ, asked after every pair."""

from dataclasses import replace

import numpy as np

from tracker.search.ends import Ends, decide_ends
from tracker.search.policy import DEFAULT

SURE = replace(DEFAULT, begin_alpha=DEFAULT.ends_alpha)


def looks(rng: np.random.Generator, step: float, most: int) -> Ends:
    """The first answer that is not open, of *most* pairs of normal noise with outliers."""
    differences = step + np.sqrt(2) * rng.standard_normal(most)
    disturbed = rng.random(most) < 0.1
    differences[disturbed] += 5 * rng.standard_cauchy(int(disturbed.sum()))
    for n in range(1, most + 1):
        ends = decide_ends(differences[:n], SURE, margin=0.0)
        if ends is not Ends.OPEN:
            return ends
    return Ends.OPEN


def test_equal_ends_are_hardly_ever_taken_for_different():
    """At a level of 0.5 %, in at most 5 of 200 sequences of 20 looks."""
    found = [looks(np.random.default_rng(seed), 0.0, 20) for seed in range(200)]
    assert found.count(Ends.DIFFER) <= 5


def test_a_step_of_four_is_found_within_fifteen_pairs():
    """In 38 of 40, a tenth of the pairs being disturbed."""
    found = [looks(np.random.default_rng(seed), 4.0, 15) for seed in range(40)]
    assert found.count(Ends.DIFFER) >= 38


def test_ends_within_what_matters_are_alike():
    """An interval within the margin settles it the other way."""
    differences = 0.001 * np.random.default_rng(0).standard_normal(12)
    assert decide_ends(differences, DEFAULT, margin=0.05) is Ends.ALIKE


def test_the_same_numbers_twice_are_alike():
    """Only what is counted gives them."""
    assert decide_ends(np.zeros(2), DEFAULT, margin=0.0) is Ends.ALIKE


def test_one_of_many_metrics_must_be_clearer():
    """The one that differs most of a thousand differs by chance."""
    differences = np.array([1.1, 0.9, 1.2, 0.8])
    assert decide_ends(differences, DEFAULT, margin=0.0) is Ends.DIFFER
    assert decide_ends(differences, DEFAULT.of_one_in(10**9), margin=0.0) is Ends.OPEN

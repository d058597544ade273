"""Where a change lies, when its levels are of different noise."""

import numpy as np

from tracker.detect import find_changes

COLD = (4.30, 2.77, 3.02, 4.16, 2.90, 3.12, 4.11, 4.17, 3.22, 3.91, 4.14, 2.05, 4.33, 2.73, 3.13,
        2.76, 2.08, 2.10)  # fmt: skip
"""Microseconds of a handler once asv called it once a repeat (django-asv, August 2026)."""


def quiet(commits: int) -> list[float]:
    """Before that it took 1.12 us, give or take 2 %."""
    noise = np.random.default_rng(3).standard_normal(commits)
    return (1.12 * np.exp(0.02 * noise)).tolist()


def test_a_quiet_level_ends_where_a_far_and_noisy_one_begins():
    """Every point of the noisy level is far from both in the noise of the quiet one."""
    (change,) = find_changes([*quiet(200), *COLD])

    assert change.index == change.earliest == 200


def test_a_far_and_noisy_level_ends_where_a_quiet_one_begins():
    """The same, backwards."""
    (change,) = find_changes([*COLD[::-1], *quiet(200)])

    assert change.index == change.latest == len(COLD)

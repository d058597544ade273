"""What is left of a step beside the step of its controls."""

import numpy as np
import pytest

from tracker.judge.difference_in_differences import rest_of_step
from tracker.judge.noise_priors import NOTHING_KNOWN, Prior

N, CUT = 40, 20
BOUNDS = (0, CUT, N)
NOTHING = (NOTHING_KNOWN,) * 2


def course(step: float, noise: float, seed: int) -> np.ndarray:
    """A course with a step at `CUT`."""
    x = np.random.default_rng(seed).normal(0, noise, N)
    x[CUT:] += step
    return x


def test_what_the_controls_show_is_not_the_commits():
    """Both move alike: nothing is left."""
    rest = rest_of_step(course(0.3, 0.05, 1), course(0.3, 0.05, 2)[None], BOUNDS, NOTHING)
    assert rest is not None
    assert rest.is_shared
    assert rest.p_value > 0.05


@pytest.mark.parametrize("of_control", [0.0, -0.3, 0.1])
def test_what_the_controls_do_not_show_is_left(of_control: float):
    """They stand still, go the other way, or move by less: the rest is as plain as before."""
    rest = rest_of_step(course(0.6, 0.05, 1), course(of_control, 0.05, 2)[None], BOUNDS, NOTHING)
    assert rest is not None
    assert not rest.is_shared
    assert rest.p_value < 1e-6


def test_noise_of_a_control_takes_next_to_nothing():
    """A control that is ten times as noisy, and by chance moved along, is no witness."""
    shares = []
    for seed in range(40):
        rest = rest_of_step(
            course(0.2, 0.02, 100 + seed), course(0.0, 0.2, seed)[None], BOUNDS, NOTHING
        )
        assert rest is not None
        shares.append(rest.share)
    assert np.median(shares) == 0.0
    assert np.mean(shares) < 0.15


def test_one_of_several_controls_is_enough():
    """The machine shows in the scenario's own control, or in those of all scenarios."""
    quiet, moved = course(0.0, 0.05, 2), course(0.3, 0.05, 3)
    rest = rest_of_step(
        course(0.3, 0.05, 1), np.stack([quiet, moved]), BOUNDS, (NOTHING_KNOWN,) * 3
    )
    assert rest is not None
    assert rest.is_shared


def test_a_level_of_one_commit_says_nothing():
    """Neither of the series nor of its control."""
    assert (
        rest_of_step(course(0.3, 0.05, 1), course(0.3, 0.05, 2)[None], (0, 39, 40), NOTHING) is None
    )


def test_a_short_control_is_as_noisy_as_others_of_its_metric():
    """Three commits on either side that agree by luck do not make a noisy control a witness."""
    ours = np.array([0.0, 0.01, -0.01, 0.12, 0.11, 0.12])
    theirs = np.array([0.0, 0.01, 0.0, 0.11, 0.12, 0.11])
    known = (Prior(variance=0.01**2, freedom=8.0), Prior(variance=0.15**2, freedom=8.0))
    lucky = rest_of_step(ours, theirs[None], (0, 3, 6), NOTHING)
    told = rest_of_step(ours, theirs[None], (0, 3, 6), known)
    assert lucky is not None
    assert told is not None
    assert lucky.is_shared
    assert not told.is_shared

"""What the controls of a machine say of a place."""

import numpy as np
import pytest

from tracker.judge.control_means import ControlMean, machine_reach
from tracker.judge.noise_priors import Prior
from tracker.judge.policy import MACHINE_REACH

LOAD = 0.35
"""What a busy machine takes from a rate, as a logarithm."""


@pytest.mark.parametrize("place", [3, 6])
def test_a_load_of_few_commits_is_as_large_where_it_begins_as_where_it_ends(place: int):
    """Its size is that of the commits that show it, not of all around it."""
    wobble = np.array([0.01, -0.02, 0.0, 0.02, -0.01, 0.01, -0.01, 0.02, 0.0, -0.02])
    busy = (np.arange(10) >= 3) & (np.arange(10) < 6)
    control = ControlMean(
        machine="m",
        positions=np.arange(10),
        logs=wobble - LOAD * busy,
        prior=Prior(variance=0.05**2, freedom=4.0),
    )
    reach = machine_reach([control], place)
    assert reach["m"] == pytest.approx(MACHINE_REACH * LOAD, rel=0.15)


def test_controls_that_did_not_move_reach_nowhere():
    """Nothing is put down to a machine of which nothing is seen."""
    wobble = np.array([0.01, -0.02, 0.0, 0.02, -0.01, 0.01, -0.01, 0.02, 0.0, -0.02])
    control = ControlMean(
        machine="m",
        positions=np.arange(10),
        logs=wobble,
        prior=Prior(variance=0.02**2, freedom=4.0),
    )
    assert machine_reach([control], 5) == {}

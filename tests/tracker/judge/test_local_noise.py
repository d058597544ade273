"""Noise around a place."""

import numpy as np

from tracker.judge.local_noise import scale_around, scales_around


def test_a_loud_stretch_is_louder_than_the_whole():
    """Where a machine was busy for some commits, the scale is theirs; elsewhere it is the usual."""
    rng = np.random.default_rng(1)
    x = rng.normal(0, 0.01, 400)
    x[100:140] = rng.normal(0, 0.1, 40)

    inside, far = scales_around(x[None], np.array([120, 300]))[0]

    assert 0.07 < inside < 0.14
    assert 0.007 < far < 0.016


def test_a_step_is_no_noise():
    """One difference among many does not count."""
    x = np.random.default_rng(2).normal(0, 0.01, 60)
    x[30:] += 1.0
    assert scale_around(x, 30) < 0.02


def test_one_place_and_many_are_told_the_same():
    """Near either end, too, and in a series shorter than the neighbourhood."""
    for n in (5, 40, 100):
        x = np.random.default_rng(n).normal(0, 1, n)
        places = np.arange(1, n)
        assert np.allclose(scales_around(x[None], places)[0], [scale_around(x, p) for p in places])
    assert scale_around(np.array([1.0]), 0) == 0.0

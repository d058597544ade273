"""Spread, outliers and warnings on values whose answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchmarks.harness.lab.results import steady_state, validation
from benchmarks.harness.lab.results.metrics import variation

VALUES = some.lists(some.floats(1, 1000), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("cv", "word"),
    [
        (0.0999, "excellent"),
        (0.10, "good"),
        (0.20, "good"),
        (0.2001, "unreliable"),
        (None, "unknown"),
    ],
)
def test_grade_at_its_limits(cv, word):
    """The limits belong to the better grade at 0.20, to the worse at 0.10."""
    assert validation.grade(cv) == word


def test_variation_is_the_sample_deviation_over_the_mean():
    """[9, 10, 11]: deviation 1 (n - 1), mean 10."""
    assert variation([9.0, 10.0, 11.0]) == pytest.approx(0.1)
    assert variation([9.0]) is None


@given(VALUES, some.floats(0.1, 10))
def test_outliers_do_not_depend_on_the_unit(values, factor):
    """Seconds or milliseconds, the same runs stand apart (away from the very limit)."""
    scaled = validation.outliers([v * 1024 for v in values])

    assert scaled == validation.outliers(values)
    assert len(validation.outliers([v * factor for v in values])) == len(values)


@given(VALUES)
def test_equal_values_are_never_outliers(values):
    """All-equal has no spread to stand apart from."""
    assert not any(validation.outliers([values[0]] * len(values)))


@given(VALUES, some.floats(1, 1000))
def test_steadiness_does_not_depend_on_the_level(values, level):
    """Equal rates are steady at any level, given enough blocks."""
    assert steady_state.is_steady([level] * steady_state.BLOCKS)
    assert steady_state.is_steady([*values, *[level] * steady_state.BLOCKS])


def test_a_trend_is_not_steady_in_either_direction():
    """Speeding up and slowing down by 5 % a block both go on."""
    rising = [100 * 1.05**i for i in range(steady_state.BLOCKS)]

    assert not steady_state.is_steady(rising)
    assert not steady_state.is_steady(rising[::-1])


def test_noise_around_a_level_is_steady():
    """3 % of noise is no trend."""
    assert steady_state.is_steady([100.0, 103.0, 97.0, 101.0])


def test_too_few_blocks_are_not_steady():
    """One block less than needed says nothing."""
    assert not steady_state.is_steady([100.0] * (steady_state.BLOCKS - 1))


def test_rising_depth_needs_four_runs():
    """Three growing runs may be chance."""
    assert validation.rises([100, 150, 200, 260])
    assert not validation.rises([100, 150, 200])
    assert not validation.rises([100, 101, 102, 103])

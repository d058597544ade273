"""How far apart two libraries lie."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.report.libraries.effect import cliffs_delta, describe, measure_effect, median_interval

runs = st.lists(st.floats(0.01, 1e6), min_size=3, max_size=12)


def test_twice_as_fast_is_a_ratio_of_two_with_a_large_effect():
    """A doubled throughput gives ratio 2, an interval around it, and delta 1."""
    base = [98.0, 100.0, 101.0, 99.0, 102.0]
    effect = measure_effect(base, [2 * value for value in base])
    assert effect.ratio == pytest.approx(2)
    assert effect.ratio_low < 2 < effect.ratio_high
    assert (effect.delta, effect.size) == (1.0, "large")


def test_equal_samples_have_no_effect():
    """The same runs on both sides give ratio 1 and delta 0."""
    effect = measure_effect([5.0, 6.0, 7.0], [5.0, 6.0, 7.0])
    assert (effect.ratio, effect.delta, effect.size) == (1.0, 0.0, "negligible")


def test_too_few_runs_give_a_ratio_without_an_interval():
    """Two runs a side cannot carry an interval, and none is invented."""
    effect = measure_effect([1.0, 2.0], [3.0, 4.0])
    assert effect.ratio == pytest.approx(7 / 3)
    assert math.isnan(effect.ratio_low)
    assert math.isnan(effect.ratio_high)


def test_nothing_measured_is_unknown_and_no_number():
    """Without finite samples everything is NaN and the size is unknown."""
    effect = measure_effect([math.nan], [1.0, 2.0, 3.0])
    assert math.isnan(effect.ratio)
    assert effect.size == "unknown"


def test_the_interval_of_the_ratio_covers_the_truth_nearly_always():
    """Over 200 pairs of ten runs the 95 % interval covers the true ratio at least 85 % of times."""
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        effect = measure_effect(list(rng.normal(100, 5, 10)), list(rng.normal(130, 8, 10)))
        covered += effect.ratio_low <= 1.3 <= effect.ratio_high
    assert covered >= 170


def test_beside_zero_there_is_no_ratio_but_a_difference():
    """A base that never failed has no ratio; how far the other lies from it is known."""
    effect = measure_effect([0.0, 0.0, 0.0], [0.01, 0.02, 0.01])
    assert math.isnan(effect.ratio)
    assert math.isnan(effect.ratio_low)
    assert (effect.difference_low, effect.difference_high) == (0.01, 0.02)


@given(runs, runs)
def test_delta_is_the_count_over_all_pairs(a: list[float], b: list[float]):
    """The fast formula equals the definition."""
    counted = sum((y > x) - (y < x) for x in a for y in b) / (len(a) * len(b))
    assert cliffs_delta(np.array(a), np.array(b)) == pytest.approx(counted)


@given(runs, runs, st.floats(0.1, 10))
def test_the_unit_does_not_matter(a: list[float], b: list[float], scale: float):
    """Scaling both sides changes neither ratio nor delta."""
    plain = measure_effect(a, b)
    scaled = measure_effect([x * scale for x in a], [x * scale for x in b])
    assert scaled.ratio == pytest.approx(plain.ratio)


@given(runs)
def test_the_interval_of_a_median_lies_within_the_samples(a: list[float]):
    """No bootstrap interval leaves the range of what was measured, but for rounding."""
    low, high = median_interval(a)
    rounding = 1 + 1e-12
    assert min(a) <= low * rounding
    assert low <= high * rounding
    assert high <= max(a) * rounding


def test_the_words_follow_the_published_limits():
    """0.147, 0.33 and 0.474 part negligible, small, medium and large."""
    assert [describe(d) for d in (0.1, -0.2, 0.4, -0.9)] == [
        "negligible",
        "small",
        "medium",
        "large",
    ]

"""Fast code beside slow literal transcriptions of the formulas, and of what libraries compute."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.support.signals import noisy
from tracker.detect import candidates, density, drift, evidence, policy, wandering_level
from tracker.detect.noise import Noise, step_scale
from tracker.judge.multiplicity import discovery_cut

SEEDS = st.integers(0, 100_000)


@given(st.floats(0, 60), st.integers(1, 150))
def test_student_two_sided_is_scipys(t: float, freedom: int):
    """The finite series gives scipy's tail, down to where it stops."""
    assert evidence.student_two_sided(t, freedom) == pytest.approx(
        max(2 * float(stats.t.sf(t, freedom)), 1e-15), rel=1e-6, abs=1e-13
    )


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 0.8))
def test_variance_of_a_difference_of_means_is_the_sum_over_all_pairs(n: int, m: int, r: float):
    """The closed form is the quadratic form in the covariances r**|i - j|."""
    weights = np.concatenate((np.full(n, -1 / n), np.full(m, 1 / m)))
    lags = np.abs(np.subtract.outer(np.arange(n + m), np.arange(n + m)))

    expected = weights @ (r ** lags.astype(float)) @ weights

    assert evidence.mean_difference_variance(n, m, r) == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.1), min_size=1, max_size=30), st.integers(0, 200))
def test_discoveries_are_scipys(p_values: list[float], others: int):
    """The cut accepts exactly what scipy's adjusted p-values accept."""
    array = np.array(p_values)
    adjusted = stats.false_discovery_control(np.concatenate((array, np.ones(others))))

    cut = discovery_cut(array, array.size + others, 0.1)

    expected = adjusted[: array.size] <= 0.1
    near = np.abs(adjusted[: array.size] - 0.1) < 1e-12
    assert ((array <= cut) == expected)[~near].all()


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_partition_is_the_best_of_all(seed: int):
    """Dynamic programming finds the cheapest of all subsets of the candidates."""
    x = np.log(noisy(40, seed, noise=1.0, steps={20: 9.0}))
    places = np.array([4, 8, 11, 20, 23, 33])
    penalty = policy.SEGMENT_PENALTY + policy.PENALTY_OF_LENGTH * math.log(x.size)

    def cost(cuts: tuple[int, ...]) -> float:
        edges = [0, *cuts, x.size]
        parts = [x[a:b] for a, b in itertools.pairwise(edges)]
        short = any(p.size < 3 for p in parts[:-1])
        return math.inf if short else sum(((p - p.mean()) ** 2).sum() + penalty for p in parts)

    subsets = (c for k in range(7) for c in itertools.combinations(places.tolist(), k))

    (cuts,) = candidates.partition(x[None], [places], [1.0])

    assert cost(tuple(cuts)) == pytest.approx(min(cost(c) for c in subsets))


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_profile_is_the_sum_over_points(seed: int):
    """The correlation of histogram and table is the sum of the points' log densities."""
    rng = np.random.default_rng(seed)
    x = rng.standard_t(3, 25)
    shape = density.learn(rng.standard_normal(100), 1.0)
    last = 20

    found = shape.profiles(x, 10, 0.0, last)

    bins = np.clip(np.rint(x / 0.1), -150, 150).astype(int)
    for part, side in zip((bins[:10], bins[10:]), found, strict=True):
        expected = [
            sum(shape.table[np.clip(b - s, -150, 150) + 150] for b in part)
            for s in range(-15, last + 16)
        ]
        assert side[::-1] == pytest.approx(np.array(expected))


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_scores_are_the_slope_of_the_log_density(seed: int):
    """By central differences, as numpy takes them."""
    rest = np.random.default_rng(seed).standard_t(3, 80)
    shape = density.learn(rest, 1.0)
    bins = np.clip(np.rint(rest / 0.1), -150, 150).astype(int) + 150

    _, scores = shape.scores(rest)

    assert scores == pytest.approx(-np.gradient(shape.table, 0.1)[bins])


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(1, 29))
def test_the_odds_of_wandering_are_those_of_plain_regression(seed: int, cut: int):
    """Closed forms of two regressors give the residuals of least squares."""
    x = np.random.default_rng(seed).standard_normal(30)
    x[cut:] += 2
    y = x - x.mean()
    terms = []
    for rho in (0.0, 0.2, 0.4, 0.6, 0.8):
        first = math.sqrt(1 - rho**2)
        z = np.concatenate(([first * y[0]], y[1:] - rho * y[:-1]))
        level = np.concatenate(([first], np.full(29, 1 - rho)))
        step = np.zeros(30)
        step[cut] = 1
        step[cut + 1 :] = 1 - rho
        errors = []
        for design in ([level], [level, step]):
            matrix = np.array(design).T
            beta, *_ = np.linalg.lstsq(matrix, z, rcond=None)
            errors.append(float(((z - matrix @ beta) ** 2).sum()))
        terms.append((math.log(first) - math.log(level @ level) / 2, *errors))
    unit = min(t[2] for t in terms)
    without = sum(math.exp(w) * (e / unit) ** (-29 / 2) for w, e, _ in terms)
    having = sum(math.exp(w) * (e / unit) ** (-28 / 2) for w, _, e in terms)

    assert wandering_level.log_odds(x, cut) == pytest.approx(math.log(having / without), rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_clean_ramp_has_no_ramp_error(seed: int):
    """Among the ramps that are tried is the full line, which fits a line exactly."""
    rng = np.random.default_rng(seed)
    line = rng.normal() + np.arange(50) * rng.normal()
    noise = Noise(scale=0.1 * abs(line[1] - line[0]) + 1e-9, correlation=0.0)

    steps, ramps = drift.split(line, [25], noise)

    assert steps == []
    assert (ramps[0].start, ramps[0].end) == (0, 50)


def test_the_noise_scale_of_normal_noise_is_its_standard_deviation():
    """Consistency: on many points the scale of differences is the true one, steps or not."""
    x = np.random.default_rng(0).standard_normal(20_000)
    x[10_000:] += 50

    assert step_scale(np.abs(np.diff(x))) == pytest.approx(1.0, abs=0.02)

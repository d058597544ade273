"""Evidence from paired rounds: its rules, and the error rates that docs/comparing.md states."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.paired import evidence as paired
from tracker.paired.e_values import discoveries
from tracker.paired.noise_floor import control_shift, noise_floor

finite = st.floats(-1, 1, allow_nan=False, width=32)
rounds = st.lists(finite, min_size=2, max_size=30).map(np.array)


def gauss(rng, n):
    """The noise of a quiet machine, relative to its spread."""
    return rng.normal(0, 1, n) - rng.normal(0, 1, n)


def outliers(rng, n):
    """One run in ten is disturbed, always upward, by several times the usual spread."""

    def side():
        return rng.normal(0, 1, n) + (rng.random(n) < 0.1) * np.abs(rng.normal(0, 8, n))

    return side() - side()


def two_levels(rng, n):
    """Differences of one size only, as with metrics that come in steps."""
    return rng.choice([-1.0, 1.0], n)


def two_modes(rng, n):
    """Every process lands in one of two speeds."""

    def side():
        return 0.3 * rng.normal(0, 1, n) + 2 * (rng.random(n) < 0.5)

    return side() - side()


def bursts(rng, n):
    """The spread itself varies widely from round to round, as with noisy neighbours."""
    return np.exp(rng.normal(0, 1, n)) * gauss(rng, n)


def skewed(rng, n):
    """Long upper tails on both sides."""
    return np.exp(0.8 * rng.normal(0, 1, n)) - np.exp(0.8 * rng.normal(0, 1, n))


def neighbours_alike(rng, n):
    """Every round keeps three tenths of what disturbed the one before."""
    noise = gauss(rng, n + 10)
    for i in range(1, n + 10):
        noise[i] += 0.3 * noise[i - 1]
    return noise[10:]


KINDS = [gauss, outliers, two_levels, two_modes, bursts, skewed]


@given(rounds)
def test_exchanging_base_and_head_changes_the_sign_only(differences):
    """Base and head are treated alike."""
    here, there = paired.locate(differences), paired.locate(-differences)
    assert here.centre == pytest.approx(-there.centre, abs=1e-12)
    assert here.spread == pytest.approx(there.spread)
    assert paired.log_evidence(differences) == pytest.approx(paired.log_evidence(-differences))


@given(rounds)
def test_the_middle_lies_within_the_data_and_evidence_is_bounded(differences):
    """No outlier pulls the middle out; n rounds are worth at most n - 1 coins."""
    located = paired.locate(differences)
    assert differences.min() - 1e-12 <= located.centre <= differences.max() + 1e-12
    assert paired.log_evidence(differences) <= (len(differences) - 1) * math.log(2)


@given(rounds, st.floats(1e-3, 0.5))
def test_intervals_hold_the_middle_and_shrink_with_alpha(differences, alpha):
    """A less sure interval lies within a surer one."""
    located = paired.locate(differences)
    low, high = paired.interval(located, alpha)
    low_sure, high_sure = paired.interval(located, alpha / 2)
    assert low_sure <= low <= located.centre <= high <= high_sure


@given(rounds, st.floats(0.001, 0.2))
def test_interval_and_evidence_agree(differences, alpha):
    """Zero lies outside the interval exactly when the unbounded evidence reaches 1 / alpha."""
    located = paired.locate(differences)
    evidence = paired.log_evidence(differences)
    low, high = paired.interval(located, alpha)
    if evidence < (located.n - 1) * math.log(2) - 1e-9:
        excluded = low > 0 or high < 0
        assert excluded == (evidence >= math.log(1 / alpha)) or math.isclose(
            evidence, math.log(1 / alpha), rel_tol=1e-6
        )


def test_one_wild_round_does_not_hide_a_clear_change():
    """Seven rounds at +5 % and one at +300 % still show a change of about 5 %."""
    differences = np.array([0.05, 0.048, 0.052, 0.05, 1.1, 0.049, 0.051, 0.05])
    assert paired.locate(differences).centre == pytest.approx(0.05, abs=0.015)
    assert paired.log_evidence(differences) > math.log(10)


def first_crossings(kind, level: float, effect: float, count: int, n: int = 30):
    """Share of series in which the evidence reaches 1 / level at any look from 6 rounds on."""
    rng = np.random.default_rng(20)
    hits = 0
    for _ in range(count):
        differences = kind(rng, n) + effect * 1.4
        hits += any(
            paired.log_evidence(differences[:k]) >= math.log(1 / level) for k in range(6, n + 1)
        )
    return hits / count


@pytest.mark.parametrize("kind", KINDS)
def test_looking_after_every_round_keeps_the_error_rate(kind):
    """Without a change, 5 % are reached in at most 5 % of runs, looked at 25 times each."""
    assert first_crossings(kind, 0.05, 0.0, 300) <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 300)


def test_neighbours_that_are_alike_raise_the_error_rate_by_little():
    """A correlation of 0.3 between rounds makes 5 % into at most 8 %, not into more than 10 %."""
    assert first_crossings(neighbours_alike, 0.05, 0.0, 800) <= 0.08


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_twice_the_spread_is_found(kind):
    """Power: with 30 rounds hardly any change of that size is missed at 1 %."""
    assert first_crossings(kind, 0.01, 2.0, 100) >= 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_cover_the_truth_at_all_looks_together(kind):
    """At least 95 % of runs never exclude the true change at any of 25 looks."""
    rng = np.random.default_rng(21)
    missed = 0
    for _ in range(300):
        differences = kind(rng, 30) + 3.0
        ends = [paired.interval(paired.locate(differences[:k]), 0.05) for k in range(6, 31)]
        missed += any(not low <= 3.0 <= high for low, high in ends)
    assert missed / 300 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 300)


def test_rounds_needed_are_about_those_that_then_suffice():
    """The forecast after 8 rounds is met within a factor of two, in the median of 60 runs."""
    rng = np.random.default_rng(22)
    factors = []
    for _ in range(60):
        differences = 0.03 + 0.03 * gauss(rng, 200) / 1.41
        located = paired.locate(differences[:8])
        forecast = paired.rounds_needed(located, alpha=0.01, margin=0.0, interval_alpha=0.05)
        needed = next(
            k for k in range(8, 200) if paired.log_evidence(differences[:k]) >= math.log(100)
        )
        factors.append((forecast or 2000) / needed)
    assert 0.5 <= np.median(factors) <= 2.0


def test_detectable_effects_are_found_four_times_in_five():
    """An effect as large as the stated minimum is established in 70-95 % of runs."""
    rng = np.random.default_rng(23)
    spreads = [paired.locate(rng.normal(0, 1, 15)).spread for _ in range(200)]
    located = paired.Located(centre=0.0, spread=float(np.median(spreads)), n=15)
    effect = paired.detectable(located, 0.01)
    hits = sum(paired.log_evidence(rng.normal(effect, 1, 15)) >= math.log(100) for _ in range(300))
    assert 0.7 <= hits / 300 <= 0.95


def test_out_of_reach_is_said():
    """When thousands of rounds would not settle it, no number is given."""
    located = paired.Located(centre=0.0, spread=1.0, n=8)
    assert paired.rounds_needed(located, alpha=0.01, margin=0.01, interval_alpha=0.05) is None


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 5))
def test_sign_evidence_ignores_ties_and_order(up, down, ties):
    """Only how many rounds went up and down counts."""
    signs = np.array([1.0] * up + [-1.0] * down + [0.0] * ties)
    assert paired.log_sign_evidence(signs) == pytest.approx(paired.log_sign_evidence(-signs[::-1]))


def test_sign_evidence_is_an_e_value():
    """Its expectation under fair coins is one."""
    n = 9
    total = sum(
        math.comb(n, k) * math.exp(paired.log_sign_evidence(np.array([1.0] * k + [-1.0] * (n - k))))
        for k in range(n + 1)
    )
    assert total / 2**n == pytest.approx(1.0)


@given(st.lists(st.floats(-5, 20), max_size=40), st.floats(0.01, 0.5))
def test_discoveries_are_the_largest_and_grow_with_alpha(values, alpha):
    """Whoever has more evidence than a discovery is one too."""
    found = discoveries(values, alpha)
    wider = discoveries(values, min(1.0, 2 * alpha))
    least = min((v for v, f in zip(values, found, strict=True) if f), default=math.inf)
    assert all(f == (v >= least) for v, f in zip(values, found, strict=True))
    assert all(w or not f for f, w in zip(found, wider, strict=True))


def test_a_control_that_stood_still_is_not_divided_out():
    """Noise of a control is not added to a row."""
    rng = np.random.default_rng(24)
    shift = control_shift(0.02 * gauss(rng, 12), 0.05)
    assert shift is not None
    assert not shift.moved
    assert shift.divide_out == 0.0


def test_a_control_that_moved_is_divided_out_almost_fully():
    """A shift of 10 % that the control shows clearly is taken out to within its own error."""
    rng = np.random.default_rng(25)
    shift = control_shift(0.1 + 0.01 * gauss(rng, 12), 0.05)
    assert shift is not None
    assert shift.moved
    assert shift.divide_out == pytest.approx(0.1, abs=0.02)


def test_the_noise_floor_needs_three_pairs():
    """Two pairs say nothing of a quantile."""
    assert noise_floor(np.array([0.1, 0.2])) is None
    assert noise_floor(np.array([0.1, -0.1, 0.1])) == pytest.approx(math.expm1(0.1))
    assert control_shift(np.array([0.1, 0.2]), 0.05) is None


def test_variation_is_that_of_most_rounds():
    """The usual one for normal noise; one disturbed round in ten hardly counts, two modes do."""
    rng = np.random.default_rng(5)
    quiet = 1 + 0.1 * rng.standard_normal((2000, 10))
    ratios = [paired.variation(row) / (row.std(ddof=1) / row.mean()) for row in quiet]
    assert np.median(ratios) == pytest.approx(1, abs=0.1)
    calm = 1 + 0.01 * rng.standard_normal(10)
    disturbed = np.where(np.arange(10) == 4, 0.3, calm)
    assert paired.variation(disturbed) < 0.03
    assert paired.variation(np.where(np.arange(10) % 2, 0.7, calm)) > 0.15


def test_variation_needs_two_rounds_and_a_mean():
    """One round has none, nor have values around zero."""
    assert paired.variation(np.array([1.0])) is None
    assert paired.variation(np.zeros(6)) is None
    assert paired.variation(np.array([1.0, 2.0])) == pytest.approx(math.sqrt(0.5) / 1.5)

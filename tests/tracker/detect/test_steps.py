"""What `find_changes` promises of any series."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.signals import noisy
from tracker.detect import density, evidence, find_changes, policy
from tracker.model import Status

SEEDS = st.integers(0, 100_000)


def indices(values, samples=None) -> list[int]:
    """The indices alone."""
    return [change.index for change in find_changes(values, samples)]


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, power=st.integers(-200, 200))
def test_a_change_of_unit_changes_nothing(seed: int, power: int):
    """Values times any power of ten have the same changes, of the same ratio and p-value."""
    values = noisy(60, seed, noise=0.03, steps={20: 1.2, 45: 0.9})

    plain, scaled = find_changes(values), find_changes(values * 10.0**power)

    assert [c.index for c in plain] == [c.index for c in scaled]
    assert [c.ratio for c in plain] == pytest.approx([c.ratio for c in scaled])


@settings(max_examples=20, deadline=None)
@given(value=st.floats(allow_nan=False), n=st.integers(0, 60))
def test_a_constant_series_has_no_change(value: float, n: int):
    """All points equal: nothing is found, whatever they are equal to."""
    assert indices([value] * n) == []


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_missing_commits_do_not_move_a_change(seed: int, data: st.DataObject):
    """NaN put between the points shifts each index by the number of those before it."""
    values = noisy(60, seed, steps={30: 1.3})
    gaps = sorted(data.draw(st.sets(st.integers(1, 59), max_size=15)), reverse=True)
    with_gaps = values.tolist()
    for gap in gaps:
        with_gaps.insert(gap, math.nan)

    kept = [i for i, v in enumerate(with_gaps) if not math.isnan(v)]

    assert [kept[i] for i in indices(values)] == indices(with_gaps)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=True, allow_infinity=True),
            st.sampled_from([0.0, 1.0, -1.0, 5e-324, 1.7e308, -1.7e308, math.inf, math.nan]),
        ),
        max_size=80,
    )
)
def test_hostile_values_neither_crash_nor_hang(values: list[float]):
    """Infinite, huge, tiny, negative, equal or no values: changes are ordered and in range."""
    found = find_changes(values)

    assert [c.index for c in found] == sorted({c.index for c in found})
    for change in found:
        assert math.isfinite(values[change.index])
        assert 0 < change.earliest <= change.index <= change.latest < len(values)


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_too_few_points_have_no_changes(n: int):
    """Fewer than five points say nothing about a change."""
    assert indices([1.0, 9.0, 1.0, 9.0][:n]) == []


def test_twelve_points_can_hold_a_change():
    """Two clear levels of a quiet series are told apart even at twelve points."""
    assert indices(noisy(12, 4, noise=0.002, steps={6: 1.5})) == [6]


def test_a_step_without_noise_is_found():
    """Two constant levels are a change at the first point of the second."""
    assert indices([1.0] * 20 + [2.0] * 20) == [20]


def test_values_at_or_below_zero_are_judged_on_a_linear_scale():
    """Percentages around zero have changes too; the ratio then follows the plain values."""
    rng = np.random.default_rng(2)
    values = rng.normal(0, 1, 60)
    values[30:] += 8

    (change,) = find_changes(values)

    assert change.index == 30
    assert change.after - change.before == pytest.approx(8, abs=1)


def test_a_single_spike_is_no_change():
    """One commit far out, in the middle or at the end, is an outlier."""
    values = noisy(60, 9)
    values[[20, 59]] *= 3

    assert indices(values) == []


def test_a_ramp_is_drift_and_not_a_staircase():
    """A slow climb of thirty noise widths is not reported as steps."""
    ramp = np.exp(np.linspace(0, 0.3, 200))

    assert indices(noisy(200, 5) * ramp) == []


def test_a_change_tells_its_size_its_interval_and_its_age():
    """The ratio lies in its interval, the truth too, and the points since are counted."""
    values = noisy(80, 21, steps={50: 1.25})

    (change,) = find_changes(values)

    assert change.index == 50
    assert change.ratio_low < 1.25 < change.ratio_high
    assert change.ratio_low < change.ratio < change.ratio_high
    assert change.before == pytest.approx(1, abs=0.01)
    assert change.points_since == 30
    assert change.status is Status.CONFIRMED
    assert change.p_value < 1e-6


def test_a_new_change_is_only_suspected():
    """Three points of a new level make a suspicion."""
    (change,) = find_changes(noisy(43, 8, steps={40: 1.3}))

    assert (change.index, change.status) == (40, Status.SUSPECTED)


def test_repeats_that_repeat_better_than_the_value_are_used():
    """The stored value is loud; the lower repeats are quiet and show the step."""
    rng = np.random.default_rng(6)
    low = noisy(60, 6, noise=0.005, steps={30: 1.04})
    samples = low[:, None] * (1 + rng.gamma(0.5, 2.0, (60, 9)) * np.linspace(0, 1, 9))
    values = np.median(samples, axis=1)

    assert indices(values) != [30]
    assert indices(values, samples.tolist()) == [30]


def test_unequal_repeats_are_read_as_they_are():
    """Commits may have different numbers of repeats."""
    rng = np.random.default_rng(3)
    level = noisy(60, 3, steps={30: 1.1})
    samples = [(v * rng.lognormal(0, 0.01, int(rng.integers(3, 9)))).tolist() for v in level]

    assert indices([float(np.median(s)) for s in samples], samples) == [30]


def test_noisy_runs_belong_to_the_level_they_are_nearest_to():
    """Disturbed runs are set aside; a change just after them does not take them along."""
    rng = np.random.default_rng(12)
    level = noisy(60, 12, steps={30: 1.3})
    samples = level[:, None] * rng.lognormal(0, 0.01, (60, 10))
    samples[28:30] = level[28:30, None] * rng.lognormal(0, 0.2, (2, 10))

    found = indices(np.median(samples, axis=1), samples.tolist())

    assert found == [30]


def test_the_cost_per_point_does_not_grow():
    """A series ten times as long takes at most about ten times as long."""
    import time

    def cpu_s(n: int) -> float:
        values = noisy(n, 1, steps={n // 2: 1.1})
        started = time.process_time()
        find_changes(values)
        return time.process_time() - started

    cpu_s(2_000)
    short = min(cpu_s(2_000) for _ in range(3)) / 2_000

    assert min(cpu_s(50_000) for _ in range(2)) / 50_000 < 4 * short


def test_the_newest_level_spends_its_risk_while_it_is_young():
    """It needs less evidence up to five points, more up to twenty, and then as any level does."""

    def most(after: int) -> float:
        return evidence.limit(100, after, 200, first=True, last=True)

    usual = policy.FALSE_CHANGES / 200
    assert most(policy.MIN_LEVEL - 2) == 0
    assert 0 < most(policy.MIN_LEVEL - 1) < usual
    assert most(policy.MIN_LEVEL) == most(policy.SHORT_LEVEL) == policy.NEWEST_FACTOR * usual
    assert most(policy.SHORT_LEVEL + 1) == most(policy.LATER_POINTS)
    assert most(policy.LATER_POINTS) == policy.LATER_FACTOR * usual < usual
    assert most(policy.LATER_POINTS + 1) == usual


def two_modes(n: int, seed: int) -> np.ndarray:
    """Log values that jump between two narrow modes, 0.03 apart, three of ten in the upper one."""
    rng = np.random.default_rng(seed)
    return 0.03 * (rng.random(n) < 0.3) + rng.normal(0, 0.005, n)


def test_a_step_smaller_than_the_distance_of_two_modes_is_found():
    """Steps by a third of that distance, and back: in half of the series both are told."""
    told = 0
    for seed in range(20):
        x = two_modes(200, seed)
        x[60:130] += 0.01
        found = indices(np.exp(x))
        told += len(found) == 2 and abs(found[0] - 60) <= 2 and abs(found[1] - 130) <= 2

    assert told >= 10  # without scores it was six


def test_two_modes_alone_are_no_change():
    """Jumping between them is noise: at most one report in forty series."""
    assert sum(len(indices(np.exp(two_modes(200, 100 + i)))) for i in range(40)) <= 1


def test_information_is_one_for_normal_noise_and_more_for_two_modes():
    """Narrow modes tell the level better; scores of a bell are straight."""
    normal = np.random.default_rng(1).normal(0, 1, 2_000)
    modes = two_modes(2_000, 1)
    rest = modes - np.median(modes)

    plain, scores = density.learn(normal, 1.0).scores(normal)
    sharp, _ = density.learn(rest, float(modes.std())).scores(rest)

    assert plain == pytest.approx(1, abs=0.15)
    assert np.corrcoef(scores, normal)[0, 1] > 0.95
    assert sharp > policy.SHARP

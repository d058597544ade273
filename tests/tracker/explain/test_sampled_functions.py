"""Differences that a profiler saw: told with their interval, and not told of equal code."""

import pytest

from tests.support.profiles import profiles, usual
from tracker.explain.explained_share import TimedChange
from tracker.explain.pricing import Priced, priced, significant
from tracker.explain.sampled_functions import Profiles, SampledChange, sampled_changes
from tracker.model.explanation import Stage, StageName


def seen(both: Profiles, timed=(), stages=()) -> dict[str, Priced]:
    """What is told when every function is asked about."""
    changes = sampled_changes(both, "worker")
    return {one.name[1]: one for one in significant(tuple(priced(changes, timed, stages))).values()}


def change(both: Profiles, function: str) -> SampledChange:
    """What is known of one function."""
    return next(one for one in sampled_changes(both, "worker") if one.name[1] == function)


def test_equal_code_says_nothing():
    """Of 300 comparisons of the same times at most one in a hundred says anything."""
    alarms = sum(bool(seen(profiles(usual(), usual(), seed=seed))) for seed in range(300))
    assert alarms <= 3


@pytest.mark.parametrize(("planted", "cpu", "waits"), [(500.0, 0.0, True), (500.0, 500.0, False)])
def test_a_sleep_and_a_call_into_c_are_told_apart_by_the_cpu(planted, cpu, waits):
    """Half a millisecond in `ack`: with the CPU it is work, without it is waiting."""
    both = profiles(usual(), usual(**{"Driver.ack": 60.0 + planted}), more_cpu_us=cpu)
    assert seen(both).keys() == {"Driver.ack"}
    found = change(both, "Driver.ack")
    assert found.waits is waits
    assert found.difference.low < planted * 1e-6 < found.difference.high


def test_intervals_hold_what_was_planted():
    """95 % of them: of 200 at least 180."""
    held = 0
    for seed in range(200):
        both = profiles(usual(), usual(run=75.0), more_cpu_us=60.0, seed=seed)
        found = change(both, "run").difference
        held += found.low <= 60e-6 <= found.high
    assert held >= 180


def test_what_is_smaller_than_its_noise_is_not_told():
    """Two microseconds more of two hundred."""
    both = profiles(usual(), usual(**{"Driver.take": 202.0}))
    assert not seen(both)


def test_a_single_round_has_no_noise_to_compare_with():
    """Nothing is said; nor of a role that was not sampled."""
    both = profiles(usual(), usual(run=500.0), rounds=1)
    assert sampled_changes(both, "worker") == []
    assert sampled_changes(profiles(usual(), usual()), "producer") == []


def test_the_share_is_of_what_a_clock_found():
    """150 us of CPU more, of 600 us that rose by a half; waiting is compared with its stage."""
    timed = TimedChange(
        scenario="s", metric="cpu_per_kilotask", ratio=1.5, low=1.4, high=1.6, base=0.6
    )
    both = profiles(usual(), usual(run=165.0), more_cpu_us=150.0)
    share = seen(both, [timed])["run"].price
    assert share.of == "cpu_per_kilotask"
    assert share.share == pytest.approx(0.5, abs=0.1)
    assert share.share_low < share.share < share.share_high

    stage = Stage(
        name=StageName.WAIT, base=1e-3, head=2e-3, low=9e-4, high=11e-4, floor=0.0, cpu=0.0
    )
    waiting = seen(profiles(usual(), usual(run=1015.0)), [timed], [stage])["run"].price
    assert waiting.of == "wait"
    assert waiting.share == pytest.approx(1.0, abs=0.1)


def test_without_a_clock_the_share_is_of_what_was_sampled():
    """All of it, where one function alone takes longer."""
    price = seen(profiles(usual(), usual(run=415.0)))["run"].price
    assert price.of == "sampled"
    assert price.share_low <= price.share <= price.share_high
    assert price.share == pytest.approx(1.0, abs=0.1)

"""Load plans: exact shares, exact rates, the same for every commit."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchmarks.harness.shared import load_schedule
from benchmarks.harness.shared.spec import TaskClass

SHARES = some.lists(some.floats(0.05, 10), min_size=1, max_size=5)


def classes(shares):
    """One class per share."""
    return tuple(
        TaskClass(name=str(i), workload="noop", share=share) for i, share in enumerate(shares)
    )


@given(SHARES, some.integers(1, 500), some.integers())
def test_every_class_gets_its_share_to_the_task(shares, count, seed):
    """Counts differ from the exact share by less than one task and add up."""
    counts = Counter(load_schedule.order_of_kinds(classes(shares), count, seed))

    assert sum(counts.values()) == count
    for i, share in enumerate(shares):
        assert abs(counts[i] - count * share / sum(shares)) < 1


@given(SHARES, some.integers(1, 200), some.integers())
def test_order_is_a_function_of_the_seed(shares, count, seed):
    """Two commits with the same seed are sent the same tasks in the same order."""
    first = load_schedule.order_of_kinds(classes(shares), count, seed)

    assert first == load_schedule.order_of_kinds(classes(shares), count, seed)


@given(some.integers(1, 300), some.floats(0.5, 5_000), some.integers())
def test_paced_load_has_one_arrival_per_interval(count, rate, seed):
    """Over any stretch the rate is exact: the i-th task is due within the i-th interval."""
    offsets = load_schedule.offsets_ns(count, rate, seed)
    interval_ns = 1e9 / rate

    assert offsets == sorted(offsets)
    for i, offset in enumerate(offsets):
        assert i * interval_ns - 1 <= offset <= (i + 1) * interval_ns


def test_burst_is_due_at_once():
    """Rate 0 is as fast as the producer can."""
    assert load_schedule.offsets_ns(3, 0, seed=1) == [0, 0, 0]


@given(some.lists(some.integers(0, 2), min_size=1, max_size=50), some.integers(0, 1000))
def test_slots_follow_each_other_without_gaps(kinds, first):
    """A chain takes one slot per step; nothing overlaps."""
    tasks = (
        TaskClass(name="one", workload="noop"),
        TaskClass(name="two", workload="noop", then=("noop",)),
        TaskClass(name="four", workload="noop", then=("noop",) * 3),
    )
    slots = load_schedule.slots_of(tasks, kinds, first)
    ends = [slot + tasks[kind].slots for slot, kind in zip(slots, kinds, strict=True)]

    assert slots == [first, *ends[:-1]]


def test_arrivals_do_not_lock_into_step():
    """Places within the intervals are spread: no polling loop meets them all alike."""
    offsets = load_schedule.offsets_ns(1000, 100, seed=3)
    places = [offset % 10_000_000 / 10_000_000 for offset in offsets]

    assert sum(places) / 1000 == pytest.approx(0.5, abs=0.05)
    assert min(places) < 0.02
    assert max(places) > 0.98

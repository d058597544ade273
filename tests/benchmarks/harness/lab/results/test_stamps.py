"""The analysis of stamps, against slow literal transcriptions of the definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.shared import timeline

TICK_NS = 1_000_000


@some.composite
def phases(draw) -> st.Stamps:
    """Stamps of up to 30 tasks, some of which never started or never ended."""
    rows = []
    for _ in range(draw(some.integers(1, 30))):
        due = draw(some.integers(1, 100))
        sent = due + draw(some.integers(0, 5))
        started = draw(some.one_of(some.just(0), some.integers(sent, sent + 50)))
        ends = bool(started) and draw(some.booleans())
        finished = draw(some.integers(started, started + 50)) if ends else 0
        failed = int(ends and draw(some.booleans()))
        done = int(ends and not failed)
        times = [TICK_NS * t for t in (due, sent, started, finished)]
        rows.append([*times, int(bool(started)), done, failed, 0])
    return st.Stamps.of(np.array(rows, dtype=np.int64))


def each(stamps: st.Stamps):
    """The tasks as dictionaries of plain integers."""
    columns = [getattr(stamps, name).tolist() for name in timeline.COLUMNS]
    return [dict(zip(timeline.COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def instants(stamps: st.Stamps):
    """Every instant at which something happens, and the ones just before and after."""
    times = {int(t) for name in ("sent", "started", "finished") for t in getattr(stamps, name)}
    return np.array(sorted({t + d for t in times for d in (-1, 0, 1)}), dtype=np.int64)


@given(phases())
def test_depth_is_what_was_sent_and_has_not_ended(stamps: st.Stamps):
    """At any instant the depth is a count over all tasks."""
    at = instants(stamps)
    expected = [
        sum(t["sent"] <= i and not 0 < t["finished"] <= i for t in each(stamps)) for i in at
    ]

    assert st.depth_at(stamps, at).tolist() == expected
    assert st.depth_max(stamps) == max(expected)


@given(phases())
def test_longest_wait_is_the_greatest_age_that_the_oldest_waiting_task_reaches(stamps: st.Stamps):
    """Among tasks that do start: looked at every instant, to the nanosecond before a start."""
    started = stamps.select(stamps.started > 0)
    ages = [0]
    for i in instants(started).tolist():
        waiting = [t["sent"] for t in each(started) if t["sent"] <= i < t["started"]]
        ages += [i - min(waiting)] if waiting else []

    assert (st.queue_age_max_s(started) or 0.0) == pytest.approx(max(ages) / 1e9, abs=1.1e-9)


@given(phases())
def test_counts_partition_the_tasks(stamps: st.Stamps):
    """Every task is exactly one of: ended well, failed, lost."""
    well = int((stamps.done > 0).sum())

    assert well + st.failures(stamps) + st.lost(stamps) == len(stamps)


@given(phases(), some.integers(-(10**6), 10**6))
def test_nothing_depends_on_when_the_clock_began(stamps: st.Stamps, shift: int):
    """Latency, wait and rates stay when every stamp that was made moves by the same time."""
    moved = st.Stamps(
        **{
            n: np.where(getattr(stamps, n) > 0, getattr(stamps, n) + shift * 1000 + 10**10, 0)
            if n in {"due", "sent", "started", "finished"}
            else getattr(stamps, n)
            for n in timeline.COLUMNS
        }
    )

    assert st.latency_s(moved) == pytest.approx(st.latency_s(stamps))
    assert st.wait_s(moved) == pytest.approx(st.wait_s(stamps))
    assert st.throughput_per_s(moved) == pytest.approx(st.throughput_per_s(stamps))
    assert st.enqueue_rate_per_s(moved) == pytest.approx(st.enqueue_rate_per_s(stamps))


def test_latency_counts_from_due_not_from_sent():
    """A producer that is late hides nothing: the wait before sending is part of latency."""
    row = [1_000_000_000, 3_000_000_000, 3_500_000_000, 4_000_000_000, 1, 1, 0, 0]
    stamps = st.Stamps.of(np.array([row], dtype=np.int64))

    assert st.latency_s(stamps).tolist() == [3.0]
    assert st.wait_s(stamps).tolist() == [0.5]
    assert st.execution_s(stamps).tolist() == [0.5]


def test_throughput_runs_from_first_due_to_last_end():
    """Four tasks due at 1 s whose last end is at 3 s are two a second."""
    rows = [[10**9, 10**9, 10**9 + i, 10**9 * 2 + 10**9 * (i == 3), 1, 1, 0, 0] for i in range(4)]

    assert st.throughput_per_s(st.Stamps.of(np.array(rows, dtype=np.int64))) == 2.0


def test_a_doubled_task_is_counted_once():
    """Two good ends of one slot are one doubled task."""
    row = [1, 1, 2, 3, 2, 2, 0, 0]

    assert st.doubled(st.Stamps.of(np.array([row, [1, 1, 2, 3, 1, 1, 0, 0]], dtype=np.int64))) == 1


def test_followers_of_a_failed_step_are_not_waited_for():
    """A chain whose second step failed for good is settled to its end."""
    raw = np.zeros((4, 8), dtype=np.int64)
    raw[:, timeline.KIND] = [0, 100, 200, 300]
    raw[0, timeline.DONE] = 1
    raw[1, timeline.FAILED] = 3

    assert st.settled(raw, np.full(4, 2)).tolist() == [True, True, True, True]
    assert st.settled(raw, np.full(4, 3)).tolist() == [True, False, False, False]


def test_nothing_gives_no_number():
    """Without tasks that ended there is no throughput, latency or age, and no zero either."""
    stamps = st.Stamps.of(np.zeros((3, 8), dtype=np.int64))

    assert st.throughput_per_s(stamps) is None
    assert st.processing_rate_per_s(stamps) is None
    assert st.enqueue_rate_per_s(stamps) is None
    assert st.queue_age_max_s(stamps) is None
    assert st.percentile(st.latency_s(stamps), 99) is None

"""The shared file of stamps: slots are independent, forks need no care, stamps are cheap."""

import asyncio
import os
from time import monotonic_ns

import numpy as np
import pytest

from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.timeline import Timeline
from tests.evaluation import timeline_cost


@pytest.fixture
def line(tmp_path):
    """A timeline of eight slots."""
    timeline.create(tmp_path / "timeline", 8)
    made = Timeline(tmp_path / "timeline")
    yield made
    made.close()


def cells(tmp_path):
    """What another process sees."""
    return np.fromfile(tmp_path / "timeline", dtype=np.int64).reshape(-1, timeline.WIDTH)


def test_stamps_go_into_their_own_slot(line, tmp_path):
    """Slot 3 is written, its neighbours are not."""
    before = monotonic_ns()
    line.due(3, before, kind=2)
    line.sent(3)
    line.started(3)
    line.finished(3)
    seen = cells(tmp_path)

    assert not seen[[0, 1, 2, 4, 5, 6, 7]].any()
    assert before == seen[3, timeline.DUE]
    assert list(seen[3, :4]) == sorted(seen[3, :4])
    assert list(seen[3, 4:]) == [1, 1, 0, 2]


def test_first_start_is_kept_and_attempts_are_counted(line, tmp_path):
    """A retried task keeps when it first started; its last end is its end."""
    line.started(0)
    first = line.words[timeline.STARTED]
    line.failed(0)
    line.started(0)
    line.finished(0)
    row = cells(tmp_path)[0]

    assert row[timeline.STARTED] == first
    assert list(row[4:7]) == [2, 1, 1]
    assert row[timeline.FINISHED] > first


def test_forked_processes_write_to_the_same_file(line, tmp_path):
    """A prefork pool needs nothing: the mapping is shared."""
    for slot in range(8):
        if (child := os.fork()) == 0:
            line.started(slot)
            line.finished(slot)
            os._exit(0)
        os.waitpid(child, 0)

    assert (cells(tmp_path)[:, timeline.DONE] == 1).all()


def test_slot_outside_the_file_is_an_error(line):
    """A wrong slot never writes into a neighbour."""
    with pytest.raises(IndexError):
        line.finished(8)


def test_stamped_bodies_count_what_raised(line, tmp_path, monkeypatch):
    """An exception is counted and passed on; both forms of a body behave alike."""
    monkeypatch.setattr(timeline, "attached", lambda: line)

    def bad(slot):
        raise ValueError(slot)

    async def bad_async(slot):
        raise ValueError(slot)

    with pytest.raises(ValueError, match="0"):
        timeline.stamped(bad)(0)
    with pytest.raises(ValueError, match="1"):
        asyncio.run(timeline.stamped_async(bad_async)(1))
    timeline.stamped(lambda *_: None)(2, "argument")

    assert cells(tmp_path)[:3, 4:7].tolist() == [[1, 0, 1], [1, 0, 1], [1, 1, 0]]


def test_no_wrapped_body_is_left_to_follow():
    """Libraries that look for `__wrapped__` would run the bare body, unstamped."""
    assert not hasattr(timeline.stamped(lambda *_: None), "__wrapped__")


def test_a_stamp_costs_less_than_a_microsecond():
    """The command prints the cost of each stamp; none reaches a microsecond, best of many."""
    costs = timeline_cost.measure_costs(repeats=15, stamps=2_000)

    assert set(costs) == {"sent", "started", "finished"}
    assert max(costs.values()) < 1_000

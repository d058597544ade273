"""Histories that were measured for real (`python -m tests.evaluation.recorded_histories`)."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.recorded_history import unpack
from tracker.judge import judge
from tracker.model import Event, EventKind, History, Verdict

DATA = Path(__file__).parents[2] / "data"
NULL, PLANTED = "loaded_history.json", "planted_history.json"
COUNTED = "counted_history.json"


def first(history: History, n: int) -> History:
    """The history as it was after *n* commits."""
    series = tuple(
        replace(
            one,
            positions=one.positions[:n],
            values=one.values[:n],
            low=one.low[:n],
            high=one.high[:n],
            samples=one.samples[: one.offsets[n]],
            offsets=one.offsets[: n + 1],
        )
        for one in history.series
    )
    return replace(history, commits=history.commits[:n], series=series)


def of_commits(history: History) -> list[Event]:
    """The sure events that are put down to a commit."""
    return [
        event
        for event in judge(history).events
        if event.kind is EventKind.COMMIT and event.verdict is not Verdict.SUSPECTED
    ]


@pytest.mark.parametrize("n", range(6, 31))
def test_no_commit_is_blamed_where_none_changed_anything(n: int):
    """Not while load comes at c11, nor when it goes at c21, nor later."""
    assert of_commits(first(unpack(DATA / NULL), n)) == []


def test_the_busy_machine_is_told_as_such():
    """Where load comes and goes, to the commit."""
    events = judge(unpack(DATA / NULL)).events
    assert {event.kind for event in events} == {EventKind.MACHINE}
    assert {event.position for event in events} == {10, 20}


@pytest.mark.parametrize("n", [9, 10, 11, 12, 30])
def test_planted_work_is_found_at_its_commit_while_the_machine_is_busy(n: int):
    """CPU time rises at c5 and falls at c13, for the commit's own part; Celery moves there, too."""
    told = {
        (event.position + 1, event.verdict): event.members
        for event in of_commits(first(unpack(DATA / PLANTED), n))
    }
    assert (5, Verdict.WORSE) in told
    if n == 30:
        assert set(told) == {(5, Verdict.WORSE), (13, Verdict.BETTER)}


@pytest.mark.parametrize("n", range(4, 31))
def test_what_is_planted_and_counted_is_found_at_its_commit_and_nothing_else(n: int):
    """Work from c5 to c12, a round trip from c18 to c25; the clock alone would say c17."""
    told = [
        (event.position + 1, event.verdict)
        for event in reversed(of_commits(first(unpack(DATA / COUNTED), n)))
    ]
    planted = [
        (5, Verdict.WORSE),
        (13, Verdict.BETTER),
        (18, Verdict.WORSE),
        (26, Verdict.BETTER),
    ]
    assert told == [(place, verdict) for place, verdict in planted if place <= n]


def test_what_is_undone_no_longer_stands():
    """Neither an event whose counts are back, nor a series that came back by small steps."""
    judged = judge(unpack(DATA / COUNTED))
    blamed = [event for event in judged.events if event.kind is EventKind.COMMIT]
    assert not any(event.stands for event in blamed if event.position + 1 in {5, 18})
    (start,) = (one for one in judged.series if one.series.metric.name == "start_lines")
    assert (start.verdict, start.standing) == (Verdict.NO_CHANGE, None)

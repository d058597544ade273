"""Which ranges of a history are searched unasked, and in which order."""

from dataclasses import replace
from pathlib import Path

import pytest

from tracker.bisect.state import State, read_state, write_state
from tracker.bisect.unasked import MOST_ATTEMPTS, Range, count_attempt, plan, read_states

POSITIONS = {f"c{number}": number for number in range(30)}
WIDE = Range(good="c2", bad="c20", metric="bench.track_it")


def state_of(each: Range, *found: str, finished: bool = True) -> State:
    """A search that was ended."""
    state = each.state
    state.finished, state.found = finished, list(found)
    return state


def test_every_range_waits_once():
    """Two events of one range and metric are one search."""
    other = replace(WIDE, metric="bench.time_it")
    agenda = plan([WIDE, other, WIDE], [], POSITIONS)
    assert agenda.waiting == (WIDE, other)
    assert (agenda.answered, agenda.given_up) == (0, ())


@pytest.mark.parametrize(
    ("good", "bad", "found", "waiting"),
    [
        ("c2", "c20", ("c9",), 0),
        ("c2", "c20", (), 0),
        ("c7", "c11", ("c9",), 0),
        ("c8", "c9", ("c9",), 0),
        ("c9", "c11", ("c9",), 1),
        ("c7", "c11", (), 0),
        ("c1", "c20", ("c9",), 1),
        ("c2", "c21", (), 1),
        ("c2", "c20", ("c9", "c14"), 0),
    ],
)
def test_a_search_answers_what_lies_in_its_range_and_holds_what_it_named(
    good: str, bad: str, found: tuple[str, ...], waiting: int
):
    """What it measured makes the range of the event smaller, which is no new question."""
    each = replace(WIDE, good=good, bad=bad)
    agenda = plan([each], [state_of(WIDE, *found)], POSITIONS)
    assert agenda.waiting == (each,) * waiting
    assert agenda.answered == 1 - waiting


def test_what_is_not_finished_or_of_another_metric_answers_nothing():
    """Nor does the search of a range whose commits the history does not have any more."""
    states = [
        state_of(WIDE, "c9", finished=False),
        state_of(replace(WIDE, metric="bench.time_it"), "c9"),
        state_of(replace(WIDE, good="gone"), "c9"),
    ]
    assert plan([WIDE], states, POSITIONS).waiting == (WIDE,)


def test_what_was_tried_in_vain_stands_back_and_is_given_up(tmp_path: Path):
    """One range that does not end takes no other's budget for ever."""
    other = replace(WIDE, bad="c25")
    for attempts in range(1, MOST_ATTEMPTS):
        count_attempt(WIDE, tmp_path)
        agenda = plan([WIDE, other], read_states(tmp_path), POSITIONS)
        assert agenda.waiting == (other, WIDE), attempts
    count_attempt(WIDE, tmp_path)
    agenda = plan([WIDE, other], read_states(tmp_path), POSITIONS)
    assert (agenda.waiting, agenda.given_up) == ((other,), (WIDE,))


def test_an_attempt_loses_nothing_of_the_search(tmp_path: Path):
    """Its rounds are what the next one goes on from."""
    state = state_of(WIDE, finished=False)
    state.unusable[3] = "it does not build"
    write_state(WIDE.file(tmp_path), state)
    count_attempt(WIDE, tmp_path)
    kept = read_state(WIDE.file(tmp_path), WIDE.state)
    assert (kept.unusable, kept.attempts) == ({3: "it does not build"}, 1)


def test_a_state_that_cannot_be_read_is_left_alone(tmp_path: Path):
    """Its search says so, and may be of a newer version."""
    path = WIDE.file(tmp_path)
    path.write_text("{}", encoding="utf-8")
    assert read_states(tmp_path) == []
    count_attempt(WIDE, tmp_path)
    assert path.read_text(encoding="utf-8") == "{}"
    assert read_states(tmp_path / "nowhere") == []

"""The sentence on top: which commits it names, and what it counts."""

import dataclasses
from datetime import date

import numpy as np

from tests.support.site_histories import make_history
from tracker.model import Event, JudgedHistory, Outcome
from tracker.publish.pages import judgement
from tracker.report.history.listed_changes import event_rows
from tracker.site_data.build import plan_site
from tracker.site_data.schema import Answer


def answer(judged: JudgedHistory) -> Answer:
    """What the first file of the site says."""
    return plan_site(judged).index.answer


def is_own(judged: JudgedHistory, event: Event) -> bool:
    """Whether the tracked library moved."""
    return any(judged.series[one.series].series.library == "asynctasq" for one in event.members)


def test_the_tracked_library_comes_first() -> None:
    """Its events before others of the same urgency, and in an event its series before others."""
    judged = make_history()
    events = event_rows(judged, (), date.min)
    worse = [one for one in events if one.event.verdict.value == "worse" and one.event.stands]
    assert [one.is_own for one in worse] == sorted((one.is_own for one in worse), reverse=True)
    assert {one.is_own for one in worse} == {True, False}
    assert all(one.members[0].series.library == "asynctasq" for one in worse if one.is_own)


def test_it_names_the_newest_measured_commit_and_what_it_is_compared_with() -> None:
    """The commit before and the last release were measured, too, and are older."""
    said = answer(make_history())
    assert said.newest is not None
    assert said.before is not None
    assert said.release is not None
    assert said.newest.position > said.before.position >= said.release.position
    assert said.release.tags


def test_what_still_stands_is_counted_as_the_events_are() -> None:
    """Worse events that stand are counted once each, and the oldest of them is named.

    What moved in other libraries only is not the tracked one's.
    """
    judged = make_history()
    all_worse = [one for one in judged.events if one.verdict.value == "worse" and one.stands]
    worse = [one for one in all_worse if is_own(judged, one)]
    assert len(worse) < len(all_worse)
    said = answer(judged)
    assert said.standing.worse == len(worse) > 0
    assert said.worse_since is not None
    assert said.worse_since.position == min(one.position for one in worse)


def test_an_event_at_the_newest_commit_is_its_own() -> None:
    """An event whose range ends at the newest commit counts against it, and the words say so."""
    judged = make_history()
    newest = answer(judged).newest
    assert newest is not None
    worst = next(
        one for one in judged.events if one.verdict.value == "worse" and is_own(judged, one)
    )
    moved = dataclasses.replace(worst, latest=newest.position, position=newest.position)
    said = answer(dataclasses.replace(judged, events=(moved,)))
    assert said.last.worse == 1
    assert judgement(said) == "worse in 1 event"


def test_where_most_runs_failed_nothing_is_called_fine() -> None:
    """At the newest commit all series failed but one, whose value is as before."""
    judged = make_history()
    newest = answer(judged).newest
    assert newest is not None
    others = [
        i
        for i, one in enumerate(judged.series)
        if one.series.library == "asynctasq" and one.series.positions[-1] == newest.position
    ][1:]
    series = list(judged.series)
    for i in others:
        own = series[i].series
        values = np.append(own.values[:-1], np.nan)
        failed = dataclasses.replace(
            own, values=values, outcomes={**own.outcomes, newest.position: Outcome.FAILED}
        )
        series[i] = dataclasses.replace(series[i], series=failed)
    history = dataclasses.replace(judged.history, series=tuple(one.series for one in series))
    said = answer(dataclasses.replace(judged, history=history, series=tuple(series), events=()))
    assert said.newest is not None
    assert said.newest.position == newest.position
    assert said.failed >= len(others) > 3
    assert judgement(said) == "cannot tell whether it is slower"

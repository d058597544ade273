"""When a report offers a search for the commit of an event, and with which command."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.judged_histories import judge_as, make_change, make_judged, make_series
from tracker.model import EventKind, Fate, JudgedHistory, Verdict
from tracker.model.catalogue import METRICS
from tracker.report.history.bisect_offer import offer_search
from tracker.report.history.markdown import render_markdown
from tracker.report.history.overview import build_overview
from tracker.report.history.text import render_text

COMMAND = "tracker bisect 0000000b 0000000e --metric basic_throughput."


def judged(*metrics: str, library: str = "asynctasq", **event: object) -> JudgedHistory:
    """Series of these metrics that moved at the commit 0000000e, the third that was measured."""
    rows = [
        make_series([5e3, 5e3, 4e3], library=library, positions=np.array([0, 1, 4]))
        for _ in metrics
    ]
    named = [
        replace(
            row,
            metric=METRICS[name],
            key=replace(row.key, benchmark=f"basic_throughput.BasicThroughput.track_{name}"),
        )
        for row, name in zip(rows, metrics, strict=True)
    ]
    change = make_change(2, 0.8, Verdict.WORSE)
    history = make_judged(*(judge_as(row, Verdict.WORSE, change) for row in named))
    (own,) = history.events
    return replace(history, events=(replace(own, **{"earliest": 2, **event}),))


@pytest.mark.parametrize("render", [render_text, render_markdown])
def test_a_step_between_commits_far_apart_comes_with_the_command_that_finds_its_commit(render):
    """From the last measured commit before to the first after; counts are searched with first."""
    text = render(build_overview(judged("throughput", "lines_per_task", "round_trips_per_task")))
    assert "3 commits may have brought it; this finds which:" in text
    assert f"{COMMAND}round_trips_per_task" in text
    assert text.count("tracker bisect") == 1
    assert f"{COMMAND}throughput" in render(build_overview(judged("lines_per_task", "throughput")))


def test_the_command_leads_to_the_history_that_was_read():
    """From where it was read; without a configuration nothing can be measured."""
    history = judged("throughput")
    text = render_text(build_overview(history, options=("--config", "my suite/asv.conf.json")))
    assert f"{COMMAND}throughput --config 'my suite/asv.conf.json'" in text
    assert "tracker bisect" not in render_text(build_overview(history, options=None))


@pytest.mark.parametrize(
    "event",
    [
        {"earliest": 4},
        {"fate": Fate.UNDONE},
        {"fate": Fate.UNMEASURED},
        {"kind": EventKind.MACHINE},
        {"kind": EventKind.MEASURING},
        {"earliest": 0},
    ],
)
def test_no_search_is_offered_where_none_would_find_anything(event: dict[str, object]):
    """The commit is known, or it is over, or no commit's, or nothing was measured before."""
    assert "tracker bisect" not in render_text(build_overview(judged("throughput", **event)))


def test_no_search_is_offered_for_what_asv_cannot_measure():
    """Another tool measured it: its results were imported."""
    history = judged("throughput")
    (one,) = history.series
    imported = replace(one, series=replace(one.series, is_imported=True))
    text = render_text(build_overview(replace(history, series=(imported,))))
    assert "1 event" in text
    assert "tracker bisect" not in text


def test_a_search_is_offered_by_what_moved_between_its_ends():
    """A member that moved before the event has its new level at both ends."""
    early = judged("round_trips_per_task", "throughput")
    first, second = early.series
    (moved,) = first.changes
    before = replace(moved, change=replace(moved.change, index=1, earliest=1, latest=1))
    first = replace(first, changes=(before,))
    (event,) = early.events
    members = tuple(replace(m, judged=before) if m.series == 0 else m for m in event.members)
    early = replace(early, series=(first, second), events=(replace(event, members=members),))
    assert f"{COMMAND}throughput" in render_text(build_overview(early))


def test_other_libraries_have_no_commits_to_search():
    """What stands beside the tracked library has one version."""
    assert "tracker bisect" not in render_text(build_overview(judged("throughput", library="rq")))


def test_a_foreign_benchmark_goes_by_its_own_name():
    """With its parameters, in quotes for the shell."""
    history = judged("throughput")
    (one,) = history.series
    key = replace(one.series.key, benchmark="bench.Suite.time_it", params=(("n", "'a b'"),))
    foreign = replace(one, series=replace(one.series, key=key, library=""))
    text = render_text(build_overview(replace(history, series=(foreign,))))
    assert """--metric 'bench.Suite.time_it('"'"'a b'"'"')'""" in text


def test_an_offer_tells_its_ends_and_what_nobody_has_tried():
    """Two of the three commits that may have brought it have no result of the metric."""
    overview = build_overview(judged("throughput"))
    offer = offer_search(overview.events[0], overview)
    assert offer is not None
    assert (offer.good[:8], offer.bad[:8]) == ("0000000b", "0000000e")
    assert (offer.metric, offer.suspects, offer.untried) == ("basic_throughput.throughput", 3, 2)

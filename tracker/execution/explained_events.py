"""Explains the events of a judged history from its run records and the project's sources."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from tracker.explain.event_explanation import toward
from tracker.explain.explained_share import TIMED, TimedChange
from tracker.explain.explaining import Findings, explain
from tracker.explain.recorded_sides import recorded_corners, recorded_sides, recorded_stages
from tracker.history.package_sources import read_code_change
from tracker.model import Event, EventKind, JudgedHistory
from tracker.model.catalogue import COUNTED, CPU_TIMES
from tracker.model.explanation import Explanation
from tracker.model.run_record import RunRecord

MOST_WITH_SOURCES = 20
"""Events whose sources are read; older ones are explained by their counts alone."""

_OF_THE_CODE = {EventKind.COMMIT, EventKind.MEASURING, EventKind.EXCURSION}


def explain_events(judged: JudgedHistory, repo: Path | None) -> JudgedHistory:
    """Return *judged* with an explanation of each event whose commits were counted."""
    library = judged.history.project
    records = [one for one in judged.history.records if one.library == library and one.counts]
    if not records:
        return judged
    places = {commit.sha: place for place, commit in enumerate(judged.history.commits)}
    counted = {places[one.commit] for one in records if one.commit in places}
    explanations: dict[int, Explanation] = {}
    for number, event in enumerate(judged.events):
        if event.kind in _OF_THE_CODE:
            sources = repo if len(explanations) < MOST_WITH_SOURCES else None
            base, head = _neighbours(counted, event)
            if base is not None and head is not None:
                one = _explain(judged, event, (base, head), records, sources)
                explanations |= {number: one} if one is not None else {}
    return replace(judged, explanations=explanations)


def _explain(
    judged: JudgedHistory,
    event: Event,
    positions: tuple[int, int],
    records: Sequence[RunRecord],
    repo: Path | None,
) -> Explanation | None:
    library = judged.history.project
    base, head = (judged.history.commits[place].sha for place in positions)
    sides = recorded_sides(records, library, base, head)
    if sides is None:
        return None
    code = read_code_change(repo, base, head, library) if repo is not None else None
    try:
        corners = recorded_corners(records, library, *sides)
        findings = replace(_findings(judged, event, (base, head)), corners=corners)
        whole = explain(library, *sides, code, findings)
    except msgspec.MsgspecError:
        return None
    return toward(whole, event.direction)


def _findings(judged: JudgedHistory, event: Event, commits: tuple[str, str]) -> Findings:
    """What the clock says of *event*, and the stamps of both *commits* in its scenarios."""
    library = judged.history.project
    scenarios = {
        series.scenario
        for series in (judged.series[member.series].series for member in event.members)
        if series.library == library and series.metric.name not in {*CPU_TIMES, *COUNTED}
    }
    stages = recorded_stages(judged.history.records, library, *commits)
    return Findings(
        timed=tuple(_timed(judged, event, library)),
        stages={name: found for name, found in stages.items() if name in scenarios},
    )


def _neighbours(counted: set[int], event: Event) -> tuple[int | None, int | None]:
    """The last counted position before *event*, and the first one at its new level."""
    before = max((place for place in counted if place < event.earliest), default=None)
    after = min((place for place in counted if place >= event.position), default=None)
    return before, after


def _timed(judged: JudgedHistory, event: Event, library: str) -> Iterator[TimedChange]:
    for member in event.members:
        series, change = judged.series[member.series].series, member.judged.change
        if series.library == library and series.metric.name in TIMED and change.ratio > 0:
            yield TimedChange(
                scenario=series.scenario,
                metric=series.metric.name,
                ratio=change.ratio,
                low=change.ratio_low,
                high=change.ratio_high,
            )

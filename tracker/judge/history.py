"""The judgement of a whole history: what happened, and where every series stands."""

import math
from collections.abc import Sequence
from dataclasses import replace

from tracker.judge.decisions import decide
from tracker.judge.drafts import draft_changes
from tracker.judge.events import draw_up, of_excursions, of_newest, put_down
from tracker.judge.evidence import Evidence, gather_evidence
from tracker.judge.excursions import find_excursions
from tracker.judge.machine_steps import Machines
from tracker.judge.policy import DEFAULT, Policy
from tracker.judge.single_series import JudgeSeries, judge_series
from tracker.judge.standing import State, stand
from tracker.judge.timeline import Timeline
from tracker.model import Event, EventKind, History, JudgedHistory, JudgedSeries, Series, Verdict

_NO_CONTROL = (
    "No control is measured beside the project: a slower machine cannot be told from a change that "
    "slows everything."
)
_IDLE_CONTROLS = (
    "The controls cannot work yet: too few commits were measured beside them, and nothing of "
    "theirs is taken out."
)


def judge(
    history: History, chosen: Policy = DEFAULT, judge_all: JudgeSeries = judge_series
) -> JudgedHistory:
    """Judge *history*.

    Args:
        history: as read.
        chosen: what a project may choose for itself.
        judge_all: does as `judge_series` does; may compute elsewhere, or remember.
    """
    series, timeline = history.series, Timeline(history)
    evidence = gather_evidence(history, judge_all)
    decisions = decide(history, evidence, timeline, chosen)
    noise = [math.nan if spread.unit else spread.scale for spread in evidence.spreads]
    machines = Machines(series, noise, chosen)
    drafts = put_down(series, draft_changes(history, evidence, decisions), decisions, machines)
    states = stand(history, evidence, drafts, timeline, chosen)
    changed = {i: [c.change.index for c in s.judged.changes] for i, s in enumerate(states)}
    far_out = {i: state.far_out for i, state in enumerate(states) if state.far_out}
    events = [
        *draw_up(series, drafts, decisions, timeline, chosen),
        *of_newest(series, far_out, timeline),
        *of_excursions(series, find_excursions(series, noise, changed), timeline),
    ]
    events.sort(key=_newest_first)
    return JudgedHistory(
        history=history,
        series=_numbered(states, events),
        events=tuple(events),
        expected_false_alarms=decisions.rate * sum(_is_sure(event) for event in events),
        notes=_notes(series, evidence),
    )


def _is_sure(event: Event) -> bool:
    """Say whether an event is told as one: beyond doubt, by evidence that may be chance."""
    return event.verdict is not Verdict.SUSPECTED and event.p_value >= 0


def _newest_first(event: Event) -> tuple[int, str, str, int]:
    return -event.position, event.kind, event.direction, event.members[0].series


def _numbered(states: Sequence[State], events: Sequence[Event]) -> tuple[JudgedSeries, ...]:
    """Return the series, each change with the number of its event."""
    numbers = {
        (member.series, member.judged.change.index): number
        for number, event in enumerate(events)
        for member in event.members
        if event.kind is not EventKind.EXCURSION
    }
    result = []
    for i, judged in enumerate(state.judged for state in states):
        own = (numbers.get((i, c.change.index)) for c in judged.changes)
        changes = (
            c if number is None else replace(c, event=number)
            for c, number in zip(judged.changes, own, strict=True)
        )
        result.append(replace(judged, changes=tuple(changes)) if judged.changes else judged)
    return tuple(result)


def _notes(series: Sequence[Series], evidence: Evidence) -> tuple[str, ...]:
    """Say where the judgement had to do without controls."""
    if evidence.taken or all(one.metric.is_counted for one in series):
        return ()
    return (_IDLE_CONTROLS,) if any(evidence.are_controls) else (_NO_CONTROL,)

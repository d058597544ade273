"""Events: the changes of one place and direction, and what they are put down to."""

import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tracker.detect.density import middle
from tracker.judge.decisions import Decisions
from tracker.judge.drafts import Draft
from tracker.judge.environments import LOOPS
from tracker.judge.event_positions import locate
from tracker.judge.excursions import Excursion
from tracker.judge.machine_steps import Machines, is_timed
from tracker.judge.newest_value import FarOut
from tracker.judge.policy import Policy
from tracker.judge.relevance import lasting, stands
from tracker.judge.timeline import Timeline
from tracker.model import (
    Better,
    Event,
    EventKind,
    Fate,
    JudgedChange,
    Member,
    Series,
    Verdict,
)
from tracker.model.catalogue import CPU_TIMES

_NO_EVENT = Verdict.NO_CHANGE


def put_down(
    series: Sequence[Series], drafts: Sequence[Draft], decisions: Decisions, machines: Machines
) -> list[Draft]:
    """Return *drafts* with the kind of each and the verdict that follows from it."""
    by_place: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_place[draft.place].append(draft)
    result = []
    for place, members in by_place.items():
        drafts_of_place = _with_loops(series, members)
        relevant = [d for d in drafts_of_place if d.judged.verdict is not _NO_EVENT]
        takers = _takers(series, relevant, decisions.places[place].position, machines)
        elsewhere = {
            _what(series[d.series], d)
            for d in relevant
            if not (d.is_machine or d.judged.environment_changes)
        }
        reach = decisions.machine_reach[place]
        kinds = [_kind(series, draft, takers, elsewhere, reach) for draft in drafts_of_place]
        mostly = _mostly_machine(drafts_of_place, kinds)
        for draft, kind in zip(drafts_of_place, kinds, strict=True):
            one = series[draft.series]
            follows = draft.judged.direction in mostly and one.key.machine in reach
            if kind is EventKind.COMMIT and follows and _is_doubtful(one):
                told = EventKind.MACHINE
            else:
                told = kind
            judged, verdict = draft.judged, _verdict(draft, told)
            if (judged.kind, judged.verdict) != (told, verdict):
                judged = replace(judged, kind=told, verdict=verdict)
            result.append(draft if judged is draft.judged else replace(draft, judged=judged))
    return result


def _mostly_machine(drafts: Sequence[Draft], kinds: Sequence[EventKind]) -> set[Verdict]:
    """Return the directions in which most of what moved at a place is put down to the machine.

    What moved further there is no surer to be a commit's.
    """
    counts: dict[Verdict, int] = defaultdict(int)
    for draft, kind in zip(drafts, kinds, strict=True):
        if draft.is_machine or draft.judged.verdict is not _NO_EVENT:
            counts[draft.judged.direction] += 1 if kind is EventKind.MACHINE else -1
    return {direction for direction, count in counts.items() if count > 0}


def _with_loops(series: Sequence[Series], members: Sequence[Draft]) -> list[Draft]:
    """Return *members*, where asv measured most timed ones otherwise, with that said of all alike.

    A cold call costs more even where a repeat always was a single call.
    """
    timed: dict[tuple[str, str, Verdict], list[Draft]] = defaultdict(list)
    for draft in members:
        if is_timed(series[draft.series]) and draft.judged.verdict is not _NO_EVENT:
            timed[_where(series, draft)].append(draft)
    texts = {}
    for where, own in timed.items():
        loops = [t for d in own for t in d.judged.environment_changes if t.startswith(LOOPS)]
        if 2 * len(loops) >= len(own):
            texts[where] = loops[0]
    return [_with_text(series[d.series], d, texts.get(_where(series, d))) for d in members]


def _with_text(one: Series, draft: Draft, text: str | None) -> Draft:
    has_own = any(t.startswith(LOOPS) for t in draft.judged.environment_changes)
    if text is None or has_own or not is_timed(one):
        return draft
    of_others = f"{LOOPS} of others there{text[len(LOOPS) :]}"
    changes = (*draft.judged.environment_changes, of_others)
    return replace(draft, judged=replace(draft.judged, environment_changes=changes))


def _where(series: Sequence[Series], draft: Draft) -> tuple[str, str, Verdict]:
    key = series[draft.series].key
    return key.machine, key.environment, draft.judged.direction


def _takers(
    series: Sequence[Series], members: Sequence[Draft], position: int, machines: Machines
) -> frozenset[tuple[int, Verdict]]:
    """Return series and direction of what one machine seems to have moved."""
    taken: set[tuple[int, Verdict]] = set()
    for direction in (Verdict.WORSE, Verdict.BETTER):
        moved: dict[str, list[int]] = defaultdict(list)
        for draft in members:
            if draft.judged.direction is direction and not draft.has_control:
                moved[series[draft.series].key.machine].append(draft.series)
        if moved:
            taken |= {(number, direction) for number in machines.takers(position, moved)}
    return frozenset(taken)


def _what(one: Series, draft: Draft) -> tuple[object, ...]:
    return one.key.benchmark, one.key.params, draft.judged.direction


def _kind(
    series: Sequence[Series],
    draft: Draft,
    takers: frozenset[tuple[int, Verdict]],
    elsewhere: set[tuple[object, ...]],
    reach: Mapping[str, float],
) -> EventKind:
    """What changed in the measuring comes first, unless the same moved where nothing did."""
    if draft.is_machine:
        return EventKind.MACHINE
    if draft.judged.environment_changes and _what(series[draft.series], draft) not in elsewhere:
        return EventKind.MEASURING
    if (draft.series, draft.judged.direction) in takers:
        return EventKind.MACHINE
    one = series[draft.series]
    if draft.judged.alternates and is_timed(one):
        return EventKind.MACHINE
    if _is_doubtful(one) and _rest_of(draft) <= reach.get(one.key.machine, -math.inf):
        return EventKind.MACHINE
    return EventKind.COMMIT


def _is_doubtful(one: Series) -> bool:
    """Say whether a machine that moved may show in a series more than in its controls.

    CPU time is known beside that of the controls: what is left of it is no machine's.
    """
    return one.metric.name not in CPU_TIMES and not one.metric.is_counted


def _rest_of(draft: Draft) -> float:
    """Return the size of what is left of a change beside its controls; infinite without any."""
    ratio, shared = draft.judged.change.ratio, draft.judged.shared
    return abs(math.log(ratio / shared)) if ratio > 0 and shared > 0 else math.inf


def _verdict(draft: Draft, kind: EventKind) -> Verdict:
    """Return what a change says of a commit."""
    own = draft.judged.verdict
    if own is _NO_EVENT:
        return own
    if draft.is_machine:
        return _NO_EVENT
    return own if draft.is_sure and kind is EventKind.COMMIT else Verdict.SUSPECTED


def draw_up(
    series: Sequence[Series],
    drafts: Sequence[Draft],
    decisions: Decisions,
    timeline: Timeline,
    chosen: Policy,
) -> list[Event]:
    """Return the events of *drafts* that matter: one for each place, direction and kind."""
    told = [d for d in drafts if d.judged.verdict is not _NO_EVENT or d.is_machine]
    standing = _standing(series, drafts)
    events = []
    for (position, direction, kind), parts in locate(series, told, decisions).items():
        members = [draft for part in parts for draft in part.members]
        sure = kind is EventKind.COMMIT and any(
            d.judged.verdict in {Verdict.WORSE, Verdict.BETTER} for d in members
        )
        p_value = min(part.p_value for part in parts)
        events.append(
            Event(
                kind=kind,
                verdict=direction if sure else Verdict.SUSPECTED,
                direction=direction,
                position=position,
                earliest=max(one.earliest for one in parts),
                latest=min(one.latest for one in parts),
                members=_members([(d.series, d.judged) for d in members]),
                ratio=_typical([d.judged.change.ratio for d in members]),
                shared=_typical([d.judged.shared for d in members]),
                p_value=_evidence(series, members, p_value),
                fate=_fate(series, members, standing, timeline, chosen),
                points_since=timeline.since(position),
                surroundings=_surroundings([d.judged for d in members]),
            )
        )
    return events


def _evidence(series: Sequence[Series], members: Sequence[Draft], p_value: float) -> float:
    """Return the p-value of an event, NaN where something was counted: that needs none."""
    return math.nan if any(series[d.series].metric.is_counted for d in members) else p_value


def _fate(
    series: Sequence[Series],
    members: Sequence[Draft],
    standing: Container[tuple[int, int]],
    timeline: Timeline,
    chosen: Policy,
) -> Fate:
    """Return what became of an event, given which changes of which series are not undone."""
    left = [
        d.series
        for d in _counted_or_all(series, members)
        if (d.series, d.judged.change.index) in standing
    ]
    if not left:
        return Fate.UNDONE
    are_measured = any(timeline.missed(series[one]) <= chosen.recent_points for one in left)
    return Fate.STANDS if are_measured else Fate.UNMEASURED


def _counted_or_all(series: Sequence[Series], members: Sequence[Draft]) -> Sequence[Draft]:
    """Return the counted members, which know whether they are undone; all where there are none."""
    return [d for d in members if series[d.series].metric.is_counted] or members


def _standing(series: Sequence[Series], drafts: Sequence[Draft]) -> set[tuple[int, int]]:
    """Return series and index of the changes that are not undone by now."""
    standing: set[tuple[int, int]] = set()
    for number, own in enumerate(_by_series(series, drafts)):
        changes = sorted((draft.judged for draft in own), key=lambda judged: judged.change.index)
        metric = series[number].metric
        standing |= {
            (number, change.index)
            for change in lasting(changes, metric)
            if stands(change, changes[-1].change.after, metric)
        }
    return standing


def _by_series(series: Sequence[Series], drafts: Sequence[Draft]) -> list[list[Draft]]:
    grouped: list[list[Draft]] = [[] for _ in series]
    for draft in drafts:
        grouped[draft.series].append(draft)
    return grouped


def _members(members: Sequence[tuple[int, JudgedChange]]) -> tuple[Member, ...]:
    """Return members, the largest change first."""
    ordered = sorted(members, key=lambda one: (-size_of(one[1]), one[0]))
    return tuple(Member(series=number, judged=judged) for number, judged in ordered)


def size_of(judged: JudgedChange) -> float:
    """Return how large a change is, on the logarithmic scale; infinite where it has no ratio."""
    ratio = judged.change.ratio
    return abs(math.log(ratio)) if ratio > 0 else math.inf


def _typical(ratios: Sequence[float]) -> float:
    """Return the median of the ratios that go the way of the largest; NaN for none.

    What is better may mean more of one metric and less of another: their middle means nothing.
    """
    logs = [math.log(ratio) for ratio in ratios if ratio > 0]
    if not logs:
        return math.nan
    is_up = max(logs, key=abs) > 0
    return math.exp(middle(np.array([log for log in logs if (log > 0) == is_up])))


def _surroundings(members: Sequence[JudgedChange]) -> tuple[str, ...]:
    """Return what changed around at least a third of the members, the most common first."""
    counts: dict[str, int] = defaultdict(int)
    first: dict[str, str] = {}
    for judged in members:
        for text in judged.environment_changes:
            name = text.partition(" -> ")[0].rpartition(": ")[0]
            counts[name] += 1
            first.setdefault(name, text)
    common = [name for name in counts if 3 * counts[name] >= len(members)]
    return tuple(first[name] for name in sorted(common, key=lambda name: (-counts[name], name)))


def of_excursions(
    series: Sequence[Series], excursions: Sequence[Sequence[Excursion]], timeline: Timeline
) -> list[Event]:
    """Return an event for each place at which several series left their level and came back."""
    events = []
    for shared in excursions:
        direction = Verdict.WORSE if shared[0].is_worse else Verdict.BETTER
        position = int(series[shared[0].series].positions[shared[0].change.index])
        judged = [
            (
                one.series,
                JudgedChange(
                    change=one.change,
                    verdict=direction,
                    direction=direction,
                    environment_changes=one.surroundings,
                    kind=EventKind.EXCURSION,
                ),
            )
            for one in shared
        ]
        events.append(
            _single_place(EventKind.EXCURSION, (direction, direction), position, judged, timeline)
        )
    return events


def of_newest(
    series: Sequence[Series], far_out: Mapping[int, FarOut], timeline: Timeline
) -> list[Event]:
    """Return an event for each commit and direction of newest values that lie far out."""
    groups: dict[tuple[int, Verdict], list[tuple[int, JudgedChange]]] = defaultdict(list)
    for number, one in far_out.items():
        better_up = series[number].metric.better is Better.HIGHER
        direction = Verdict.BETTER if (one.after > one.before) == better_up else Verdict.WORSE
        verdict = direction if one.is_fact else Verdict.SUSPECTED
        judged = JudgedChange(change=one.change(), verdict=verdict, direction=direction)
        groups[int(series[number].positions[one.index]), direction].append((number, judged))
    events = []
    for (position, direction), members in groups.items():
        is_fact = any(judged.verdict is direction for _, judged in members)
        verdict = direction if is_fact else Verdict.SUSPECTED
        event = _single_place(EventKind.COMMIT, (verdict, direction), position, members, timeline)
        firsts = (series[n].first_suspect(judged.change.index) for n, judged in members)
        events.append(replace(event, earliest=max(firsts)))
    return events


def _single_place(
    kind: EventKind,
    verdict_and_direction: tuple[Verdict, Verdict],
    position: int,
    members: Sequence[tuple[int, JudgedChange]],
    timeline: Timeline,
) -> Event:
    verdict, direction = verdict_and_direction
    return Event(
        kind=kind,
        verdict=verdict,
        direction=direction,
        position=position,
        earliest=position,
        latest=position,
        members=_members(members),
        ratio=_typical([judged.change.ratio for _, judged in members]),
        shared=math.nan,
        p_value=math.nan,
        fate=Fate.UNDONE if kind is EventKind.EXCURSION else Fate.STANDS,
        points_since=timeline.since(position),
        surroundings=_surroundings([judged for _, judged in members]),
    )

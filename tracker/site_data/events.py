"""The table of events."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tracker.report.history.listed_changes import ListedChange, ListedEvent
from tracker.site_data.commits import SHORT_SHA
from tracker.site_data.rounding import number
from tracker.site_data.schema import (
    BRIEF_MEMBERS,
    MEMBERS,
    EventMembers,
    EventTable,
    Numbers,
    Triage,
)


def event_ids(events: Sequence[ListedEvent]) -> list[str]:
    """Return the name of each event in links: its commit and direction, and a number if needed."""
    times: Counter[str] = Counter()
    names: list[str] = []
    for row in events:
        name = f"{row.commit.sha[:SHORT_SHA]}-{row.event.direction.value}"
        times[name] += 1
        names.append(name if times[name] == 1 else f"{name}-{times[name]}")
    return names


def event_table(
    events: Sequence[ListedEvent],
    ids: Sequence[str],
    rows: Mapping[str, int],
    explained: Mapping[int, str],
) -> EventTable:
    """Return *events* in columns.

    Args:
        events: in the order of the file.
        ids: what each is called.
        rows: the row of each series in the table, by id.
        explained: the hash in the name of the explanation, by number of the event.
    """
    each = [row.event for row in events]
    return EventTable(
        id=list(ids),
        kind=[event.kind.value for event in each],
        verdict=[event.verdict.value for event in each],
        direction=[event.direction.value for event in each],
        position=[event.position for event in each],
        earliest=[event.earliest for event in each],
        latest=[event.latest for event in each],
        ratios=[[number(ratio) for ratio in row.ratios] for row in events],
        shared=[number(event.shared) for event in each],
        p_value=[number(event.p_value, 3) for event in each],
        fate=[event.fate.value for event in each],
        points_since=[event.points_since for event in each],
        series=[len(event.members) for event in each],
        benchmarks=[row.benchmarks for row in events],
        rows=[[rows[one.series.id] for one in row.members[:BRIEF_MEMBERS]] for row in events],
        surroundings={
            str(i): list(event.surroundings) for i, event in enumerate(each) if event.surroundings
        },
        triage={str(i): one for i, row in enumerate(events) if (one := _triage(row))},
        explanation={
            str(i): explained[row.number] for i, row in enumerate(events) if row.number in explained
        },
    )


def event_members(events: Sequence[ListedEvent], rows: Mapping[str, int]) -> EventMembers:
    """Return the largest members of *events*, in the same order; *rows* as for `event_table`."""
    members = [row.members[:MEMBERS] for row in events]
    return EventMembers(
        rows=[[rows[one.series.id] for one in some] for some in members],
        ratios=[_ratios(some, "ratio") for some in members],
        lows=[_ratios(some, "ratio_low") for some in members],
        highs=[_ratios(some, "ratio_high") for some in members],
    )


def _ratios(members: Sequence[ListedChange], name: str) -> Numbers:
    return [number(getattr(one.judged.change, name)) for one in members]


def _triage(row: ListedEvent) -> Triage | None:
    """Return the decision on the largest member, None unless all members are decided on."""
    rule = row.members[0].rule
    if rule is None or not row.is_settled:
        return None
    return Triage(action=rule.action.value, sentence=rule.sentence)

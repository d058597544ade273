"""The table of events."""

from collections.abc import Mapping, Sequence

from tracker.report.history.overview import EventRow
from tracker.site_data.columns import number
from tracker.site_data.schema import MEMBERS, EventTable


def event_table(events: Sequence[EventRow], rows: Mapping[str, int]) -> EventTable:
    """Return *events* in columns; *rows* has the row of each series in the table, by id."""
    each = [row.event for row in events]
    return EventTable(
        kind=[event.kind.value for event in each],
        verdict=[event.verdict.value for event in each],
        direction=[event.direction.value for event in each],
        position=[event.position for event in each],
        earliest=[event.earliest for event in each],
        latest=[event.latest for event in each],
        ratio=[number(event.ratio, 4) for event in each],
        shared=[number(event.shared, 4) for event in each],
        p_value=[number(event.p_value, 3) for event in each],
        stands=[event.stands for event in each],
        points_since=[event.points_since for event in each],
        series=[len(event.members) for event in each],
        benchmarks=[row.benchmarks for row in events],
        rows=[[rows[one.series.id] for one in row.members[:MEMBERS]] for row in events],
        surroundings={
            str(i): list(event.surroundings) for i, event in enumerate(each) if event.surroundings
        },
    )

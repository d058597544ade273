"""The part of the site data that is about events: one table, most urgent first."""

import msgspec

from tracker.site_data.schema import Numbers

MEMBERS = 50


class EventTable(msgspec.Struct, frozen=True, kw_only=True):
    """Events in columns; positions are of commits.

    `kind` is commit, measuring, machine or excursion; `verdict` is worse, better or suspected;
    `ratio` and `shared` are medians over all `series` of an event; `rows` are the rows in `Table`
    of the `MEMBERS` largest of them; `surroundings` is by event, where anything else changed.
    """

    kind: list[str]
    verdict: list[str]
    direction: list[str]
    position: list[int]
    earliest: list[int]
    latest: list[int]
    ratio: Numbers
    shared: Numbers
    p_value: Numbers
    stands: list[bool]
    points_since: list[int]
    series: list[int]
    benchmarks: list[int]
    rows: list[list[int]]
    surroundings: dict[str, list[str]]

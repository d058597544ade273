"""Parts of a large table, each with its changes: so that a page need not wait for all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from tracker.model import Outcome
from tracker.site_data.changes import NumberedChange, change_table
from tracker.site_data.schema import Front, Table
from tracker.site_data.series_table import SeriesSummary, make_table

_PERIOD_CHANGES = 150
_RANKED = 800  # rows of a part of the ranking: about 18 kB
_MOST_COPIES = 3  # of a change, on average, in the periods that it may belong to


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The commits at which an event may have come, *first* to *last*, and the rows that name it."""

    first: int
    last: int
    rows: list[int]


def make_part(
    rows: Sequence[SeriesSummary],
    numbers: Iterable[int],
    changes: Sequence[NumberedChange],
    table: Table,
) -> Front:
    """Return the rows of these *numbers* with *changes*.

    It names what can be chosen from as the whole *table* does, but for the many scenarios.
    """
    ordered = sorted(numbers)
    part = make_table([rows[number] for number in ordered], range(len(ordered)))
    choices = {
        name: [*of_part, *(one for one in getattr(table, name) if one not in of_part)]
        for name in ("libraries", "metrics", "machines", "environments")
        for of_part in [getattr(part, name)]
    }
    rank = [table.rank[number] for number in ordered]
    whole = msgspec.structs.replace(part, **choices, rank=rank)
    return Front(rows=ordered, table=whole, changes=change_table(changes), age=min(table.age))


def make_ranked(
    rows: Sequence[SeriesSummary], order: Sequence[int], table: Table
) -> list[tuple[Front, list[str]]]:
    """Return the whole table in parts, the worst rows first as *order* has them.

    With each come the verdicts in it, "failed" and "far_out" too: a filter may pass it over.
    """
    return [
        (make_part(rows, some, (), table), _kinds([rows[number] for number in some]))
        for first in range(0, len(order), _RANKED)
        for some in [order[first : first + _RANKED]]
    ]


def _kinds(rows: Sequence[SeriesSummary]) -> list[str]:
    kinds = {row.judged.verdict.value for row in rows}
    kinds |= {"failed" for row in rows if row.outcome is Outcome.FAILED}
    kinds |= {"far_out" for row in rows if row.judged.far_out is not None}
    return sorted(kinds)


def make_periods(
    rows: Sequence[SeriesSummary],
    changes: Sequence[NumberedChange],
    events: Sequence[Reach],
    table: Table,
    commits: int,
) -> dict[int, Front]:
    """Return what may have changed in each period of the *commits*, by its first position.

    The periods follow one another without a gap, the first from 0 on. A change is in each that its
    interval touches, so that one period tells everything of a commit.
    """
    reaches = [Reach(first=min(c.info.earliest, c.info.position),
                     last=max(c.info.latest, c.info.position), rows=[c.row_number])
               for c in changes]  # fmt: skip
    of_changes, of_events = _Spans(reaches), _Spans(events)
    most = _PERIOD_CHANGES
    bounds = list(_bounds(of_changes, commits, most))
    while of_changes.copies(bounds) > _MOST_COPIES * len(reaches):
        most *= 2
        bounds = list(_bounds(of_changes, commits, most))
    parts: dict[int, Front] = {}
    for start, stop in bounds:
        own = of_changes.touching(start, stop)
        named = [*(reaches[i] for i in own), *(events[i] for i in of_events.touching(start, stop))]
        numbers = {number for one in named for number in one.rows}
        parts[start] = make_part(rows, numbers, [changes[i] for i in own], table)
    return parts


class _Spans:
    """Where each of many may have come: as columns, as there are as many again for each period."""

    def __init__(self, reaches: Sequence[Reach]) -> None:
        self.first = np.array([one.first for one in reaches], dtype=np.int64)
        self.last = np.array([one.last for one in reaches], dtype=np.int64)

    def touching(self, start: int, stop: int) -> list[int]:
        """Return the numbers of those that may have come from *start* on and before *stop*."""
        touches = (self.first < stop) & (self.last >= start)
        numbers: list[int] = touches.nonzero()[0].tolist()
        return numbers

    def copies(self, bounds: Sequence[tuple[int, int]]) -> int:
        """Return in how many periods they are, all together."""
        starts = np.array([start for start, _ in bounds])
        first, last = (starts.searchsorted(ends, side="right") for ends in (self.first, self.last))
        return int((last - first + 1).sum())


def _bounds(spans: _Spans, commits: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of periods with at most so many changes, or of one commit."""
    start = 0
    while start < commits:
        begun = np.sort(spans.first[spans.last >= start])
        stop = max(start + 1, int(begun[most])) if begun.size > most else commits
        yield start, stop
        start = stop

"""The cells of a history that have no value, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from tracker.model import Commit, History, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """Cells that have no value for one reason.

    Attributes:
        commit: the newest at which it is so.
        what: title and library where there is a library, else the name with its parameters.
        cells: how many metrics (or parameters) it is, at all of its commits together.
        commits: at how many commits it failed; 1 where only the newest is told.
    """

    commit: Commit
    what: str
    machine: str
    environment: str
    outcome: Outcome
    reason: str
    cells: int
    commits: int


class _Cells(NamedTuple):
    """What the cells of one row share."""

    position: int
    machine: str
    environment: str
    outcome: Outcome
    reason: str
    what: str


def find_failures(history: History) -> tuple[FailureGroup, ...]:
    """Return the cells without a value, those of one commit, subject and reason together.

    What failed stands before what is not supported, and the newest first. What is not supported
    stands once for all commits, under the newest.
    """
    counts: Counter[_Cells] = Counter()
    for series in history.series:
        what = f"{series.title}, {series.library}" if series.library else series.key.label
        place = (series.key.machine, series.key.environment)
        newest = max(series.outcomes, default=0)
        for position, outcome in series.outcomes.items():
            if outcome is not Outcome.MEASURED:
                reason = series.reasons.get(position, "no reason was recorded")
                at = newest if outcome is Outcome.UNSUPPORTED else position
                counts[_Cells(at, *place, outcome, reason, what)] += 1
    return tuple(
        FailureGroup(
            commit=history.commits[cells.position],
            what=cells.what,
            machine=cells.machine,
            environment=cells.environment,
            outcome=cells.outcome,
            reason=cells.reason,
            cells=counts[cells],
            commits=1,
        )
        for cells in sorted(counts, key=_failed_first)
    )


def _failed_first(cells: _Cells) -> tuple[bool, int, _Cells]:
    return cells.outcome is Outcome.UNSUPPORTED, -cells.position, cells


def join_failures(rows: Iterable[FailureGroup]) -> list[FailureGroup]:
    """Make one row of those with one reason, for people; *rows* are as `find_failures` gives them.

    A commit that does not build, or a broker that dies, is one line and not one per benchmark; a
    benchmark that fails at every commit is one line too, at the newest of them.
    """
    joined: dict[tuple[object, ...], FailureGroup] = {}
    for cause, group in groupby(rows, key=_cause):
        first, *rest = group
        what = f"{first.what} and {len(rest):,} more" if rest else first.what
        cells = first.cells + sum(row.cells for row in rest)
        key = (*cause[1:], first.what, *(row.what for row in rest))
        newest = joined.get(key)
        joined[key] = (
            replace(newest, cells=newest.cells + cells, commits=newest.commits + 1)
            if newest
            else replace(first, what=what, cells=cells)
        )
    return list(joined.values())


def _cause(row: FailureGroup) -> tuple[str, str, str, Outcome, str]:
    return row.commit.sha, row.machine, row.environment, row.outcome, row.reason

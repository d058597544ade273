"""Where every series of a history stands: its newest value, and the verdict on it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model import Commit, JudgedHistory, JudgedSeries, Verdict
from tracker.report.history.selection import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSeries:
    """Where a series stands: its newest value and the verdict on it.

    Attributes:
        previous: the value before the newest, NaN when there is none. That the two differ says
            nothing yet: the verdict does.
        since: commit of the change that the verdict speaks of, None for none.
    """

    judged: JudgedSeries
    value: float
    previous: float
    commit: Commit
    since: Commit | None


def standing_series(judged: JudgedHistory, wanted: Wanted) -> tuple[ListedSeries, ...]:
    """Return the *wanted* series that have a value, the worst verdict first."""
    rows = filter(
        None,
        (
            _standing_row(one, judged.history.commits)
            for one in judged.series
            if wanted.verdict in {None, one.verdict} and wanted.library in {"", one.series.library}
        ),
    )
    return tuple(sorted(rows, key=lambda row: list(Verdict).index(row.judged.verdict)))


def _standing_row(series: JudgedSeries, commits: Sequence[Commit]) -> ListedSeries | None:
    values, newest = series.series.values, series.series.newest_measured
    if newest is None:
        return None
    previous = series.series.measured_before(newest)
    return ListedSeries(
        judged=series,
        value=float(values[newest]),
        previous=math.nan if previous is None else float(values[previous]),
        commit=commits[int(series.series.positions[newest])],
        since=_since(series, commits),
    )


def _since(series: JudgedSeries, commits: Sequence[Commit]) -> Commit | None:
    if series.standing is None:
        return None
    return commits[int(series.series.positions[series.standing.change.index])]

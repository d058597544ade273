"""What the report of a history says, before anybody decides how it looks."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from tracker.model import (
    Commit,
    EnvironmentShift,
    Exclusion,
    History,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Series,
    Status,
    Verdict,
)
from tracker.report.history.failures import FailureRow, find_failures
from tracker.settings.triage import Action, TriageRule, find_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change point in its series, with what the user has decided about it."""

    series: Series
    judged: JudgedChange
    commit: Commit
    earliest: Commit
    latest: Commit
    rule: TriageRule | None

    @property
    def is_silenced(self) -> bool:
        """Whether somebody has said that nothing is to be heard of it."""
        return self.rule is not None and self.rule.action is Action.SILENCE

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.judged.change.status is not Status.WITHDRAWN

    @property
    def is_regression(self) -> bool:
        """Whether it made things worse, may fail something, and nobody has accepted it."""
        return (
            self.judged.verdict is Verdict.WORSE
            and self.stands
            and self.series.metric.gates
            and self.rule is None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """Where a series stands: its newest value and the verdict on it.

    Attributes:
        previous: the value before the newest, NaN when there is none. That the two differ says
            nothing yet: the verdict does.
    """

    judged: JudgedSeries
    value: float
    previous: float
    commit: Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything a report shows.

    Attributes:
        newest: the newest commit that was tried; `measured_commits` are those with a value.
        changes: newest first, withdrawn and silenced ones included.
        failures: as `find_failures` orders them.
        standing: the series that have a value, the worst verdict first.
        verdicts: how many series have which verdict.
        places: whether there is more than one (machine, environment) to tell apart.
        regressions: how many series are worse now, less what was accepted.
    """

    project: str
    first: Commit
    newest: Commit
    measured_commits: int
    points: int
    changes: tuple[ChangeRow, ...]
    shifts: tuple[tuple[EnvironmentShift, Commit], ...]
    failures: tuple[FailureRow, ...]
    standing: tuple[StandingRow, ...]
    verdicts: Mapping[Verdict, int]
    regressions: int
    places: bool
    excluded: tuple[Exclusion, ...]
    notes: tuple[str, ...]
    expected_false_alarms: float

    @property
    def listed_changes(self) -> tuple[ChangeRow, ...]:
        """Return the changes that still stand, without those that somebody has silenced."""
        return tuple(row for row in self.changes if row.stands and not row.is_silenced)


def build_overview(
    judged: JudgedHistory, rules: Sequence[TriageRule] = (), today: date | None = None
) -> Overview:
    """Arrange *judged* for people; *rules* (triage) hold as of *today*, all of them without it."""
    history = judged.history
    day = today or date.min
    changes = [row for series in judged.series for row in _change_rows(series, judged, rules, day)]
    changes.sort(key=_newest_first)
    return Overview(
        project=history.project,
        first=history.commits[0],
        newest=history.commits[_newest_position(history.series)],
        measured_commits=_count_measured(history),
        points=sum(int(np.isfinite(series.values).sum()) for series in history.series),
        changes=tuple(changes),
        shifts=tuple((shift, history.commits[shift.position]) for shift in judged.shifts),
        failures=find_failures(history),
        standing=_standing(judged),
        verdicts=Counter(series.verdict for series in judged.series),
        regressions=_count_regressions(judged, changes),
        places=len({(s.key.machine, s.key.environment) for s in history.series}) > 1,
        excluded=history.excluded,
        notes=history.notes,
        expected_false_alarms=judged.expected_false_alarms,
    )


def label_commit(commit: Commit) -> str:
    """Return the release's name where the commit has one, else eight hex digits."""
    return commit.tags[0] if commit.tags else commit.sha[:8]


def label_day(commit: Commit) -> str:
    """Return the day of the commit, in UTC."""
    return datetime.fromtimestamp(commit.date_ms / 1000, tz=UTC).date().isoformat()


def _newest_position(series: Iterable[Series]) -> int:
    """Return the newest position that any series has, -1 without any."""
    return max((int(one.positions[-1]) for one in series if one.positions.size), default=-1)


def _count_measured(history: History) -> int:
    """Count the commits at which anything has a value."""
    measured = np.zeros(len(history.commits), dtype=np.bool_)
    for one in history.series:
        measured[one.positions[np.isfinite(one.values)]] = True
    return int(measured.sum())


def _change_rows(
    series: JudgedSeries, judged: JudgedHistory, rules: Sequence[TriageRule], today: date
) -> list[ChangeRow]:
    commits, positions = judged.history.commits, series.series.positions
    rows = []
    for change in series.changes:
        at = commits[int(positions[change.change.index])]
        rule = find_rule(
            rules,
            names=(series.series.key.benchmark, series.series.key.label),
            metric=series.series.metric.name,
            commit=at.sha,
            today=today,
        )
        rows.append(
            ChangeRow(
                series=series.series,
                judged=change,
                commit=at,
                earliest=commits[series.series.first_suspect(change.change.earliest)],
                latest=commits[int(positions[change.change.latest])],
                rule=rule,
            )
        )
    return rows


def _newest_first(row: ChangeRow) -> tuple[int, float, str]:
    ratio = row.judged.change.ratio
    effect = abs(math.log(ratio)) if ratio > 0 and math.isfinite(ratio) else math.inf
    position = int(row.series.positions[row.judged.change.index])
    return -position, -effect, row.series.id


def _count_regressions(judged: JudgedHistory, changes: Sequence[ChangeRow]) -> int:
    """Count the series that are worse now because of a change that nobody has accepted."""
    open_ids = {row.series.id for row in changes if row.is_regression}
    return sum(
        series.verdict is Verdict.WORSE and series.series.id in open_ids for series in judged.series
    )


def _standing(judged: JudgedHistory) -> tuple[StandingRow, ...]:
    rows = filter(None, (_standing_row(one, judged.history.commits) for one in judged.series))
    return tuple(sorted(rows, key=lambda row: list(Verdict).index(row.judged.verdict)))


def _standing_row(series: JudgedSeries, commits: Sequence[Commit]) -> StandingRow | None:
    finite = np.flatnonzero(np.isfinite(series.series.values))
    if not len(finite):
        return None
    newest = int(finite[-1])
    return StandingRow(
        judged=series,
        value=float(series.series.values[newest]),
        previous=float(series.series.values[finite[-2]]) if len(finite) > 1 else math.nan,
        commit=commits[int(series.series.positions[newest])],
    )

"""What the report of a history says, before anybody decides how it looks."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from tracker.model import (
    Commit,
    EnvironmentShift,
    Exclusion,
    Ints,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Outcome,
    Series,
    Status,
    Verdict,
)
from tracker.report.triage import TriageRule, find_rule


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
    def is_regression(self) -> bool:
        """Whether it made things worse, may fail something, and nobody has accepted it."""
        return (
            self.judged.verdict is Verdict.WORSE
            and self.judged.change.status is not Status.WITHDRAWN
            and self.series.metric.gates
            and self.rule is None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """Cells of one commit that have no value for one reason.

    Attributes:
        what: scenario and library where there is a library, else the benchmark's full name.
        cells: how many metrics (or parameters) it is.
    """

    commit: Commit
    what: str
    machine: str
    environment: str
    outcome: Outcome
    reason: str
    cells: int


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
    """Everything a report shows; `changes` and `failures` newest first.

    Attributes:
        standing: the series that have a value, in the order of the history.
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


def build_overview(
    judged: JudgedHistory, rules: Sequence[TriageRule] = (), today: date | None = None
) -> Overview:
    """Arrange *judged* for people; *rules* (triage) hold as of *today*, all of them without it."""
    history = judged.history
    day = today or date.min
    changes = [row for series in judged.series for row in _change_rows(series, judged, rules, day)]
    changes.sort(key=_newest_first)
    measured = _measured_positions(history.series)
    return Overview(
        project=history.project,
        first=history.commits[0],
        newest=history.commits[int(measured[-1]) if len(measured) else -1],
        measured_commits=len(measured),
        points=sum(int(np.isfinite(series.values).sum()) for series in history.series),
        changes=tuple(changes),
        shifts=tuple((shift, history.commits[shift.position]) for shift in judged.shifts),
        failures=_failures(judged),
        standing=tuple(filter(None, (_standing(series, judged) for series in judged.series))),
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


def _measured_positions(series: Sequence[Series]) -> Ints:
    """Return the positions that any series has, ascending; series often share one array."""
    distinct = {id(each.positions): each.positions for each in series}
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *distinct.values()]))


def _change_rows(
    series: JudgedSeries, judged: JudgedHistory, rules: Sequence[TriageRule], today: date
) -> list[ChangeRow]:
    commits, positions = judged.history.commits, series.series.positions
    rows = []
    for change in series.changes:
        at, earliest, latest = (
            commits[int(positions[i])]
            for i in (change.change.index, change.change.earliest, change.change.latest)
        )
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
                earliest=earliest,
                latest=latest,
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


def _failures(judged: JudgedHistory) -> tuple[FailureRow, ...]:
    """Return the cells without a value, those of one commit, subject and reason together.

    What is not supported stands once for all commits, under the newest.
    """
    counts: defaultdict[tuple[int, str, str, str, Outcome, str], int] = defaultdict(int)
    for series in judged.history.series:
        subject = f"{series.scenario}, {series.library}" if series.library else series.key.label
        place = (series.key.machine, series.key.environment)
        newest = max(series.outcomes, default=0)
        for position, outcome in series.outcomes.items():
            if outcome is not Outcome.MEASURED:
                reason = series.reasons.get(position, "no reason was recorded")
                at = newest if outcome is Outcome.UNSUPPORTED else position
                counts[at, subject, *place, outcome, reason] += 1
    return tuple(
        FailureRow(
            commit=judged.history.commits[position],
            what=what,
            machine=machine,
            environment=environment,
            outcome=outcome,
            reason=reason,
            cells=cells,
        )
        for (position, what, machine, environment, outcome, reason), cells in sorted(
            counts.items(), key=lambda item: (-item[0][0], item[0][1:])
        )
    )


def _standing(series: JudgedSeries, judged: JudgedHistory) -> StandingRow | None:
    finite = np.flatnonzero(np.isfinite(series.series.values))
    if not len(finite):
        return None
    newest = int(finite[-1])
    return StandingRow(
        judged=series,
        value=float(series.series.values[newest]),
        previous=float(series.series.values[finite[-2]]) if len(finite) > 1 else math.nan,
        commit=judged.history.commits[int(series.series.positions[newest])],
    )

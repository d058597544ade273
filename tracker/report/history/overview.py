"""What the report of a history says, before anybody decides how it looks."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial

import numpy as np

from tracker.errors import UsageError
from tracker.judge import DEFAULT
from tracker.model import (
    Commit,
    Event,
    EventKind,
    Exclusion,
    History,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Series,
    Status,
    Verdict,
)
from tracker.model.explanation import Explanation
from tracker.report.history.failures import FailureGroup, find_failures
from tracker.settings.triage import Action, TriageRule, find_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChange:
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
    def is_small(self) -> bool:
        """Whether it is too small to matter."""
        judged = self.judged
        return judged.verdict is Verdict.NO_CHANGE and judged.kind is not EventKind.MACHINE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvent:
    """An event with its changes, the largest first.

    Attributes:
        number: of the event in the judged history.
        earliest: first commit that may have brought it; latest: last such commit.
        suspects: how many commits may have brought it.
        last_good: the commit before these, None where none is known.
    """

    number: int
    event: Event
    commit: Commit
    earliest: Commit
    latest: Commit
    suspects: int
    last_good: Commit | None
    members: tuple[ListedChange, ...]

    @property
    def is_settled(self) -> bool:
        """Whether somebody has decided on all of it."""
        return all(row.rule is not None for row in self.members)

    @property
    def is_silenced(self) -> bool:
        """Whether somebody has said that nothing is to be heard of any of it."""
        return all(row.is_silenced for row in self.members)

    @property
    def benchmarks(self) -> int:
        """How many benchmarks moved, whatever their parameters, machines and environments."""
        return len({row.series.key.benchmark for row in self.members})

    @property
    def urgency(self) -> tuple[int, float, int]:
        """What a maintainer would look at first is least.

        New regressions, what may be one, what the measuring or the machine made worse, regressions
        that still stand, what got better, and what is over; in each the larger and the newer,
        by size, number of benchmarks and commits since.
        """
        event = self.event
        size = abs(math.log(event.ratio)) if event.ratio > 0 else _LARGEST
        gates = any(row.series.metric.gates for row in self.members)
        impact = min(size, _LARGEST) * math.sqrt(self.benchmarks) * (1.0 if gates else _NO_GATE)
        age = event.points_since / DEFAULT.recent_points
        return self._group, -impact * 0.5**age, -event.position

    @property
    def _group(self) -> int:
        event, worse = self.event, self.event.direction is Verdict.WORSE
        recent = event.points_since <= DEFAULT.recent_points
        if self.is_settled or not event.stands or event.kind is EventKind.EXCURSION:
            return _OVER
        if worse and event.verdict is Verdict.WORSE:
            return 0 if recent else 3
        if not recent:
            return _OVER
        if event.verdict is Verdict.SUSPECTED:
            if not worse:
                return 5
            return 1 if event.kind is EventKind.COMMIT else 2
        return 4


_OVER = 6
_SHORTEST_SHA = 7
_LARGEST = 3.0  # log of the size beyond which larger is not worse
_NO_GATE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a history is to be listed; the state of the whole stays as it is.

    Attributes:
        since: events of this commit (release, or start of its hash) or day (YYYY-MM-DD) on; "" all.
        verdict: of events and series, None for any.
        library: of series, "" for any.
    """

    since: str = ""
    verdict: Verdict | None = None
    library: str = ""


EVERYTHING = Wanted()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything a report shows.

    Attributes:
        newest: the newest commit that was tried; `measured_commits` are those with a value.
        events: what to act on first, see `ListedEvent.urgency`.
        changes: newest first, withdrawn and silenced ones included.
        small: how many changes are too small to matter, and belong to no event.
        failures: as `find_failures` orders them.
        standing: the series that have a value, the worst verdict first.
        verdicts: how many series have which verdict.
        places: whether there is more than one (machine, environment) to tell apart.
        regressions: how many series are worse now, less what was accepted.
        explanations: why, by number of the event, where that is known.
    """

    project: str
    first: Commit
    newest: Commit
    measured_commits: int
    points: int
    changes: tuple[ListedChange, ...]
    events: tuple[ListedEvent, ...]
    small: int
    failures: tuple[FailureGroup, ...]
    standing: tuple[ListedSeries, ...]
    verdicts: Mapping[Verdict, int]
    regressions: int
    places: bool
    excluded: tuple[Exclusion, ...]
    notes: tuple[str, ...]
    expected_false_alarms: float
    explanations: Mapping[int, Explanation]

    @property
    def listed_changes(self) -> tuple[ListedChange, ...]:
        """Return the changes that still stand, without those that somebody has silenced."""
        return tuple(row for row in self.changes if row.stands and not row.is_silenced)


def build_overview(
    judged: JudgedHistory,
    rules: Sequence[TriageRule] = (),
    today: date | None = None,
    wanted: Wanted = EVERYTHING,
) -> Overview:
    """Arrange *judged* for people; *rules* (triage) hold as of *today*, all of them without it."""
    history = judged.history
    triage = _triage_of(judged, rules, today or date.min)
    all_changes = [row for series in judged.series for row in _change_rows(series, judged, triage)]
    since = _first_wanted(history.commits, wanted.since)
    changes = sorted(
        (row for row in all_changes if _is_wanted(row, wanted, since)), key=_newest_first
    )
    return Overview(
        project=history.project,
        first=history.commits[0],
        newest=history.commits[_newest_position(history.series)],
        measured_commits=_count_measured(history),
        points=sum(int(np.isfinite(series.values).sum()) for series in history.series),
        changes=tuple(changes),
        events=tuple(
            row
            for row in event_rows(judged, rules, today or date.min)
            if _is_wanted_event(row, wanted, since)
        ),
        small=sum(row.is_small for row in changes),
        failures=find_failures(history),
        standing=_standing(judged, wanted),
        verdicts=Counter(series.verdict for series in judged.series),
        regressions=_count_regressions(judged, all_changes),
        places=_tell_places(history.series),
        excluded=history.excluded,
        notes=(*judged.notes, *history.notes),
        expected_false_alarms=judged.expected_false_alarms,
        explanations=judged.explanations,
    )


def event_rows(
    judged: JudgedHistory, rules: Sequence[TriageRule], today: date
) -> list[ListedEvent]:
    """Return the events of *judged*, what to act on first."""
    triage = _triage_of(judged, rules, today)
    rows = [_event_row(number, judged, triage) for number in range(len(judged.events))]
    return sorted(rows, key=lambda row: row.urgency)


def label_commit(commit: Commit) -> str:
    """Return the release's name where the commit has one, else eight hex digits."""
    return commit.tags[0] if commit.tags else commit.sha[:8]


def label_day(commit: Commit) -> str:
    """Return the day of the commit, in UTC."""
    return datetime.fromtimestamp(commit.date_ms / 1000, tz=UTC).date().isoformat()


def _tell_places(series: Sequence[Series]) -> bool:
    """Say whether places must be told apart; what is counted is at home on any machine."""
    machines = {one.key.machine for one in series if not one.metric.is_counted}
    environments = {one.key.environment for one in series}
    return max(len(machines), len(environments)) > 1


def _newest_position(series: Iterable[Series]) -> int:
    """Return the newest position that any series has, -1 without any."""
    return max((int(one.positions[-1]) for one in series if one.positions.size), default=-1)


def _count_measured(history: History) -> int:
    """Count the commits at which anything has a value."""
    measured = np.zeros(len(history.commits), dtype=np.bool_)
    for one in history.series:
        measured[one.positions[np.isfinite(one.values)]] = True
    return int(measured.sum())


def _triage_of(judged: JudgedHistory, rules: Sequence[TriageRule], today: date) -> "Triage":
    return partial(_decide, rules=rules, today=today, commits=judged.history.commits)


type Triage = Callable[[Series, int], TriageRule | None]


def _decide(
    series: Series,
    position: int,
    *,
    rules: Sequence[TriageRule],
    today: date,
    commits: Sequence[Commit],
) -> TriageRule | None:
    """Return what somebody has decided of a change of *series* at *position*."""
    if not rules:
        return None
    return find_rule(
        rules,
        names=(series.key.benchmark, series.key.label),
        metric=series.metric.name,
        commit=commits[position].sha,
        today=today,
    )


def _change_rows(series: JudgedSeries, judged: JudgedHistory, triage: Triage) -> list[ListedChange]:
    return [
        _change_row(series.series, change, judged.history.commits, triage)
        for change in series.changes
    ]


def _change_row(
    series: Series, change: JudgedChange, commits: Sequence[Commit], triage: Triage
) -> ListedChange:
    position = int(series.positions[change.change.index])
    return ListedChange(
        series=series,
        judged=change,
        commit=commits[position],
        earliest=commits[series.first_suspect(change.change.earliest)],
        latest=commits[int(series.positions[change.change.latest])],
        rule=triage(series, position),
    )


def _event_row(number: int, judged: JudgedHistory, triage: Triage) -> ListedEvent:
    event, commits = judged.events[number], judged.history.commits
    return ListedEvent(
        number=number,
        event=event,
        commit=commits[event.position],
        earliest=commits[event.earliest],
        latest=commits[event.latest],
        suspects=event.latest - event.earliest + 1,
        last_good=commits[event.earliest - 1] if event.earliest else None,
        members=tuple(
            _change_row(judged.series[m.series].series, m.judged, commits, triage)
            for m in event.members
        ),
    )


def _first_wanted(commits: Sequence[Commit], since: str) -> int:
    """Return the position from which on changes are wanted."""
    if not since:
        return 0
    try:
        day = datetime.combine(date.fromisoformat(since), time(), UTC).timestamp() * 1000
    except ValueError:
        for position, commit in enumerate(commits):
            if since in commit.tags or (
                len(since) >= _SHORTEST_SHA and commit.sha.startswith(since)
            ):
                return position
        raise UsageError(
            f"--since {since}: no commit of this history",
            "name a day (2026-01-31), a release, or at least seven digits of a commit",
        ) from None
    later = (i for i, commit in enumerate(commits) if commit.date_ms >= day)
    return next(later, len(commits))


def _is_wanted(row: ListedChange, wanted: Wanted, since: int) -> bool:
    return (
        int(row.series.positions[row.judged.change.index]) >= since
        and wanted.verdict in {None, row.judged.verdict}
        and wanted.library in {"", row.series.library}
    )


def _is_wanted_event(row: ListedEvent, wanted: Wanted, since: int) -> bool:
    return (
        row.event.position >= since
        and wanted.verdict in {None, row.event.verdict}
        and (not wanted.library or any(m.series.library == wanted.library for m in row.members))
    )


def _newest_first(row: ListedChange) -> tuple[int, float, str]:
    ratio = row.judged.change.ratio
    effect = abs(math.log(ratio)) if ratio > 0 and math.isfinite(ratio) else math.inf
    position = int(row.series.positions[row.judged.change.index])
    return -position, -effect, row.series.id


def _count_regressions(judged: JudgedHistory, changes: Sequence[ListedChange]) -> int:
    """Count the series that are worse now, by what gates and nobody has accepted."""
    settled = {(row.series.id, row.judged.change.index) for row in changes if row.rule is not None}
    return sum(
        one.verdict is Verdict.WORSE
        and one.series.metric.gates
        and not (one.standing and (one.series.id, one.standing.change.index) in settled)
        for one in judged.series
    )


def _standing(judged: JudgedHistory, wanted: Wanted) -> tuple[ListedSeries, ...]:
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
    finite = np.flatnonzero(np.isfinite(series.series.values))
    if not len(finite):
        return None
    newest = int(finite[-1])
    return ListedSeries(
        judged=series,
        value=float(series.series.values[newest]),
        previous=float(series.series.values[finite[-2]]) if len(finite) > 1 else math.nan,
        commit=commits[int(series.series.positions[newest])],
        since=_since(series, commits),
    )


def _since(series: JudgedSeries, commits: Sequence[Commit]) -> Commit | None:
    if series.standing is None:
        return None
    return commits[int(series.series.positions[series.standing.change.index])]

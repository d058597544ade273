"""What the report of a history says, before anybody decides how it looks."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from tracker.model import Commit, Exclusion, History, JudgedHistory, Series, Verdict
from tracker.model.explanation import Explanation
from tracker.report.history.failures import FailureGroup, find_failures
from tracker.report.history.listed_changes import (
    ListedChange,
    ListedEvent,
    change_rows,
    event_rows,
)
from tracker.report.history.selection import (
    EVERYTHING,
    Wanted,
    check_library,
    first_wanted,
    is_wanted,
    is_wanted_event,
)
from tracker.report.history.standing_series import ListedSeries, standing_series
from tracker.settings.triage import TriageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How many commits there are, and the first and the last of them."""

    count: int
    first: Commit
    last: Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything a report shows.

    Attributes:
        newest: the newest commit that was tried.
        measured: the commits with a value; the first and newest tried where none has any.
        events: what to act on first, see `ListedEvent.urgency`.
        changes: newest first, withdrawn and silenced ones included.
        small: how many changes are too small to matter, and belong to no event.
        failures: as `find_failures` orders them.
        standing: the series that have a value, the worst verdict first.
        verdicts: how many series have which verdict.
        options: see `build_overview`.
        places: whether there is more than one (machine, environment) to tell apart.
        regressions: how many series are worse now, less what was accepted.
        explanations: why, by number of the event, where that is known.
    """

    project: str
    first: Commit
    newest: Commit
    measured: Measured
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
    options: tuple[str, ...] | None

    @property
    def listed_changes(self) -> tuple[ListedChange, ...]:
        """Return the changes that were not withdrawn, and that nobody has silenced."""
        return tuple(
            row for row in self.changes if not (row.judged.change.is_withdrawn or row.is_silenced)
        )


def build_overview(
    judged: JudgedHistory,
    rules: Sequence[TriageRule] = (),
    today: date | None = None,
    wanted: Wanted = EVERYTHING,
    options: tuple[str, ...] | None = (),
) -> Overview:
    """Arrange *judged* for people; *rules* (triage) hold as of *today*, all of them without it.

    *options* are those that lead a command to where this history is measured, None where it is
    not.
    """
    history = judged.history
    newest = history.commits[_newest_position(history.series)]
    day = today or date.min
    all_changes = change_rows(judged, rules, day)
    since = first_wanted(history.commits, wanted.since)
    check_library(history.series, wanted.library)
    changes = sorted(
        (row for row in all_changes if is_wanted(row, wanted, since)), key=_newest_first
    )
    return Overview(
        project=history.project,
        first=history.commits[0],
        newest=newest,
        measured=_find_measured(history, newest),
        points=sum(int(np.isfinite(series.values).sum()) for series in history.series),
        changes=tuple(changes),
        events=tuple(
            row for row in event_rows(judged, rules, day) if is_wanted_event(row, wanted, since)
        ),
        small=sum(row.is_small for row in changes),
        failures=find_failures(history),
        standing=standing_series(judged, wanted),
        verdicts=Counter(series.verdict for series in judged.series),
        regressions=_count_regressions(judged, all_changes),
        places=_tell_places(history.series),
        excluded=history.excluded,
        notes=(*judged.notes, *history.notes),
        expected_false_alarms=judged.expected_false_alarms,
        explanations=judged.explanations,
        options=options,
    )


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


def _find_measured(history: History, newest: Commit) -> Measured:
    """Find the commits at which anything has a value."""
    has_value = np.zeros(len(history.commits), dtype=np.bool_)
    for one in history.series:
        has_value[one.positions[np.isfinite(one.values)]] = True
    (found,) = has_value.nonzero()
    ends = (history.commits[found[0]], history.commits[found[-1]]) if found.size else None
    first, last = ends or (history.commits[0], newest)
    return Measured(count=int(found.size), first=first, last=last)


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

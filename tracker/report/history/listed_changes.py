"""The changes and events of a history, as they are listed: with commits, and what was decided."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from tracker.judge import DEFAULT
from tracker.model import (
    Commit,
    Event,
    EventKind,
    JudgedChange,
    JudgedHistory,
    Series,
    Verdict,
)
from tracker.settings.triage import Action, TriageRule, find_rule

_OVER = 6
_LARGEST = 3.0  # log of the size beyond which larger is not worse
_NO_GATE = 0.3

type Triage = Callable[[Series, int], TriageRule | None]
"""What somebody has decided of a change of a series at a position."""


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
    def is_small(self) -> bool:
        """Whether it is too small to matter."""
        judged = self.judged
        return judged.verdict is Verdict.NO_CHANGE and judged.kind is not EventKind.MACHINE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvent:
    """An event with its changes, those of the tracked library first, then the largest.

    Attributes:
        number: of the event in the judged history.
        is_own: whether the tracked library moved; always where none is.
        earliest: first commit that may have brought it; latest: last such commit.
        suspects: how many commits may have brought it.
        last_good: the commit before these, None where none is known.
    """

    number: int
    is_own: bool
    event: Event
    commit: Commit
    earliest: Commit
    latest: Commit
    suspects: int
    last_good: Commit | None
    members: tuple[ListedChange, ...]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """After / before of the first change; the least and the most of the others, NaN for none.

        Of these only such as go the same way, up or down: what is better may be more or less.
        """
        first, *others = (row.judged.change.ratio for row in self.members)
        alike = [ratio for ratio in others if ratio > 0 and (ratio > 1) == (first > 1)]
        return first, min(alike, default=math.nan), max(alike, default=math.nan)

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
    def urgency(self) -> tuple[int, bool, float, int]:
        """What a maintainer would look at first is least.

        New regressions, what may be one, what the measuring or the machine made worse, regressions
        that still stand, what got better, and what is over; in each the tracked library first,
        then the larger and the newer, by size, number of benchmarks and commits since.
        """
        event = self.event
        size = abs(math.log(event.ratio)) if event.ratio > 0 else _LARGEST
        gates = any(row.series.metric.gates for row in self.members)
        impact = min(size, _LARGEST) * math.sqrt(self.benchmarks) * (1.0 if gates else _NO_GATE)
        age = event.points_since / DEFAULT.recent_points
        return self._group, not self.is_own, -impact * 0.5**age, -event.position

    @property
    def is_over(self) -> bool:
        """Whether it is undone, settled, or so old that nobody would act on it any more."""
        return self._group == _OVER

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


def change_rows(
    judged: JudgedHistory, rules: Sequence[TriageRule], today: date
) -> list[ListedChange]:
    """Return the changes of all series of *judged*, series by series."""
    commits, triage = judged.history.commits, _triage_of(judged, rules, today)
    return [
        _change_row(one.series, change, commits, triage)
        for one in judged.series
        for change in one.changes
    ]


def event_rows(
    judged: JudgedHistory, rules: Sequence[TriageRule], today: date
) -> list[ListedEvent]:
    """Return the events of *judged*, what to act on first."""
    triage = _triage_of(judged, rules, today)
    tracked = judged.history.tracked_library
    rows = [_event_row(number, judged, tracked, triage) for number in range(len(judged.events))]
    return sorted(rows, key=lambda row: row.urgency)


def _triage_of(judged: JudgedHistory, rules: Sequence[TriageRule], today: date) -> Triage:
    return partial(_decide, rules=rules, today=today, commits=judged.history.commits)


def _decide(
    series: Series,
    position: int,
    *,
    rules: Sequence[TriageRule],
    today: date,
    commits: Sequence[Commit],
) -> TriageRule | None:
    if not rules:
        return None
    return find_rule(
        rules,
        names=(series.key.benchmark, series.key.label),
        metric=series.metric.name,
        commit=commits[position].sha,
        today=today,
    )


def _change_row(
    series: Series, change: JudgedChange, commits: Sequence[Commit], triage: Triage
) -> ListedChange:
    position = int(series.positions[change.change.index])
    earliest, latest = series.suspects(change.change.earliest, change.change.latest)
    return ListedChange(
        series=series,
        judged=change,
        commit=commits[position],
        earliest=commits[earliest],
        latest=commits[latest],
        rule=triage(series, position),
    )


def _event_row(number: int, judged: JudgedHistory, tracked: str, triage: Triage) -> ListedEvent:
    event, commits = judged.events[number], judged.history.commits
    changes = [
        _change_row(judged.series[m.series].series, m.judged, commits, triage)
        for m in event.members
    ]
    own = [row for row in changes if not tracked or row.series.library == tracked]
    others = [row for row in changes if tracked and row.series.library != tracked]
    return ListedEvent(
        number=number,
        is_own=bool(own),
        event=event,
        commit=commits[event.position],
        earliest=commits[event.earliest],
        latest=commits[event.latest],
        suspects=event.latest - event.earliest + 1,
        last_good=commits[event.earliest - 1] if event.earliest else None,
        members=(*own, *others),
    )

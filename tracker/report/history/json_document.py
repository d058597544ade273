"""The report of a history as JSON, version 2: `tracker report` and `tracker detect` write it.

Full precision; a number that is not known is null. Version 2 speaks of events instead
of shifts of machines, and has a fifth verdict; newer versions only add fields.
"""

import math
from collections.abc import Mapping
from typing import Literal

import msgspec

from tracker.model import Commit, Verdict
from tracker.report.history.failures import FailureGroup
from tracker.report.history.listed_changes import ListedChange, ListedEvent
from tracker.report.history.overview import Overview
from tracker.report.history.standing_series import ListedSeries

VERSION = 2


type KindWord = Literal["commit", "measuring", "machine", "excursion"]
type VerdictWord = Literal["worse", "better", "suspected", "no_change", "cannot_tell"]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A commit: its sha, tags and author date (ms since 1970)."""

    sha: str
    tags: tuple[str, ...]
    date_ms: int


class ChangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A change point; `commit` is the first with the new level, between earliest and latest.

    `ratio` is after / before with its 95 % interval, null where that is no size; values are
    medians as measured, in the base unit. `shared` is the part of the ratio that the controls have
    too; `event` is the number of its event in `events`.
    """

    series: str
    benchmark: str
    params: dict[str, str]
    machine: str
    environment: str
    metric: str
    unit: str
    better: Literal["lower", "higher"]
    commit: Point
    earliest: Point
    latest: Point
    before: float | None
    after: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    p_value: float | None
    verdict: VerdictWord
    status: Literal["suspected", "confirmed", "withdrawn"]
    points_since: int
    environment_changes: tuple[str, ...]
    shared: float | None
    kind: KindWord
    event: int | None
    triage: str


class SeriesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Where a series stands: newest value, verdict, what could be seen."""

    series: str
    benchmark: str
    params: dict[str, str]
    machine: str
    environment: str
    unit: str
    value: float | None
    commit: Point
    verdict: VerdictWord
    standing_since: Point | None
    minimum_detectable_effect: float | None
    drift: float | None
    notes: tuple[str, ...]


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What happened at one place, most urgent first; `members` are its series, the largest first.

    `ratio` and `shared` are medians over the members; `verdict` is "suspected" where it is not sure
    or not a commit's.
    """

    kind: KindWord
    verdict: VerdictWord
    direction: Literal["worse", "better"]
    commit: Point
    earliest: Point
    latest: Point
    ratio: float | None
    shared: float | None
    p_value: float | None
    stands: bool
    fate: Literal["stands", "undone", "unmeasured"]
    points_since: int
    surroundings: tuple[str, ...]
    benchmarks: int
    members: tuple[str, ...]


class FailureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of one commit without a value."""

    commit: Point
    what: str
    machine: str
    environment: str
    outcome: str
    reason: str
    cells: int


class ExclusionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was left out."""

    what: str
    why: str
    count: int
    example: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report."""

    version: int
    project: str
    first: Point
    newest: Point
    measured_commits: int
    points: int
    regressions: int
    expected_false_alarms: float | None
    verdicts: dict[str, int]
    changes: tuple[ChangeRecord, ...]
    series: tuple[SeriesRecord, ...]
    events: tuple[EventRecord, ...]
    failures: tuple[FailureRecord, ...]
    excluded: tuple[ExclusionRecord, ...]
    notes: tuple[str, ...]


def build_document(overview: Overview) -> Document:
    """Return *overview* as a document."""
    numbers: dict[int | None, int] = {row.number: i for i, row in enumerate(overview.events)}
    return Document(
        version=VERSION,
        project=overview.project,
        first=_point(overview.first),
        newest=_point(overview.newest),
        measured_commits=overview.measured.count,
        points=overview.points,
        regressions=overview.regressions,
        expected_false_alarms=_number(overview.expected_false_alarms),
        verdicts={verdict.value: count for verdict, count in overview.verdicts.items()},
        changes=tuple(_change(row, numbers) for row in overview.changes),
        series=tuple(map(_series, overview.standing)),
        events=tuple(map(_event, overview.events)),
        failures=tuple(map(_failure, overview.failures)),
        excluded=tuple(
            ExclusionRecord(what=row.what, why=row.why, count=row.count, example=row.example)
            for row in overview.excluded
        ),
        notes=overview.notes,
    )


def encode_document(document: Document) -> str:
    """Write *document* as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _change(row: ListedChange, numbers: Mapping[int | None, int]) -> ChangeRecord:
    series, change = row.series, row.judged.change
    return ChangeRecord(
        series=series.id,
        benchmark=series.key.benchmark,
        params=dict(series.key.params),
        machine=series.key.machine,
        environment=series.key.environment,
        metric=series.metric.name,
        unit=series.metric.unit,
        better=series.metric.better.value,
        commit=_point(row.commit),
        earliest=_point(row.earliest),
        latest=_point(row.latest),
        before=_number(change.before),
        after=_number(change.after),
        ratio=_number(change.ratio),
        ratio_low=_number(change.ratio_low),
        ratio_high=_number(change.ratio_high),
        p_value=_number(change.p_value),
        verdict=row.judged.verdict.value,
        status=change.status.value,
        points_since=change.points_since,
        environment_changes=row.judged.environment_changes,
        shared=_number(row.judged.shared),
        kind=row.judged.kind.value,
        event=numbers.get(row.judged.event),
        triage=row.rule.sentence if row.rule else "",
    )


def _series(row: ListedSeries) -> SeriesRecord:
    series = row.judged.series
    return SeriesRecord(
        series=series.id,
        benchmark=series.key.benchmark,
        params=dict(series.key.params),
        machine=series.key.machine,
        environment=series.key.environment,
        unit=series.metric.unit,
        value=_number(row.value),
        commit=_point(row.commit),
        verdict=row.judged.verdict.value,
        standing_since=_point(row.since) if row.since else None,
        minimum_detectable_effect=_number(row.judged.minimum_detectable_effect),
        drift=_number(row.judged.drift),
        notes=row.judged.notes,
    )


def _event(row: ListedEvent) -> EventRecord:
    event = row.event
    return EventRecord(
        kind=event.kind.value,
        verdict=event.verdict.value,
        direction="worse" if event.direction is Verdict.WORSE else "better",
        commit=_point(row.commit),
        earliest=_point(row.earliest),
        latest=_point(row.latest),
        ratio=_number(event.ratio),
        shared=_number(event.shared),
        p_value=_number(event.p_value),
        stands=event.stands,
        fate=event.fate.value,
        points_since=event.points_since,
        surroundings=event.surroundings,
        benchmarks=row.benchmarks,
        members=tuple(one.series.id for one in row.members),
    )


def _failure(row: FailureGroup) -> FailureRecord:
    return FailureRecord(
        commit=_point(row.commit),
        what=row.what,
        machine=row.machine,
        environment=row.environment,
        outcome=row.outcome.value,
        reason=row.reason,
        cells=row.cells,
    )


def _point(commit: Commit) -> Point:
    return Point(sha=commit.sha, tags=commit.tags, date_ms=commit.date_ms)


def _number(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None

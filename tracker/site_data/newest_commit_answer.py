"""The one sentence on top of every page: did the newest commit make anything worse?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.model import Commit, EventKind, History, Outcome, Verdict
from tracker.report.history.listed_changes import ListedEvent
from tracker.site_data.commits import SHORT_SHA
from tracker.site_data.rounding import number
from tracker.site_data.schema import BRIEF_MEMBERS, Answer, CommitName, EventBrief, Score, Tally
from tracker.site_data.series_table import SeriesSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the first file of the site says before everything else."""

    answer: Answer
    briefs: list[EventBrief]
    tracked: str
    score: Score | None


URGENT = 7
UNCLEAR = {Verdict.CANNOT_TELL, Verdict.SUSPECTED}


def make_answer(
    history: History, rows: Sequence[SeriesSummary], events: Sequence[ListedEvent], tracked: str
) -> Answer:
    """Return the answer for the library *tracked*, for all series where it is ""."""
    own = [row for row in rows if not tracked or row.judged.series.library == tracked]
    measured = measured_positions(own, len(history.commits))
    newest = measured[-1] if measured else None
    before = measured[-2] if len(measured) > 1 else None
    releases = [p for p in measured[:-1] if history.commits[p].tags]
    release = releases[-1] if releases else None
    news = [one for one in events if _is_news(one)]
    worse = [one.event.position for one in news if _stands_worse(one)]
    here = [row for row in own if newest is not None and _last(row) == newest]
    failed = sum(newest is not None and _failed_since(row, newest) for row in own)

    def name(position: int | None) -> CommitName | None:
        return None if position is None else commit_name(position, history.commits)

    return Answer(
        newest=name(newest),
        before=name(before),
        release=name(release),
        last=_tally(news, lambda one: newest is not None and one.event.latest >= newest),
        since_release=_tally(
            news, lambda one: release is not None and one.event.position > release
        ),
        standing=_tally(news, lambda one: one.event.stands and not one.is_settled),
        worse_since=name(min(worse, default=None)),
        far_out=sum(row.judged.far_out is not None for row in here),
        series=len(here) + failed,
        failed=failed,
        clear=sum(row.judged.verdict not in UNCLEAR for row in here),
        cannot_tell=sum(row.judged.verdict is Verdict.CANNOT_TELL for row in own),
    )


def measured_positions(rows: Iterable[SeriesSummary], commits: int) -> list[int]:
    """Return at which of so many commits any of *rows* has a value, ascending."""
    is_measured = np.zeros(commits, dtype=np.bool_)
    for series in (row.judged.series for row in rows):
        is_measured[series.positions[np.isfinite(series.values)]] = True
    return np.flatnonzero(is_measured).tolist()


def commit_name(position: int, commits: Sequence[Commit]) -> CommitName:
    """Return what a sentence needs to name the commit at *position*."""
    commit = commits[position]
    return CommitName(
        position=position,
        sha=commit.sha[:SHORT_SHA],
        date_s=commit.date_ms // 1000,
        subject=commit.subject,
        tags=list(commit.tags),
    )


def event_briefs(
    events: Sequence[ListedEvent],
    ids: Sequence[str],
    rows: dict[str, int],
    commits: Sequence[Commit],
) -> list[EventBrief]:
    """Return the most urgent of *events*, as they are ordered."""
    return [
        EventBrief(
            id=event_id,
            kind=one.event.kind.value,
            verdict=one.event.verdict.value,
            direction=one.event.direction.value,
            commit=commit_name(one.event.position, commits),
            suspects=one.event.latest - one.event.earliest + 1,
            ratios=[number(ratio) for ratio in one.ratios],
            fate=one.event.fate.value,
            points_since=one.event.points_since,
            series=len(one.event.members),
            rows=[rows[member.series.id] for member in one.members[:BRIEF_MEMBERS]],
        )
        for one, event_id in zip(events[:URGENT], ids, strict=False)
        if not one.is_silenced
    ]


def _is_news(one: ListedEvent) -> bool:
    is_code = one.event.kind in {EventKind.COMMIT, EventKind.MEASURING}
    return one.is_own and is_code and not one.is_silenced


def _stands_worse(one: ListedEvent) -> bool:
    return one.event.verdict is Verdict.WORSE and one.event.stands and not one.is_settled


def _tally(events: Iterable[ListedEvent], counts: Callable[[ListedEvent], bool]) -> Tally:
    verdicts = [
        one.event.verdict
        for one in events
        if counts(one)
        and not (one.event.verdict is Verdict.SUSPECTED and one.event.direction is Verdict.BETTER)
    ]
    return Tally(
        worse=verdicts.count(Verdict.WORSE),
        better=verdicts.count(Verdict.BETTER),
        suspected=verdicts.count(Verdict.SUSPECTED),
    )


def _failed_since(row: SeriesSummary, newest: int) -> bool:
    """Whether the latest run of a series failed, at the position *newest* or later."""
    return row.outcome is Outcome.FAILED and int(row.judged.series.positions[-1]) >= newest


def _last(row: SeriesSummary) -> int:
    series = row.judged.series
    newest = series.newest_measured
    return -1 if newest is None else int(series.positions[newest])

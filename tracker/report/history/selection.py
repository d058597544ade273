"""Which changes and events of a history are wanted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tracker.errors import UsageError
from tracker.model import Commit, Series, Verdict
from tracker.report.history.listed_changes import ListedChange, ListedEvent

_SHORTEST_SHA = 7


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


def first_wanted(commits: Sequence[Commit], since: str) -> int:
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


def check_library(series: Iterable[Series], library: str) -> None:
    """Raise a UsageError when none of *series* is of the *library* that is wanted."""
    known = sorted({one.library for one in series if one.library})
    if library and library not in known:
        names = ", ".join(known)
        step = f"name one of {names}" if names else "leave it out: no series here names a library"
        raise UsageError(f"--library {library}: no series of this library", step)


def is_wanted(row: ListedChange, wanted: Wanted, since: int) -> bool:
    """Say whether a change is *wanted*, given the position *since* which it is."""
    return (
        int(row.series.positions[row.judged.change.index]) >= since
        and wanted.verdict in {None, row.judged.verdict}
        and wanted.library in {"", row.series.library}
    )


def is_wanted_event(row: ListedEvent, wanted: Wanted, since: int) -> bool:
    """Say the same of an event."""
    return (
        row.event.position >= since
        and wanted.verdict in {None, row.event.verdict}
        and (not wanted.library or any(m.series.library == wanted.library for m in row.members))
    )

"""The axis of commits, and what every series was at each of them."""

from collections.abc import Iterator, Sequence

import numpy as np

from tracker.model import Commit, Environment, Floats, Series
from tracker.site_data.columns import rounded
from tracker.site_data.encoding import numbers
from tracker.site_data.schema import Commits, CommitTexts, EnvironmentTable, Values

SHORT_SHA = 12
_COMMITS_AT_ONCE = 256


def commit_axis(commits: Sequence[Commit]) -> Commits:
    """Return the part of the commits that every chart needs."""
    return Commits(
        sha=[commit.sha[:SHORT_SHA] for commit in commits],
        date_s=[commit.date_ms // 1000 for commit in commits],
        tags={str(i): list(commit.tags) for i, commit in enumerate(commits) if commit.tags},
    )


def commit_texts(commits: Sequence[Commit], values_files: list[str]) -> CommitTexts:
    """Return the part of the commits that is read when somebody looks at one."""
    authors: dict[str, int] = {}
    author = [authors.setdefault(commit.author, len(authors)) for commit in commits]
    return CommitTexts(
        sha_rest=[commit.sha[SHORT_SHA:] for commit in commits],
        authors=list(authors),
        author=author,
        subject=[commit.subject for commit in commits],
        values_file=values_files,
    )


def rows_of_values(series: Sequence[Series], commits: int) -> Iterator[tuple[int, Floats]]:
    """Yield (position, value of every series) for each commit at which something was measured.

    The arrays end with the last series that has a value, so that a new series at the end of the
    order leaves the rows of old commits as they were.
    """
    for start in range(0, commits, _COMMITS_AT_ONCE):
        stop = min(start + _COMMITS_AT_ONCE, commits)
        block = np.full((stop - start, len(series)), np.nan)
        for i, one in enumerate(series):
            first, last = np.searchsorted(one.positions, (start, stop))
            block[one.positions[first:last] - start, i] = one.values[first:last]
        for offset, row in enumerate(block):
            measured = np.flatnonzero(np.isfinite(row))
            if measured.size:
                yield start + offset, row[: int(measured[-1]) + 1]


def values_file(position: int, values: Floats) -> Values:
    """Return the file of one commit."""
    return Values(position=position, values=numbers(rounded(values)))


def environment_table(environments: Sequence[Environment]) -> EnvironmentTable:
    """Return the facts of each (machine, environment), only where they change."""
    sets: dict[tuple[tuple[str, str], ...], int] = {}
    rows: list[tuple[str, str, int, int]] = []
    for one in sorted(environments, key=lambda e: (e.machine, e.environment, e.position)):
        at = sets.setdefault(one.facts, len(sets))
        last = rows[-1] if rows else None
        if last and (last[0], last[1], last[3]) == (one.machine, one.environment, at):
            continue
        rows.append((one.machine, one.environment, one.position, at))
    return EnvironmentTable(
        sets=[[list(pair) for pair in facts] for facts in sets],
        machine=[row[0] for row in rows],
        environment=[row[1] for row in rows],
        position=[row[2] for row in rows],
        at=[row[3] for row in rows],
    )

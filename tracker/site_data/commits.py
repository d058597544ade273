"""The axis of commits, and what every series was at each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tracker.model import Commit, Environment, Floats, Series
from tracker.site_data.encoding import wholes
from tracker.site_data.schema import Commits, CommitTexts, EnvironmentTable, Values, ValuesPack
from tracker.site_data.series_packs import powers, scaled

SHORT_SHA = 12  # of what is named apart from its history, as in the address of a page
_FEWEST_DIGITS = 8
_MOST_VALUES = 32_768  # in one file
_CELLS_AT_ONCE = 2**19  # that are put in the order of commits: more would cost memory
_SHORT = 2**16
_DIGITS = 5  # what a difference of a tenth of a percent needs
_LEAST_DIGITS = 4  # what is left of the smallest value, where a series fell by far
_MOST_DIGITS = 15  # of a whole number that JavaScript holds exactly


def commit_axis(commits: Sequence[Commit]) -> Commits:
    """Return the part of the commits that every chart needs."""
    digits = _digits([commit.sha for commit in commits])
    return Commits(
        digits=digits,
        sha="".join(commit.sha[:digits].ljust(digits) for commit in commits),
        minutes=wholes(np.diff([commit.date_ms // 60_000 for commit in commits], prepend=0)),
        tags={str(i): list(commit.tags) for i, commit in enumerate(commits) if commit.tags},
    )


def _digits(hashes: Sequence[str]) -> int:
    """Return how many digits tell *hashes* apart; all of them where none do."""
    longest = max(map(len, hashes), default=0)
    counts = range(_FEWEST_DIGITS, longest)
    return next((n for n in counts if len({sha[:n] for sha in hashes}) == len(hashes)), longest)


def commit_texts(commits: Sequence[Commit], values_files: list[str]) -> CommitTexts:
    """Return the part of the commits that is read when somebody looks at one."""
    authors: dict[str, int] = {}
    author = [authors.setdefault(commit.author, len(authors)) for commit in commits]
    digits = _digits([commit.sha for commit in commits])
    return CommitTexts(
        sha_rest=[commit.sha[digits:] for commit in commits],
        authors=list(authors),
        author=author,
        subject=[commit.subject for commit in commits],
        values_file=values_files,
    )


@dataclass(frozen=True, slots=True)
class CommitValues:
    """What was measured at one commit: rows of the table, ascending, and their values."""

    position: int
    rows: npt.NDArray[np.int32]
    values: Floats


def pack_commits(series: Sequence[Series], commits: int) -> Iterator[list[CommitValues]]:
    """Give the commits at which something was measured, oldest first, so many together.

    A new series at the end of the order leaves the packs of old commits as they were.
    """
    pack: list[CommitValues] = []
    size = 0
    edges = _stretches(series, commits)
    places = [one.positions.searchsorted(edges).tolist() for one in series]
    for number, start in enumerate(edges[:-1]):
        own = [slice(*place[number : number + 2]) for place in places]
        for row in _rows(series, own, start, short=edges[number + 1] - start <= _SHORT):
            if pack and size + row.rows.size > _MOST_VALUES:
                yield pack
                pack, size = [], 0
            pack.append(row)
            size += row.rows.size
    if pack:
        yield pack


def _stretches(series: Sequence[Series], commits: int) -> list[int]:
    """Return the edges of stretches of positions that hold so many cells; none without any."""
    cells = np.zeros(commits, dtype=np.int64)
    for one in series:
        cells[one.positions] += 1
    if not cells.any():
        return []
    numbers = (np.cumsum(cells) - cells) // _CELLS_AT_ONCE
    starts: list[int] = np.flatnonzero(np.diff(numbers, prepend=-1)).tolist()
    return [*starts, commits]


def _rows(
    series: Sequence[Series], own: Sequence[slice], start: int, *, short: bool
) -> Iterator[CommitValues]:
    """Give what was measured at the cells *own* of each series, all at positions from *start* on.

    They are sorted in a quarter of the time, by their digits, where distances are *short*.
    """
    value = np.concatenate([one.values[cells] for one, cells in zip(series, own, strict=True)])
    is_measured = np.isfinite(value)
    where = np.concatenate([one.positions[cells] for one, cells in zip(series, own, strict=True)])
    where = where[is_measured]
    distance = (where - start).astype(np.uint16 if short else np.int64)
    order = np.argsort(distance, kind="stable")
    where, value = where[order], value[is_measured][order]
    counts = [cells.stop - cells.start for cells in own]
    row = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[is_measured][order]
    bounds = [*np.flatnonzero(np.diff(where, prepend=-1)).tolist(), where.size]
    for begin, end in pairwise(bounds):
        yield CommitValues(int(where[begin]), row[begin:end], value[begin:end])


def values_pack(pack: Sequence[CommitValues]) -> ValuesPack:
    """Return the file of some commits."""
    digits = _digits_of_rows(
        np.concatenate([one.rows for one in pack]),
        np.abs(np.concatenate([one.values for one in pack])),
    )
    starts = np.flatnonzero(np.diff(digits, prepend=digits[0] + 1))
    lengths = np.diff(starts, append=digits.size)
    first, second = powers(digits)
    return ValuesPack(
        commits=[
            _values(one, scaled(one.values, first[one.rows], second[one.rows])) for one in pack
        ],
        digits=wholes(np.stack((lengths, digits[starts]), axis=1).ravel()),
    )


def _digits_of_rows(rows: npt.NDArray[np.int32], sizes: Floats) -> npt.NDArray[np.int64]:
    """Return how many digits after the point the values of each row have.

    The largest has `_DIGITS`, and the smallest `_LEAST_DIGITS`, as far as JavaScript has room.
    """
    count = int(rows.max()) + 1
    largest, smallest = np.zeros(count), np.full(count, np.inf)
    np.maximum.at(largest, rows, sizes)
    np.minimum.at(smallest, rows[sizes > 0], sizes[sizes > 0])
    known = largest > 0
    digits = np.zeros(count, dtype=np.int64)
    most = np.floor(_MOST_DIGITS - np.log10(largest[known]))
    by_largest = _DIGITS - 1 - np.floor(np.log10(largest[known]))
    by_smallest = _LEAST_DIGITS - 1 - np.floor(np.log10(smallest[known]))
    digits[known] = np.minimum(np.maximum(by_largest, by_smallest), most).astype(np.int64)
    return digits


def _values(one: CommitValues, whole: Floats) -> Values:
    breaks = np.flatnonzero(np.diff(one.rows, prepend=-2) != 1)
    lengths = np.diff(breaks, append=one.rows.size)
    starts = one.rows[breaks]
    left_out = starts - np.concatenate([[0], starts[:-1] + lengths[:-1]])
    return Values(
        position=one.position,
        runs=wholes(np.stack((left_out, lengths), axis=1).ravel()),
        values=wholes(whole.astype(np.int64)),
    )


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

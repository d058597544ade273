"""From cells by file to series by key: the transposition at the heart of reading a history."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.history.asv.cells import (
    REASONS,
    Cells,
    Code,
    Codes,
    Counts,
    Entry,
    Layout,
    ParsedFile,
    make_entry,
)
from tracker.model import Exclusion, Floats, Ints

type Vectors = dict[str, npt.NDArray[Any]]

_LEFT_OUT = -1
_OF_A_CELL = {"values", "low", "high", "codes", "counts", "loops"}
_COUNTED = (Code.NOT_A_NUMBER, Code.TRUE_FALSE, Code.INFINITE, Code.TOO_LARGE, Code.MISSHAPEN)
GONE = "not in benchmarks.json: renamed or removed since"
OLDER = "of another version of the benchmark than benchmarks.json"
NO_PARAMETER = "a parameter value that is not in benchmarks.json any more"
REPEATED = "a parameter value that the benchmark has twice; the first is kept"
TWICE = "measured twice for one commit; the first file in the order of names is kept"


@dataclass(frozen=True, slots=True)
class Column:
    """One series to be: a benchmark with one combination of parameters (asv's repr strings)."""

    benchmark: str
    params: tuple[str, ...]
    version: str


@dataclass(slots=True)
class Tally:
    """Counts what is left out: (benchmark, why) to a number and the first example."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, what: str, why: str, count: int, example: str) -> None:
        """Count *count* more of what is left out."""
        if count:
            self.counts[what, why] += count
            self.examples[what, why] = min(example, self.examples.get((what, why), example))

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return everything counted, sorted by what it is."""
        return tuple(
            Exclusion(what=what, why=why, count=count, example=self.examples[what, why])
            for (what, why), count in sorted(self.counts.items())
        )


class ColumnIndex:
    """Says for each entry of each layout which columns its cells belong to."""

    def __init__(
        self, entries: Sequence[Entry], benchmarks: Mapping[str, Mapping[str, object]]
    ) -> None:
        """Number the columns that *benchmarks* (of benchmarks.json) have, in their order."""
        self._current = {name: _current_entry(name, entry) for name, entry in benchmarks.items()}
        self.columns = [
            Column(name, params, row.version)
            for name, row in self._current.items()
            for params in dict.fromkeys(row.combinations())
        ]
        self._numbers = {(c.benchmark, c.params): i for i, c in enumerate(self.columns)}
        self._rows = entries
        self._of_row = [self._place(row) for row in entries]
        self._last: tuple[Layout, tuple[Ints, list[tuple[str, str, int]]]] | None = None

    def place(self, layout: Layout) -> tuple[Ints, list[tuple[str, str, int]]]:
        """Return (column of each cell, -1 for none; what is left out: benchmark, why, cells)."""
        if self._last is None or self._last[0] != layout:  # usual files have that of the one before
            placed = [self._of_row[number] for number in layout]
            columns = np.concatenate([np.zeros(0, np.int64), *(cells for cells, _ in placed)])
            left_out = [
                (self._rows[number].benchmark, why, int((cells == _LEFT_OUT).sum()))
                for number, (cells, why) in zip(layout, placed, strict=True)
                if why
            ]
            self._last = layout, (columns, left_out)
        return self._last[1]

    def _place(self, row: Entry) -> tuple[Ints, str]:
        """Return (column of each cell of *row*, why some have none)."""
        current = self._current.get(row.benchmark)
        if current is None:
            return np.full(row.size, _LEFT_OUT), GONE
        if row.version and current.version and row.version != current.version:
            return np.full(row.size, _LEFT_OUT), OLDER
        numbers, why = [], ""
        for params in row.combinations():
            number = self._numbers.get((row.benchmark, params), _LEFT_OUT)
            if number == _LEFT_OUT or number in numbers:
                number, why = _LEFT_OUT, NO_PARAMETER if number == _LEFT_OUT else REPEATED
            numbers.append(number)
        return np.array(numbers, dtype=np.int64), why


def _current_entry(name: str, entry: Mapping[str, object]) -> Entry:
    """The entry of a benchmark of benchmarks.json; parameters that are no lists are none."""
    offered = entry.get("params")
    if not isinstance(offered, list) or not all(isinstance(values, list) for values in offered):
        offered = []
    return make_entry(name, entry.get("version") or "", offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All cells of one machine and environment, column by column, each by commit ascending.

    A column owns the cells from starts[column] on, up to the next. Shapes (cells,).

    Attributes:
        starts: shape (columns + 1,).
        positions: of the commits.
        low: empty when no file stores intervals.
        high: likewise.
        sample_starts: a cell owns sample_counts[cell] of the samples from here on; empty when no
            file stores repeats.
        sample_counts: likewise.
        samples: repeats of all cells.
        loops: asv's number of calls in a repeat; empty when no file has it.
    """

    starts: Ints
    positions: Ints
    values: Floats
    codes: Codes
    low: Floats
    high: Floats
    sample_starts: Ints
    sample_counts: Counts
    samples: Floats
    loops: Counts


def build_table(files: Sequence[tuple[int, ParsedFile]], index: ColumnIndex, tally: Tally) -> Table:
    """Transpose *files*, each with the position of its commit, ascending; count what is dropped.

    Real histories are sparse: most commits have some of the columns only. So the cells of each
    column are counted first, and then each file writes its own where its columns are next.
    """
    parts = list(_choose_cells(files, index, tally))
    counts = np.zeros(len(index.columns) + 1, dtype=np.int64)
    for part in parts:
        counts[part.columns + 1] += 1
    starts = np.cumsum(counts)
    vectors = _empty_vectors(int(starts[-1]), [file for _, file in files])
    free, sample_start = starts[:-1].copy(), 0
    for part in parts:
        target = free[part.columns]
        free[part.columns] += 1
        vectors["positions"][target] = part.position
        for name in vectors.keys() & _OF_A_CELL:
            vectors[name][target] = getattr(part.cells, name)[part.kept]
        if "counts" in vectors:
            ends = sample_start + np.cumsum(part.cells.counts)
            vectors["sample_starts"][target] = (ends - part.cells.counts)[part.kept]
        sample_start += len(part.cells.samples)
    _count_unusable(vectors, starts, index, {at: file.facts.path for at, file in files}, tally)
    none = np.zeros(0)
    return Table(
        starts=starts,
        positions=vectors["positions"],
        values=vectors["values"],
        codes=vectors["codes"],
        low=vectors.get("low", none),
        high=vectors.get("high", none),
        sample_starts=vectors.get("sample_starts", none.astype(np.int64)),
        sample_counts=vectors.get("counts", none.astype(np.int32)),
        samples=np.concatenate([none, *(part.cells.samples for part in parts)]),
        loops=vectors.get("loops", none.astype(np.int32)),
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The cells of one file that count: `kept` picks them, `columns` says whose they are."""

    position: int
    columns: Ints
    kept: npt.NDArray[np.bool_] | slice
    cells: Cells


def _choose_cells(
    files: Sequence[tuple[int, ParsedFile]], index: ColumnIndex, tally: Tally
) -> Iterator[_Chosen]:
    """Give the cells that count of each file; of one commit the first that was measured counts."""
    for position, members in groupby(files, key=lambda member: member[0]):
        of_commit = [file for _, file in members]
        placed = []
        for file in of_commit:
            columns, left_out = index.place(file.layout)
            placed.append(columns)
            for benchmark, why, count in left_out:
                tally.add(benchmark, why, count, file.facts.path)
        owners = _owners(of_commit, placed, index, tally) if len(of_commit) > 1 else None
        for number, (file, columns) in enumerate(zip(of_commit, placed, strict=True)):
            kept = columns != _LEFT_OUT
            if owners is not None:
                kept &= owners[columns] == number
            if kept.all():
                yield _Chosen(position, columns, slice(None), file.cells)
            else:
                yield _Chosen(position, columns[kept], kept, file.cells)


def _owners(
    files: Sequence[ParsedFile], placed: Sequence[Ints], index: ColumnIndex, tally: Tally
) -> Ints:
    """Return for each column which of *files*, all of one commit, it is taken from."""
    owners = np.full(len(index.columns) + 1, _LEFT_OUT)
    measured = np.zeros(len(index.columns) + 1, dtype=np.bool_)
    for number, (file, columns) in enumerate(zip(files, placed, strict=True)):
        taken = (columns != _LEFT_OUT) & measured[columns]
        for column in columns[taken].tolist():
            tally.add(index.columns[column].benchmark, TWICE, 1, file.facts.path)
        free = (columns != _LEFT_OUT) & ~taken
        owners[columns[free]] = number
        measured[columns[free]] = file.cells.codes[free] == Code.MEASURED
    return owners


def _empty_vectors(size: int, files: Sequence[ParsedFile]) -> Vectors:
    """Return what the table needs of positions, values, codes, intervals and repeats."""
    vectors: Vectors = {
        "positions": np.empty(size, dtype=np.int64),
        "values": np.empty(size),
        "codes": np.empty(size, dtype=np.int8),
    }
    if any(np.isfinite(file.cells.low).any() for file in files):
        vectors |= {"low": np.empty(size), "high": np.empty(size)}
    if any(len(file.cells.samples) for file in files):
        vectors["counts"] = np.empty(size, dtype=np.int32)
        vectors["sample_starts"] = np.empty(size, dtype=np.int64)
    if any(file.cells.loops.any() for file in files):
        vectors["loops"] = np.empty(size, dtype=np.int32)
    return vectors


def _count_unusable(
    vectors: Vectors, starts: Ints, index: ColumnIndex, paths: Mapping[int, str], tally: Tally
) -> None:
    for code in _COUNTED:
        cells = np.flatnonzero(vectors["codes"] == code)
        columns = np.searchsorted(starts, cells, side="right") - 1
        positions = vectors["positions"][cells]
        for column, position in zip(columns.tolist(), positions.tolist(), strict=True):
            why = REASONS[code].removeprefix("left out: ")
            tally.add(index.columns[column].benchmark, why, 1, paths[position])

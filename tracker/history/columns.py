"""From cells by file to series by key: the transposition at the heart of reading a history."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker.history.cells import REASONS, Cells, Code, Codes, Layout, ParsedFile, Row
from tracker.model import Exclusion, Floats, Ints

_LEFT_OUT = -1
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
    """Says for each row of each layout which columns its cells belong to."""

    def __init__(self, rows: Sequence[Row], benchmarks: Mapping[str, Mapping[str, object]]) -> None:
        """Number the columns that *benchmarks* (of benchmarks.json) have, in their order."""
        self._current = {name: _current_row(name, entry) for name, entry in benchmarks.items()}
        self.columns = [
            Column(name, params, row.version)
            for name, row in self._current.items()
            for params in dict.fromkeys(row.combinations())
        ]
        self._numbers = {(c.benchmark, c.params): i for i, c in enumerate(self.columns)}
        self._rows = rows
        self._of_row = [self._place(row) for row in rows]
        self._of_layout: dict[Layout, tuple[Ints, list[tuple[str, str, int]]]] = {}

    def place(self, layout: Layout) -> tuple[Ints, list[tuple[str, str, int]]]:
        """Return (column of each cell, -1 for none; what is left out: benchmark, why, cells)."""
        found = self._of_layout.get(layout)
        if found is None:
            placed = [self._of_row[number] for number in layout]
            columns = np.concatenate([np.zeros(0, np.int64), *(cells for cells, _ in placed)])
            left_out = [
                (self._rows[number].benchmark, why, int((cells == _LEFT_OUT).sum()))
                for number, (cells, why) in zip(layout, placed, strict=True)
                if why
            ]
            found = self._of_layout[layout] = columns, left_out
        return found

    def _place(self, row: Row) -> tuple[Ints, str]:
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


def _current_row(name: str, entry: Mapping[str, object]) -> Row:
    offered = entry.get("params")
    params = offered if isinstance(offered, list) else []
    return Row(
        name, str(entry.get("version") or ""), tuple(tuple(map(str, values)) for values in params)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All cells of one machine and environment. Matrices have shape (columns, commits).

    Attributes:
        positions: of the commits, ascending strictly.
        low: None when no file stores intervals.
        high: likewise.
        samples: repeats of all cells; a cell owns counts[cell] of them from starts[cell] on.
        starts: None when no file stores repeats.
        counts: likewise.
    """

    positions: Ints
    values: Floats
    low: Floats | None
    high: Floats | None
    codes: Codes
    samples: Floats
    starts: Ints | None
    counts: Ints | None


def build_table(files: Sequence[tuple[int, ParsedFile]], index: ColumnIndex, tally: Tally) -> Table:
    """Transpose *files*, each with the position of its commit, ascending; count what is dropped."""
    positions = sorted({position for position, _ in files})
    place_of = {position: place for place, position in enumerate(positions)}
    cells = [file.cells for _, file in files]
    table = _empty_table(positions, len(index.columns), cells)
    sample_starts = np.cumsum([0, *(len(part.samples) for part in cells)]).tolist()
    filled: set[int] = set()
    for (position, file), sample_start in zip(files, sample_starts, strict=False):
        at = place_of[position]
        columns, left_out = index.place(file.layout)
        for benchmark, why, count in left_out:
            tally.add(benchmark, why, count, file.facts.path)
        if at in filled:
            columns = _free(columns, table.codes[:, at], index, tally, file.facts.path)
        filled.add(at)
        _fill(table, at, columns, file.cells, sample_start)
    paths = {position: file.facts.path for position, file in files}
    _count_unusable(table.codes, index, [paths[position] for position in positions], tally)
    return table


def _empty_table(positions: Sequence[int], columns: int, cells: Sequence[Cells]) -> Table:
    shape = (columns, len(positions))
    with_interval = any(np.isfinite(part.low).any() for part in cells)
    with_samples = any(len(part.samples) for part in cells)
    return Table(
        positions=np.array(positions, dtype=np.int64),
        values=np.full(shape, np.nan),
        low=np.full(shape, np.nan) if with_interval else None,
        high=np.full(shape, np.nan) if with_interval else None,
        codes=np.full(shape, Code.ABSENT, dtype=np.int8),
        samples=np.concatenate([np.zeros(0), *(part.samples for part in cells)]),
        starts=np.zeros(shape, dtype=np.int64) if with_samples else None,
        counts=np.zeros(shape, dtype=np.int64) if with_samples else None,
    )


def _fill(table: Table, at: int, columns: Ints, cells: Cells, sample_start: int) -> None:
    """Write the *cells* of one file into place *at* of the table."""
    kept = columns != _LEFT_OUT
    rows = columns[kept]
    table.values[rows, at] = cells.values[kept]
    table.codes[rows, at] = cells.codes[kept]
    if table.low is not None and table.high is not None:
        table.low[rows, at] = cells.low[kept]
        table.high[rows, at] = cells.high[kept]
    if table.starts is not None and table.counts is not None:
        table.starts[rows, at] = (sample_start + np.cumsum(cells.counts) - cells.counts)[kept]
        table.counts[rows, at] = cells.counts[kept]


def _free(columns: Ints, codes: Codes, index: ColumnIndex, tally: Tally, path: str) -> Ints:
    """Return *columns* without those that an earlier file of the same commit has measured."""
    taken = (columns != _LEFT_OUT) & (codes[columns] == Code.MEASURED)
    for column in columns[taken].tolist():
        tally.add(index.columns[column].benchmark, TWICE, 1, path)
    return np.where(taken, _LEFT_OUT, columns)


def _count_unusable(codes: Codes, index: ColumnIndex, paths: Sequence[str], tally: Tally) -> None:
    for code in _COUNTED:
        hits = codes == code
        for column in np.flatnonzero(hits.any(axis=1)).tolist():
            why = REASONS[code].removeprefix("left out: ")
            where = np.flatnonzero(hits[column])
            tally.add(index.columns[column].benchmark, why, len(where), paths[where[0]])

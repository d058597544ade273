"""From cells by file to series by key: the transposition at the heart of reading a history."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.history.asv.cells import REASONS, Code, Codes, Counts, Layout, ParsedFile, Row
from tracker.model import Exclusion, Floats, Ints

type Matrices = dict[str, npt.NDArray[Any]]

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
        loops: None when no file has asv's number of calls in a repeat.
    """

    positions: Ints
    values: Floats
    codes: Codes
    samples: Floats
    low: Floats | None = None
    high: Floats | None = None
    starts: Ints | None = None
    counts: Ints | None = None
    loops: Counts | None = None


def build_table(files: Sequence[tuple[int, ParsedFile]], index: ColumnIndex, tally: Tally) -> Table:
    """Transpose *files*, each with the position of its commit, ascending; count what is dropped."""
    positions = sorted({position for position, _ in files})
    place_of = {position: place for place, position in enumerate(positions)}
    matrices = _empty_matrices((len(positions), len(index.columns)), [file for _, file in files])
    sample_start = 0
    filled: set[int] = set()
    for position, file in files:
        at = place_of[position]
        columns, left_out = index.place(file.layout)
        for benchmark, why, count in left_out:
            tally.add(benchmark, why, count, file.facts.path)
        if at in filled:
            columns = _free(columns, matrices["codes"][at], index, tally, file.facts.path)
        filled.add(at)
        _fill({name: matrix[at] for name, matrix in matrices.items()}, columns, file, sample_start)
        sample_start += len(file.cells.samples)
    turned = {name: np.ascontiguousarray(matrix.T) for name, matrix in matrices.items()}
    paths = {position: file.facts.path for position, file in files}
    _count_unusable(turned["codes"], index, [paths[position] for position in positions], tally)
    return Table(
        positions=np.array(positions, dtype=np.int64),
        samples=np.concatenate([np.zeros(0), *(file.cells.samples for _, file in files)]),
        **turned,
    )


def _empty_matrices(shape: tuple[int, int], files: Sequence[ParsedFile]) -> Matrices:
    """Return what the table needs of values, codes, intervals and repeats: a row per commit."""
    matrices: Matrices = {
        "values": np.full(shape, np.nan),
        "codes": np.full(shape, Code.ABSENT, dtype=np.int8),
    }
    if any(np.isfinite(file.cells.low).any() for file in files):
        matrices |= {"low": np.full(shape, np.nan), "high": np.full(shape, np.nan)}
    if any(len(file.cells.samples) for file in files):
        matrices |= {name: np.zeros(shape, dtype=np.int64) for name in ("starts", "counts")}
    if any(file.cells.loops.any() for file in files):
        matrices["loops"] = np.zeros(shape, dtype=np.int32)
    return matrices


def _fill(row: Matrices, columns: Ints, file: ParsedFile, sample_start: int) -> None:
    """Write the cells of one *file* into the *row* of its commit in each matrix."""
    kept = columns != _LEFT_OUT
    places, cells = columns[kept], file.cells
    for name, target in row.items():
        if name == "starts":
            source = sample_start + np.cumsum(cells.counts) - cells.counts
        else:
            source = getattr(cells, name)
        target[places] = source[kept]


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

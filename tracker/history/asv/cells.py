"""The cells of result files, columnar.

A *cell* is one value: a benchmark with one combination of its parameters. A *row* is what all
cells of one benchmark in one file share. Files with the same rows in the same order share a
*layout*, so that a file is a layout number and a few numpy vectors.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.history.asv.loose_json import MARK
from tracker.model import Floats

type Codes = npt.NDArray[np.int8]
type Counts = npt.NDArray[np.int32]
type Layout = tuple[int, ...]


class Code(IntEnum):
    """What became of one cell; everything but MEASURED has no value."""

    MEASURED = 0
    FAILED = 1
    SKIPPED = 2
    NOT_A_NUMBER = 3
    TRUE_FALSE = 4
    INFINITE = 5
    TOO_LARGE = 6
    MISSHAPEN = 7
    NOTHING_MEASURED = 8
    ABSENT = 9


# Why a cell has no value, for people; those that are left out are counted.
REASONS: dict[Code, str] = {
    Code.FAILED: "failed (asv keeps no reason)",
    Code.NOTHING_MEASURED: "nothing was measured at this commit: not built, or all failed",
    Code.SKIPPED: "n/a: skipped, not selected or not supported",
    Code.NOT_A_NUMBER: "left out: the value is not a number",
    Code.TRUE_FALSE: "left out: the value is true or false, not a measurement",
    Code.INFINITE: "left out: the value is infinite",
    Code.TOO_LARGE: "left out: the value is beyond 1e150, whose square overflows",
    Code.MISSHAPEN: "left out: the number of results does not fit the parameters",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One benchmark as one or many files have it; `params` are asv's repr strings."""

    benchmark: str
    version: str
    params: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """Number of cells."""
        return prod(map(len, self.params))

    def combinations(self) -> list[tuple[str, ...]]:
        """Return the parameters of each cell, in asv's order."""
        return list(itertools.product(*self.params))


class Rows:
    """All rows seen, each once, known by number. Only grows."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: list[Row] = []
        self._numbers: dict[Row, int] = {}
        self._marked: set[int] = set()
        self._last: dict[tuple[str, ...], tuple[object, object, Layout, list[int]]] = {}

    def extend(self, rows: Iterable[Row]) -> None:
        """Add *rows*, none of which is there yet, in this order."""
        for row in rows:
            self._add(row)

    def is_marked(self, layout: Layout) -> bool:
        """Say whether a string of these rows holds the stand-in of a word (see `loose_json`)."""
        return not self._marked.isdisjoint(layout)

    def number(
        self, names: tuple[str, ...], params: Sequence[Any], versions: Sequence[object]
    ) -> tuple[Layout, list[int]]:
        """Return the numbers and the sizes of the rows of one file, given column by column.

        Quick when they are as in the last file with the same benchmarks.
        """
        last = self._last.get(names)
        if last is not None and last[0] == params and last[1] == versions:
            return last[2], last[3]
        layout = tuple(map(self._number, names, params, versions))
        sizes = [self.rows[number].size for number in layout]
        self._last[names] = (params, versions, layout, sizes)
        return layout, sizes

    def _number(self, benchmark: str, params: list[list[str]] | None, version: object) -> int:
        return self._add(
            Row(
                benchmark,
                "" if version is None else str(version),
                tuple(tuple(map(str, values)) for values in params or ()),
            )
        )

    def _add(self, row: Row) -> int:
        number = self._numbers.setdefault(row, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
            if MARK in str(row):
                self._marked.add(number)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What one result file says apart from its cells.

    Attributes:
        path: relative to the results tree.
        environment: asv's environment name.
        environment_class: the same without the versions of the requirements.
        facts: sorted ((name, text), ...): machine, Python, requirements, environment variables.
        dropped_samples: stored repeats that were not finite numbers.
    """

    path: str
    machine: str
    commit: str
    date_ms: int
    environment: str
    environment_class: str
    facts: tuple[tuple[str, str], ...]
    dropped_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one file, in the order of its layout. Shapes (n,).

    Attributes:
        values: NaN where `codes` is not MEASURED.
        low: lower end of the stored 99 % interval, NaN where unknown or infinite.
        high: upper end, likewise.
        samples: repeats of all cells, one after the other.
        counts: how many of them each cell owns.
        loops: calls in one repeat (asv's `number`), 0 where unknown.
    """

    values: Floats
    low: Floats
    high: Floats
    codes: Codes
    samples: Floats
    counts: Counts
    loops: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """One result file."""

    facts: FileFacts
    layout: Layout
    cells: Cells

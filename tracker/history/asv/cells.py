"""The cells of result files, columnar.

A *cell* is one value: a benchmark with one combination of its parameters. A *entry* is what all
cells of one benchmark in one file share. Files with the same entries in the same order share a
*layout*, so that a file is a layout number and a few numpy vectors.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.model import Floats

type Codes = npt.NDArray[np.int8]
type Counts = npt.NDArray[np.int32]
type Layout = tuple[int, ...]

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


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
class Entry:
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


def make_entry(benchmark: str, version: object, params: Sequence[Sequence[object]] | None) -> Entry:
    """Return the entry of a benchmark, its parameters as asv writes them.

    A parameter that asv names by its place in memory, `<function f at 0x7f...>`, is another text in
    every process: the place goes, and what is then the same is numbered.
    """
    return Entry(
        benchmark,
        "" if version is None else str(version),
        tuple(_without_addresses([str(value) for value in values]) for values in params or ()),
    )


def _without_addresses(values: Sequence[str]) -> tuple[str, ...]:
    if not any(map(_ADDRESS.search, values)):
        return tuple(values)
    seen: Counter[str] = Counter()
    names = []
    for value in values:
        name = _ADDRESS.sub("", value)
        seen[name] += 1
        names.append(name if name == value or seen[name] == 1 else f"{name} #{seen[name]}")
    return tuple(names)


class Entries:
    """All entries seen, each once, known by number. Only grows."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: list[Entry] = []
        self._numbers: dict[Entry, int] = {}
        self._last: dict[str, tuple[object, object, int, int]] = {}

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add *entries*, none of which is there yet, in this order."""
        for entry in entries:
            self._add(entry)

    def number(
        self, names: tuple[str, ...], params: Sequence[Any], versions: Sequence[object]
    ) -> tuple[Layout, list[int]]:
        """Return the numbers and the sizes of the entries of one file, given column by column."""
        placed = list(map(self._number, names, params, versions))
        return tuple(number for number, _ in placed), [size for _, size in placed]

    def _number(
        self, benchmark: str, params: list[list[str]] | None, version: object
    ) -> tuple[int, int]:
        """Return (number, size) of an entry; quick when it is as in the last file that had it."""
        last = self._last.get(benchmark)
        if last is None or last[0] != params or last[1] != version:
            number = self._add(make_entry(benchmark, version, params))
            last = self._last[benchmark] = params, version, number, self.entries[number].size
        return last[2:]

    def _add(self, entry: Entry) -> int:
        number = self._numbers.setdefault(entry, len(self.entries))
        if number == len(self.entries):
            self.entries.append(entry)
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

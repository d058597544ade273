"""Reads what counted processes have written (`shared.count_files`), as one table per role."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.harness.shared.count_files import ABSENT, ALLOCATED, HEAD, PID, WIDTH
from benchmarks.harness.shared.environments import REPOSITORY

type Counts = npt.NDArray[np.int64]
"""Shape (functions, 3): starts, lines, calls; row = index of the function in the table.

Of compiled functions shape (functions, 1): instructions.
"""

type Function = tuple[str, str]
"""File as `shorten` gives it, and qualified name."""

INSTALLED = "/site-packages/"
STANDARD = "/lib/python"


def shorten(file: str) -> str:
    """*file* without what differs from machine to machine: from its package on.

    >>> shorten("/home/me/.venv/lib/python3.13/site-packages/rq/job.py")
    'rq/job.py'
    >>> shorten("/usr/lib/python3.13/asyncio/events.py")
    'asyncio/events.py'
    """
    if INSTALLED in file:
        return file.rpartition(INSTALLED)[2]
    if STANDARD in file:
        return file.rpartition(STANDARD)[2].partition("/")[2]
    return file


def is_ours(file: str) -> bool:
    """Whether the harness itself is in *file*: it is in every count alike, and left out."""
    return file.startswith(f"{REPOSITORY}/benchmarks/")


class FunctionNames:
    """The functions of one role that were met so far.

    Attributes:
        functions: by their rows.
    """

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        """Know *functions*, in their order."""
        self.functions = list(functions)
        self._rows = {function: row for row, function in enumerate(self.functions)}

    def row(self, function: Function) -> int:
        """The row of *function*, a new one when it is met for the first time."""
        row = self._rows.setdefault(function, len(self.functions))
        if row == len(self.functions):
            self.functions.append(function)
        return row


class FunctionTable:
    """Everything that the processes of one folder have counted so far."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder
        self.names = FunctionNames()
        self._rows_by_process: dict[str, tuple[int, npt.NDArray[np.int64]]] = {}
        self._ended: Counts = np.zeros((0, WIDTH), dtype=np.int64)
        self._ended_allocated = 0

    @property
    def absent(self) -> str:
        """Why some process could not count, empty when all could."""
        with contextlib.suppress(OSError):
            return (self.folder / ABSENT).read_text(encoding="utf-8")
        return ""

    def read(self) -> tuple[Counts, int]:
        """Starts, lines and calls of every function in all processes, and what they allocated.

        What has ended is read for the last time, and removed: some libraries end a process per
        task.
        """
        total, allocated = self._ended.copy(), self._ended_allocated
        for path in self.folder.glob("*.counters"):
            ended = not Path(f"/proc/{_head(path)[PID]}").exists()
            rows = self._rows_of(path.stem)
            counts = np.zeros((len(self.names.functions), WIDTH), dtype=np.int64)
            np.add.at(counts, rows[rows >= 0], _body(path, len(rows))[rows >= 0])
            total, count = _sum(total, counts), int(_head(path)[ALLOCATED])
            allocated += count
            if ended:
                self._ended, self._ended_allocated = (
                    _sum(self._ended, counts),
                    self._ended_allocated + count,
                )
                path.unlink()
        return total, allocated

    def _rows_of(self, identity: str) -> npt.NDArray[np.int64]:
        """The row of each index of a process; -1 for the harness's own functions."""
        size = (self.folder / f"{identity}.names").stat().st_size
        known_size, rows = self._rows_by_process.get(identity, (0, _NO_ROWS))
        if size != known_size:
            names = self._names(identity)
            rows = np.full(max(names, default=-1) + 1, -1, dtype=np.int64)
            for index, (file, name) in names.items():
                if not is_ours(file):
                    rows[index] = self.names.row((shorten(file), name))
            self._rows_by_process[identity] = size, rows
        return rows

    def _names(self, identity: str) -> dict[int, Function]:
        head, *lines = (self.folder / f"{identity}.names").read_text("utf-8").splitlines()
        _, parent, inherited = head.split("\t")
        names: dict[int, Function] = {}
        if parent:
            limit = int(inherited)
            names = {i: name for i, name in self._names(parent).items() if i < limit}
        for line in lines:
            index, file, name = line.split("\t")
            names[int(index)] = file, name
        return names


_NO_ROWS = np.zeros(0, dtype=np.int64)


def _head(path: Path) -> npt.NDArray[np.int64]:
    return np.fromfile(path, dtype=np.int64, count=HEAD)


def _body(path: Path, functions: int) -> Counts:
    counters = np.fromfile(path, dtype=np.int64, count=WIDTH * functions, offset=8 * HEAD)
    body: Counts = counters.reshape(functions, WIDTH)
    return body


def _sum(one: Counts, other: Counts) -> Counts:
    """Of two tables, one of which may not know the last functions of the other."""
    total = np.zeros((max(len(one), len(other)), WIDTH), dtype=np.int64)
    total[: len(one)] += one
    total[: len(other)] += other
    return total

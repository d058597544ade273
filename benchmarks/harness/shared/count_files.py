"""The files through which counted processes report: shared memory, so that a kill loses nothing.

Each process of a worker or producer writes two files in the folder of its role:

    <id>.counters    int64: the process id, the allocations, then per function: starts, lines, calls
    <id>.names    one line per function, "index<TAB>file<TAB>qualified name"; the first line is
                  "<TAB>id of the parent<TAB>functions that it knew" for a forked process

A forked process keeps the indices of its parent and goes on from there. Standard library only.
"""

import itertools
import mmap
import os
from pathlib import Path

FOLDER_VARIABLE = "COUNT_FOLDER"
"""Where a process is to write its files."""

WHAT_VARIABLE = "COUNT_WHAT"
"""What it is to count: `FUNCTIONS` or `ALLOCATIONS`."""

FUNCTIONS = "functions"
ALLOCATIONS = "allocations"
ABSENT = "absent"
"""Name of the file in which a process says why it cannot count."""

PID, ALLOCATED = range(2)
HEAD = 2
WIDTH = 3
"""Cells of a function: starts, lines, calls."""

CAPACITY = 1 << 16
"""Functions that a process can tell apart; the file is sparse."""

CELLS_BYTES = 8 * (HEAD + WIDTH * CAPACITY)

_serial = itertools.count()


class CountFile:
    """The two files of this process."""

    def __init__(self, folder: str, *, parent: str = "", inherited: int = 0) -> None:
        """Make them; *inherited* functions keep the names that *parent* gave them."""
        self.folder = folder
        self.id = f"{os.getpid()}-{next(_serial)}"
        descriptor = os.open(
            f"{folder}/{self.id}.counters", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600
        )
        os.ftruncate(descriptor, CELLS_BYTES)
        self.map = mmap.mmap(descriptor, CELLS_BYTES)
        os.close(descriptor)
        self.counters = memoryview(self.map).cast("q")
        self.counters[PID] = os.getpid()
        self._names = os.open(
            f"{folder}/{self.id}.names", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
        )
        os.write(self._names, f"\t{parent}\t{inherited}\n".encode())

    def name(self, index: int, file: str, function: str) -> None:
        """Say which function *index* is."""
        os.write(self._names, f"{index}\t{file}\t{function}\n".encode())


def say_absent(folder: str, reason: str) -> None:
    """Leave *reason* for why this process counts nothing."""
    Path(folder, ABSENT).write_text(reason, encoding="utf-8")

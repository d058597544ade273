"""Starts, lines and calls of every Python function of this process and of what it forks.

`sys.monitoring` (PEP 669, Python 3.12) reports them for all threads; each is one addition to shared
memory. A call is counted for the function that makes it, whatever it calls; a start for the
function that begins.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from types import CodeType
from typing import Any

from benchmarks.harness.shared.count_files import CAPACITY, HEAD, WIDTH, CountFile

TOOL = "asynctasq-tracker"
TOOL_IDS = (4, 3, 5, 2, 1, 0)
"""In the order in which they are tried: those without a meaning of their own come first."""

STARTS, LINES, CALLS = range(WIDTH)

OTHERS = HEAD + WIDTH * (CAPACITY - 1)
"""First cell of what stands for all functions that have none."""


class FunctionCounter:
    """The functions that this process has met, and the counters that it counts in.

    A function's code object is told by its address; the reference keeps the address taken.
    """

    def __init__(self, tool: int, file: CountFile) -> None:
        """Count nothing yet."""
        self._tool, self._file = tool, file
        self._places: dict[int, int] = {}
        self._codes: list[CodeType] = []
        self._indices = count()
        self._process = os.getpid()

    def install(self) -> None:
        """Have every event counted from now on."""
        events = sys.monitoring.events
        for event, column in (
            (events.PY_START, STARTS),
            (events.LINE, LINES),
            (events.CALL, CALLS),
        ):
            sys.monitoring.register_callback(self._tool, event, self._callback(column))
        sys.monitoring.set_events(self._tool, events.PY_START | events.LINE | events.CALL)

    def _callback(self, column: int) -> Callable[..., None]:
        places, counters, meet, address = self._places, self._file.counters, self._meet, id

        def add_one(code: CodeType, *_: Any) -> None:
            place = places.get(address(code))
            if place is None:
                place = meet(code)
            counters[place + column] += 1

        return add_one

    def _meet(self, code: CodeType) -> int:
        """The first cell of *code*, which is new; the last function stands for all beyond.

        A child that has not got its own files yet must give no index: its parent gives the same.
        """
        if os.getpid() != self._process:
            return OTHERS
        self._codes.append(code)
        index = min(next(self._indices), CAPACITY - 1)
        place = self._places.setdefault(id(code), HEAD + WIDTH * index)
        self._file.name((place - HEAD) // WIDTH, code.co_filename, code.co_qualname)
        return place

    def after_fork(self) -> None:
        """Go on in files of the child's own; nothing is counted meanwhile."""
        self._process = os.getpid()
        known = next(self._indices)
        self._file = CountFile(self._file.folder, parent=self._file.id, inherited=known)
        self.install()


def begin(file: CountFile) -> None:
    """Count this process and its forks.

    Raises:
        RuntimeError: this Python cannot report lines, or others have taken every tool id.
    """
    if not hasattr(sys, "monitoring"):
        raise RuntimeError("sys.monitoring is missing: it needs Python 3.12 or later")
    for tool in TOOL_IDS:
        if sys.monitoring.get_tool(tool) is None:
            sys.monitoring.use_tool_id(tool, TOOL)
            counter = FunctionCounter(tool, file)
            # Not in Python, which would be counted: in the child, but in its parent's counters.
            stop = partial(sys.monitoring.set_events, tool, sys.monitoring.events.NO_EVENTS)
            os.register_at_fork(after_in_child=stop)
            os.register_at_fork(after_in_child=counter.after_fork)
            counter.install()
            return
    raise RuntimeError("every tool id of sys.monitoring is taken by other tools")

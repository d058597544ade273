"""The stamps of every task: one shared file, one slot of eight integers (64 bytes) per task.

    due       when the load plan wanted it sent          producer
    sent      just before the enqueue call               producer
    started   first start of the body                    worker
    finished  last end of the body                       worker
    attempts  starts of the body
    done      successful ends; more than one is a doubled task
    failed    attempts that raised
    kind      index of its task class

Times are nanoseconds of the system-wide monotonic clock, 0 means "not yet". A slot has one writer
at a time, so there are no locks; two processes that run the same task within the same instant could
count once instead of twice. The mapping is shared, so forks need no care; spawned processes attach
anew, by the path in their context.
"""

import functools
import mmap
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic_ns

from benchmarks.harness.shared.app_context import AppContext

COLUMNS = ("due", "sent", "started", "finished", "attempts", "done", "failed", "kind")
WIDTH = len(COLUMNS)
DUE, SENT, STARTED, FINISHED, ATTEMPTS, DONE, FAILED, KIND = range(WIDTH)
SLOT_BYTES = 8 * WIDTH


def create(path: Path, slots: int) -> None:
    """Make the file with *slots* slots, all zero."""
    with path.open("wb") as file:
        file.truncate(slots * SLOT_BYTES)


class Timeline:
    """The stamps of one file, as a flat sequence of integers; cheap to write, in any process."""

    __slots__ = ("_map", "slots", "words")

    def __init__(self, path: Path | str) -> None:
        """Map the file at *path*, which must exist."""
        with Path(path).open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self.words = memoryview(self._map).cast("q")
        self.slots = len(self.words) // WIDTH

    def close(self) -> None:
        """Give the mapping back."""
        self.words.release()
        self._map.close()

    def due(self, slot: int, at_ns: int, kind: int) -> None:
        """The load plan wants *slot*, a task of *kind*, sent at *at_ns*."""
        words, base = self.words, slot * WIDTH
        words[base] = at_ns
        words[base + KIND] = kind

    def sent(self, slot: int) -> None:
        """The enqueue call of *slot* comes next."""
        self.words[slot * WIDTH + SENT] = monotonic_ns()

    def started(self, slot: int) -> None:
        """The body of *slot* begins. The first start is kept, later ones are counted."""
        words, base = self.words, slot * WIDTH
        if not words[base + STARTED]:
            words[base + STARTED] = monotonic_ns()
        words[base + ATTEMPTS] += 1

    def finished(self, slot: int) -> None:
        """The body of *slot* ended well."""
        words, base = self.words, slot * WIDTH
        words[base + FINISHED] = monotonic_ns()
        words[base + DONE] += 1

    def failed(self, slot: int) -> None:
        """The body of *slot* raised."""
        words, base = self.words, slot * WIDTH
        words[base + FINISHED] = monotonic_ns()
        words[base + FAILED] += 1


@functools.cache
def attached() -> Timeline:
    """The timeline of this process's context, mapped on first use."""
    return Timeline(AppContext.from_environment().timeline)


def stamped(body: Callable[..., None]) -> Callable[..., None]:
    """*body* with its start and end stamped; an exception is counted and passed on.

    No `__wrapped__` is left: some libraries follow it and would run the bare body.
    """

    def run(slot: int, *arguments: object) -> None:
        line = attached()
        line.started(slot)
        try:
            body(slot, *arguments)
        except BaseException:
            line.failed(slot)
            raise
        line.finished(slot)

    return run


def stamped_async(body: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same for a coroutine function."""

    async def run(slot: int, *arguments: object) -> None:
        line = attached()
        line.started(slot)
        try:
            await body(slot, *arguments)
        except BaseException:
            line.failed(slot)
            raise
        line.finished(slot)

    return run

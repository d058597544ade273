"""Holds workers still, so that what they did can be read, and what comes next can be queued.

Workers are stopped (SIGSTOP) whole, every process of their session, and only when all their threads
wait for something. So what lies between two stops is a whole number of everything that they do.
"""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.harness.lab.processes.processes import Process
from benchmarks.harness.lab.processes.watchdog import session_members
from benchmarks.harness.lab.station.clock import Clock

LOOK_S = 0.002
QUIET_LOOKS = 3
"""So often in a row nobody may be running; the longest wait for a broker's answer is shorter."""

PATIENCE_S = 2.0
"""Workers that never rest are stopped while they run."""


class Workers:
    """The processes of a generation's workers; running at first."""

    def __init__(self, processes: Sequence[Process], clock: Clock) -> None:
        """Take those of *processes* and all that they have started or will start."""
        self._sessions, self._clock = [process.pid for process in processes], clock

    def pids(self) -> list[int]:
        """All of them that live now."""
        return [pid for session in self._sessions for pid in session_members(session)]

    def rest(self) -> None:
        """Return when all threads of all processes wait."""
        quiet, limit_ns = 0, self._clock.now_ns() + round(PATIENCE_S * 1e9)
        while quiet < QUIET_LOOKS and self._clock.now_ns() < limit_ns:
            self._clock.sleep(LOOK_S)
            quiet = quiet + 1 if set(_states(self.pids())) <= set("SIZX") else 0

    def freeze(self) -> None:
        """Stop all of them, also those that are started meanwhile."""
        stopped: set[int] = set()
        while new := set(self.pids()) - stopped:
            _signal(new, signal.SIGSTOP)
            stopped |= new
            while set(_states(new)) - set("TtZX"):
                self._clock.sleep(LOOK_S / 10)

    def thaw(self) -> None:
        """Let all of them run."""
        _signal(self.pids(), signal.SIGCONT)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _states(pids: Iterable[int]) -> Iterator[str]:
    """State letter (proc(5)) of every thread of *pids*; none where there is no /proc."""
    for pid in pids:
        for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):
                yield (
                    stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
                )

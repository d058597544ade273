"""A profiler beside running processes: where each of their threads is, so many times a second.

It reads their memory while they run, and never stops them. A few stacks in a thousand are torn by
that, in base and head alike. Threads that wait are sampled as well: waiting is what counts cannot
price.
"""

import contextlib
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.lab.processes.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.sampling.tools import Tool
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S

SILENT_START_S = 1.0
"""After that long a profiler that says nothing is taken to sample."""

UNREADABLE = ("Permission Denied", "No python processes found")
"""What py-spy says of processes that it may not read, and of such as it does not know."""

CANNOT_READ = (
    "it may not read the processes (kernel.yama.ptrace_scope above 1? in a container: "
    "--cap-add SYS_PTRACE; on macOS: root), or does not know their Python"
)

LOOK_S = 0.01
START_LIMIT_S = 30.0
WRITE_LIMIT_S = 30.0
GRACE_S = 1.0


class Profiler:
    """Samples some processes, and what they fork, from `__init__` to `stop`, or to `end`."""

    def __init__(
        self, tool: Tool, pids: Sequence[int], folder: Path, keeper: Keeper, clock: Clock
    ) -> None:
        """Return when all of *pids* are being sampled; files go to *folder*.

        Raises:
            CellFailedError: the profiler may not look into a process, or does not know its Python.
        """
        self._tool, self._keeper, self._folder, self._pids = tool, keeper, folder, pids
        self._running = [self._start(pid) for pid in pids]
        limit_ns = clock.now_ns() + round(START_LIMIT_S * NS_PER_S)
        clock.sleep(0.0 if tool.begun else SILENT_START_S)
        while not all(tool.begun in log for log in self._logs()) or self._has_died():
            if self._has_died() or clock.now_ns() > limit_ns:
                self.end()
                raise CellFailedError(f"{tool.name} cannot sample: {self._why()}")
            clock.sleep(LOOK_S)

    def stop(self) -> list[str]:
        """End, and return the stacks: one line each, with how often it was seen.

        Raises:
            CellFailedError: it wrote nothing.
        """
        for process in self._running:
            process.popen.send_signal(signal.SIGINT)
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.popen.wait(WRITE_LIMIT_S)
        self.end()
        files = [self._file(pid) for pid in self._pids]
        if not all(file.exists() for file in files):
            raise CellFailedError(f"{self._tool.name} wrote nothing: {self._why()}")
        return [line for file in files for line in file.read_text("utf-8", "replace").splitlines()]

    def end(self) -> None:
        """End at once; what was sampled is lost, if it was not asked for."""
        for process in self._running:
            self._keeper.stop(process, grace_s=GRACE_S)

    def _file(self, pid: int) -> Path:
        return self._folder / f"{pid}.stacks"

    def _start(self, pid: int) -> Process:
        return self._keeper.start(
            self._tool.name,
            self._tool.command(pid, self._file(pid)),
            environment=child_environment({}),
            log=self._folder / f"{pid}.log",
        )

    def _logs(self) -> list[str]:
        return [process.log.read_text("utf-8", "replace") for process in self._running]

    def _has_died(self) -> bool:
        return any(process.died() for process in self._running)

    def _why(self) -> str:
        """The first error that one of them has told."""
        logs = self._logs()
        if any(words in log for log in logs for words in UNREADABLE):
            return CANNOT_READ
        told = [line for log in logs for line in log.splitlines() if "Error" in line]
        return told[0].strip() if told else "it gives no reason"

"""Starting processes, and seeing to it that they end: with the block, with us, or by the watchdog.

Every process leads a session of its own and writes to a log file, so it holds neither our terminal
nor the pipe by which asv waits for us. There are three nets: the `with` block; the parent-death
signal (Linux); and the watchdog, for whatever the first two miss.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from benchmarks.harness.lab.processes import watchdog
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.parent_death import die_with_parent

GRACE_S = 5.0
"""From SIGTERM to SIGKILL for servers and companions, which write nothing that matters."""
LOG_TAIL_LINES = 3
LOG_TAIL_CHARACTERS = 400


def child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Our variables, but none that changes an interpreter (PYTHON...), the module path, *extra*.

    With PYTHONDONTWRITEBYTECODE, for one, every worker would compile our modules at each start.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }
    return {**kept, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1", **extra}


class Process:
    """One started process and its log."""

    def __init__(self, popen: subprocess.Popen[bytes], name: str, log: Path) -> None:
        """Wrap *popen*; *name* is what reasons call it."""
        self.popen = popen
        self.name = name
        self.log = log

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its session."""
        return self.popen.pid

    def died(self) -> str:
        """Empty while it runs, else a sentence that says how it ended, with the end of its log."""
        code = self.popen.poll()
        if code is None:
            return ""
        how = f"exit code {code}"
        if code < 0:
            with contextlib.suppress(ValueError):
                how = f"killed by {signal.Signals(-code).name}"
        tail = self.log_tail()
        return f"{self.name} died ({how})" + (f": {tail}" if tail else "")

    def log_tail(self) -> str:
        """The last lines of its log, in one."""
        with contextlib.suppress(OSError):
            text = self.log.read_text(encoding="utf-8", errors="replace")
            lines = [" ".join(line.split()) for line in text.splitlines() if line.strip(" │╭╰─╮╯")]
            return " / ".join(lines[-LOG_TAIL_LINES:])[-LOG_TAIL_CHARACTERS:]
        return ""


class Keeper:
    """Owns every process and folder of a measurement; a context manager that always cleans up."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._running: list[Process] = []
        self._watchdog: subprocess.Popen[bytes] | None = None
        self.folder = Path()

    def __enter__(self) -> Self:
        """Start the watchdog and make the private folder, in memory where the system offers it."""
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        base = os.environ.get("TRACKER_TMP") or ("/dev/shm" if _roomy("/dev/shm") else None)  # noqa: S108
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-", dir=base))
        self._tell(folder=str(self.folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, newest first; at once when an error is on its way up."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
        try:
            for process in reversed(self._running.copy()):
                self.stop(process, grace_s=GRACE_S if error is None else 0.2)
            shutil.rmtree(self.folder, ignore_errors=True)
            self.forget_folder(self.folder)
            if self._watchdog is not None and self._watchdog.stdin is not None:
                self._watchdog.stdin.close()
                self._watchdog.wait()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        piped: bool = False,
    ) -> Process:
        """Start *command*; its output goes to *log*, or stdin and stdout are pipes to us.

        Raises:
            CellFailedError: there is no such program, or it cannot be run.
        """
        with log.open("ab") as file:
            try:
                popen = subprocess.Popen(
                    command,
                    # What a killed process leaves among temporary files goes with our folder.
                    env={**environment, "TMPDIR": str(self.folder)},
                    cwd=self.folder,
                    stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                    stdout=subprocess.PIPE if piped else file,
                    stderr=file,
                    start_new_session=True,
                    preexec_fn=die_with_parent,  # noqa: PLW1509 -- no threads of ours are running
                )
            except OSError as error:
                why = f"{name} cannot be started: {command[0]}: {error.strerror}"
                raise CellFailedError(why) from error
        process = Process(popen, name, log)
        self._running.append(process)
        self._tell(session=popen.pid)
        return process

    def stop(self, process: Process, *, grace_s: float = GRACE_S) -> None:
        """SIGTERM, and SIGKILL for the whole session when *grace_s* has passed."""
        for pipe in (process.popen.stdin, process.popen.stdout):
            _close(pipe)
        if process.popen.poll() is None:
            process.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.popen.wait(grace_s)
        watchdog.kill_session(process.pid)
        process.popen.wait()
        if process in self._running:
            self._running.remove(process)
        self.forget_session(process.pid)

    def adopt_session(self, pid: int) -> None:
        """Let the watchdog kill the session of *pid* too, which somebody else started."""
        self._tell(session=pid)

    def forget_session(self, pid: int) -> None:
        """Take that back when it has ended: another process may get the number one day."""
        self._tell(forget_session=pid)

    def adopt_folder(self, folder: Path) -> None:
        """Let the watchdog remove *folder* too, which somebody else made."""
        self._tell(folder=str(folder))

    def forget_folder(self, folder: Path) -> None:
        """Take that back when it is gone."""
        self._tell(forget_folder=str(folder))

    def _tell(self, **line: object) -> None:
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.write(json.dumps(line).encode() + b"\n")
                self._watchdog.stdin.flush()


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        with contextlib.suppress(OSError):
            pipe.close()


def _roomy(folder: str, wanted_bytes: int = 64 << 20) -> bool:
    """Whether *folder* can be written and has *wanted_bytes* left."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= wanted_bytes

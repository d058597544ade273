"""One running harness that answers requests: a line of JSON each way.

It runs in its own locked environment, never in ours: files and lines are the seam.
"""

import json
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO, Any

from tracker.suite.harness_environment import harness_variables
from tracker.system.child_processes import STOP_WITHIN_S, end

# The scenario's own limits are far below; this ends a harness that hangs.
ANSWER_LIMIT_S = 1200.0
LOOK_S = 5.0
MEASURE = ("-m", "benchmarks.harness.measure")


@dataclass(slots=True)
class HarnessProcess:
    """Started by the first request, and again after it died.

    Attributes:
        command: the harness; it is given `--lines`.
        root: folder that holds asv.conf.json and benchmarks/.
    """

    command: tuple[str, ...]
    root: Path
    _process: subprocess.Popen[str] | None = field(default=None, init=False)
    _log: IO[str] | None = field(default=None, init=False)
    _asked: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)
    _is_closed: bool = field(default=False, init=False)

    def ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer to *request*.

        Raises:
            HarnessDiedError: there is none; the harness has been ended.
        """
        self._asked += 1
        try:
            return self._ask({"id": self._asked, **request})
        except (OSError, ValueError, LookupError) as error:
            words = self._last_words()
            self.stop(at_once=True)
            raise HarnessDiedError(f"the harness died: {words or error}") from error

    def close(self, *, at_once: bool) -> None:
        """End the harness for good: a thread that still asks it starts no other."""
        with self._lock:
            self._is_closed = True
        self.stop(at_once=at_once)

    def stop(self, *, at_once: bool) -> None:
        """End the harness: by closing its input, in the middle of an answer by a signal."""
        with self._lock:
            process, self._process = self._process, None
            log, self._log = self._log, None
        if process is not None:
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
            if not at_once:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_WITHIN_S)
            end(process, signal.SIGTERM)
            if process.stdout is not None:
                process.stdout.close()
        if log is not None:
            log.close()

    def _ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            limit_s = time.monotonic() + ANSWER_LIMIT_S
            while not selector.select(LOOK_S):
                if process.poll() is not None:  # ended by another thread, which has closed the pipe
                    raise OSError("it was ended")
                if time.monotonic() > limit_s:
                    raise TimeoutError(f"no answer within {ANSWER_LIMIT_S:.0f} s")
        answer = json.loads(process.stdout.readline())
        if not isinstance(answer, dict) or answer.get("id") != request["id"]:
            raise ValueError("the answer belongs to another request")
        return answer

    def _running(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._is_closed:
                raise OSError("it was closed")
            if self._process is None:
                self._process = self._start()
            return self._process

    def _start(self) -> subprocess.Popen[str]:
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in stop
        return subprocess.Popen(
            [*self.command, "--lines"],
            cwd=self.root,
            env=harness_variables(self.root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            process_group=0,  # of Ctrl-C it hears from us, once
        )

    def _last_words(self) -> str:
        with self._lock:
            if self._log is None:
                return ""
            self._log.seek(0)
            lines = [line.strip() for line in self._log if line.strip()]
        return lines[-1] if lines else ""


class HarnessDiedError(Exception):
    """The harness gave no answer; the text says why, in its last words."""

"""Our end of the producer's pipe (see producer.py)."""

import json
import os
import select
from contextlib import suppress
from typing import IO, Any

from benchmarks.harness.lab.processes.processes import Process
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S

CHUNK_BYTES = 65536


class ProducerLink:
    """Sends orders, and reads answers without ever waiting for them."""

    def __init__(self, process: Process) -> None:
        """Take the pipes of *process*."""
        if process.popen.stdin is None or process.popen.stdout is None:
            raise ValueError("the producer was started without pipes")
        self.process = process
        self.versions: dict[str, str] = {}
        self.sending_cpu_s: float | None = None
        self._stdin: IO[bytes] = process.popen.stdin
        self._stdout = process.popen.stdout.fileno()
        self._buffer = b""
        self._connected = False
        self._ordered = self._carried_out = 0

    def order(self, **fields: object) -> None:
        """Write one order."""
        self._ordered += 1
        line = json.dumps({"id": self._ordered, **fields}).encode() + b"\n"
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except OSError as error:
            raise CellFailedError(self.process.died() or f"the producer: {error}") from error

    def busy(self) -> bool:
        """Whether an order is not yet carried out."""
        self._read()
        return self._carried_out < self._ordered

    def wait_connected(self, limit_s: float, clock: Clock) -> None:
        """Wait for the first line, which names the versions.

        Raises:
            CellFailedError: it died, or *limit_s* is over.
        """
        limit_ns = clock.now_ns() + round(limit_s * NS_PER_S)
        while not self._connected:
            if died := self.process.died():
                raise CellFailedError(died)
            if clock.now_ns() > limit_ns:
                raise CellFailedError(f"the producer did not connect within {limit_s:g} s")
            self._read()
            clock.sleep(0.005)

    def _read(self) -> None:
        while select.select([self._stdout], [], [], 0)[0]:
            chunk = os.read(self._stdout, CHUNK_BYTES)
            if not chunk:
                return
            *lines, self._buffer = (self._buffer + chunk).split(b"\n")
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        answer: Any = None
        with suppress(ValueError):
            answer = json.loads(line)
        match answer:  # anything else is something that the library printed
            case {"versions": dict(versions)}:
                self.versions, self._connected = versions, True
            case {"id": int(order), "sent": int()}:
                self.sending_cpu_s = answer.get("cpu_s")
                self._carried_out = max(self._carried_out, order)

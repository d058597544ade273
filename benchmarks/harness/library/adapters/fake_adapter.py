"""The reference: a library that is no library, whose delays are known and whose worker tells all.

The same seams as the real ones (worker command, producer, broker), in a hundred lines of standard
library: a list in Redis, one place, tasks in order. Options of the variant make it misbehave:

    delay_ms      the body takes so long
    drop_every    every so many tasks is fetched and thrown away
    double_every  every so many tasks is run twice
    die_after     the worker exits with code 7 after so many tasks
    truth         file to which the worker appends "slot start_ns end_ns" by its own clock
"""

import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared.adapter import Adapter, BrokerClient, Send, SenderOf, WorkerCommand
from benchmarks.harness.shared.adapter_support import SupportTable, TableAdapter, length
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, WorkerPlan
from benchmarks.harness.shared.timeline import attached

QUEUE = "fake"


class Wire:
    """A Redis connection that knows three commands."""

    def __init__(self, url: str) -> None:
        """Connect."""
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def call(self, *words: str) -> bytes | None:
        """Send a command; the last bulk string or the status of its reply."""
        parts = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        self._socket.sendall(f"*{len(words)}\r\n{parts}".encode())
        return self._reply()

    def _reply(self) -> bytes | None:
        line = self._file.readline()
        if not line:
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise ConnectionError(rest.decode())
        if kind == b"*":
            last = None
            for _ in range(max(int(rest), 0)):
                last = self._reply()
            return last
        if kind == b"$":
            return self._file.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        return rest


def work(context: AppContext) -> None:
    """The worker: fetch, run, acknowledge, for ever."""
    options = dict(context.variant.options)
    delay_s = float(options.get("delay_ms", "0")) / 1000
    drop, double, die = (
        int(options.get(n, "0")) for n in ("drop_every", "double_every", "die_after")
    )
    truth = Path(options["truth"]).open("a", encoding="ascii") if "truth" in options else None  # noqa: SIM115
    wire, line = Wire(context.broker_url), attached()
    tasks = {name: WORKLOADS[name].body for name in context.workloads}
    count = 0
    while True:
        message = wire.call("BRPOP", QUEUE, "0")
        name, _, slot = (message or b"").decode().partition(" ")
        count += 1
        if drop and count % drop == 0:
            continue
        for _ in range(2 if double and count % double == 0 else 1):
            before_ns = time.monotonic_ns()
            line.started(int(slot))
            time.sleep(delay_s)
            tasks[name](int(slot))
            line.finished(int(slot))
            if truth:
                truth.write(f"{slot} {before_ns} {time.monotonic_ns()}\n")
                truth.flush()
        if die and count >= die:
            sys.stderr.write("the reference worker was told to die\n")
            os._exit(7)


class FakeAdapter(TableAdapter):
    """See `benchmarks.harness.shared.adapter.Adapter`."""

    name = "fake"
    exceptions: SupportTable = {}
    reported = ()
    asynchronous = False

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:  # noqa: ARG002
        """This module."""
        return (WorkerCommand(arguments=("-m", __name__)),)

    @contextmanager
    def producer(self, context: AppContext) -> Iterator[SenderOf]:
        """One connection, one LPUSH per task."""
        wire = Wire(context.broker_url)

        def sender_of(task: TaskClass) -> Send:
            return lambda slot: wire.call("LPUSH", QUEUE, f"{task.workload} {slot}")

        yield sender_of

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:  # noqa: ARG002
        """What nobody has fetched."""
        return length(broker, "LLEN", QUEUE)

    def local_buffer(self, plan: WorkerPlan) -> int:  # noqa: ARG002
        """The one task in progress."""
        return 1


ADAPTER: Adapter = FakeAdapter()

if __name__ == "__main__":
    work(AppContext.from_environment())

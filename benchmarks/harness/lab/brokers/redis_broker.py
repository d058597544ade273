"""A private Redis-compatible server for one measurement, or the user's own by REDIS_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

from benchmarks.harness.lab.brokers.broker import BrokerUsage, in_one_line
from benchmarks.harness.lab.brokers.redis_server import (
    SETTINGS,
    answers,
    find_binary,
    free_port,
    launch,
    wanted_port,
)
from benchmarks.harness.lab.processes.processes import Keeper, Process
from benchmarks.harness.shared.errors import CellFailedError, ServerError

START_TRIES = 3
"""A port that was free a moment ago may be taken by now."""


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
        self._sections = ("cpu", "memory") if name == "valkey" else ()
        version = info.get("valkey_version") or info.get("redis_version", "unknown")
        settings = " ".join(f"{k}={v or '(off)'}" for k, v in SETTINGS.items())
        self.facts = {
            "broker": f"{name} {version}",
            "broker_settings": settings if process else "the user's own server (REDIS_URL)",
        }

    @property
    def is_private(self) -> bool:
        """Whether nobody but this measurement uses the server."""
        return self._process is not None

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
        )

    def restart(self, keeper: Keeper) -> None:
        """Kill our own server and start an empty one at the same address."""
        port = urlsplit(self.url).port
        if self._process is None or port is None:
            return
        keeper.stop(self._process, grace_s=0)
        self._process = launch(keeper, find_binary(), port)
        if not answers(self._process, port):
            raise CellFailedError(self.died() or "the restarted Redis server did not answer")

    def close(self, keeper: Keeper) -> None:
        """Give the connection back, and stop the server when it is our own."""
        with suppress(redis.RedisError, OSError):
            self._client.close()
        if self._process is not None:
            keeper.stop(
                self._process, grace_s=0
            )  # it keeps nothing, so it need not finish anything


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
            f"REDIS_URL: no answer ({in_one_line(error, url)})",
            "start that server, or unset REDIS_URL",
        ) from error


def _start(keeper: Keeper) -> RedisBroker:
    """Start a server; a port that somebody took in between is not the end."""
    binary, fixed = find_binary(), wanted_port()
    reason = ""
    for _ in range(START_TRIES):
        port = fixed or free_port()
        process = launch(keeper, binary, port)
        if answers(process, port):
            return RedisBroker(f"redis://127.0.0.1:{port}/0", process)
        reason = process.died() or "it did not answer in time"
        keeper.stop(process, grace_s=0)
        Path(process.log).unlink(missing_ok=True)
    raise ServerError(f"{binary} did not start: {reason}", "try to run it by hand")

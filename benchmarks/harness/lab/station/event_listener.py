"""Listens to the events of a library, and notes when the end of each task became known.

A companion of the event-streaming scenario. Each event that a task has ended adds one number to the
file `events` in the folder of the round: nanoseconds from its emission (its own time stamp) to
its receipt. Libraries stamp their events with the wall clock, ours bear the monotonic clock; both
are those of the one machine.
"""

import base64
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from struct import pack

import msgspec
import psycopg
import redis

from benchmarks.harness.shared import events
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.load_schedule import NS_PER_S

FILE = "events"


def delays_ns(channel: str, data: bytes) -> Iterable[int]:
    """Return the delay of every end of a task that a message tells; most messages tell none."""
    if channel == events.CHANNEL:
        event = json.loads(data)
        if event["event"] == events.FINISHED:
            yield time.monotonic_ns() - event["emitted_ns"]
    elif channel.startswith("asynctasq"):
        event = msgspec.msgpack.decode(data)
        if event["event_type"] == "task_completed":
            emitted_s = datetime.fromisoformat(event["timestamp"]).timestamp()
            yield round((time.time() - emitted_s) * NS_PER_S)
    elif "celeryev" in channel:
        body = json.loads(base64.b64decode(json.loads(data)["body"]))
        for event in body if isinstance(body, list) else [body]:
            if event["type"] == "task-succeeded":
                yield round((time.time() - event["timestamp"]) * NS_PER_S)


def redis_messages(url: str) -> Iterator[tuple[str, bytes]]:
    """Yield channel and data of every message that is published."""
    subscription = redis.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)
    subscription.psubscribe("*")
    subscription.get_message(timeout=5)
    _say_ready()
    for message in subscription.listen():
        yield message["channel"].decode(), message["data"]


def postgres_messages(url: str) -> Iterator[tuple[str, bytes]]:
    """Yield the notifications of our own channel."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"LISTEN {events.CHANNEL}")
        _say_ready()
        for notice in connection.notifies():
            yield notice.channel, notice.payload.encode()


def _say_ready() -> None:
    sys.stdout.write(json.dumps({"env": {}}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Listen until SIGTERM."""
    context = AppContext.from_environment()
    is_redis = context.broker_url.startswith("redis")
    messages = (redis_messages if is_redis else postgres_messages)(context.broker_url)
    file = os.open(Path(context.folder) / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for channel, data in messages:
        for delay in delays_ns(channel, data):
            os.write(file, pack("q", delay))


if __name__ == "__main__":
    main()

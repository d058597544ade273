"""Events of our own, for libraries that have hooks but no event stream: published by those hooks.

One JSON text per event over the library's own broker: `{"event": "finished", "slot": 3,
"emitted_ns": ...}`, where the time is that of the system-wide monotonic clock.
"""

import json
from collections.abc import Awaitable, Callable
from time import monotonic_ns

CHANNEL = "tracker_events"
FINISHED = "finished"


def encode(event: str, slot: object) -> str:
    """Return the text of an event that happens now."""
    return json.dumps({"event": event, "slot": slot, "emitted_ns": monotonic_ns()})


def redis_publisher(url: str) -> Callable[[str, object], None]:
    """Return a function that publishes an event over Redis, with a connection of its own."""
    from redis import Redis

    connection = Redis.from_url(url)

    def publish(event: str, slot: object) -> None:
        connection.publish(CHANNEL, encode(event, slot))

    return publish


def async_redis_publisher(url: str) -> Callable[[str, object], Awaitable[None]]:
    """Return the same as a coroutine function."""
    from redis.asyncio import Redis

    connection = Redis.from_url(url)

    async def publish(event: str, slot: object) -> None:
        await connection.publish(CHANNEL, encode(event, slot))

    return publish

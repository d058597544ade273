"""The producer of the FastAPI scenario: HTTP requests instead of `send`, open-loop.

Runs in the library's environment, like every producer, but it only talks HTTP. Requests do not wait
for each other, up to `IN_FLIGHT` at once. The server stamps `sent` just before it enqueues. When
each request was due and when its answer came is left in the file `requests` of the round's
folder, two 64-bit integers each, anew for every order.
"""

import asyncio
import os
from array import array
from pathlib import Path
from time import monotonic_ns
from typing import TYPE_CHECKING

from benchmarks.harness.library import producer
from benchmarks.harness.library.producer import Order
from benchmarks.harness.shared import load_schedule, web
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.timeline import Timeline

if TYPE_CHECKING:
    import httpx

SERVER_VARIABLE = "TRACKER_SERVER_URL"
IN_FLIGHT = 20


def post_nothing(_slot: int) -> None:
    """Stand where a library's `send` would."""


async def send_order(
    order: Order, context: AppContext, line: Timeline, client: "httpx.AsyncClient"
) -> int:
    """Post one request per task when it is due; return how many."""
    # The plan wants a `send` per class; here a request takes its place.
    sends = [post_nothing] * len(context.variant.tasks)
    steps, begin_ns = producer.prepare(order, context, sends, line)
    places, answers = asyncio.Semaphore(IN_FLIGHT), array("q")

    async def post(slot: int, due_ns: int) -> None:
        async with places:
            (await client.post(f"/tasks/{slot}")).raise_for_status()
        answers.extend((due_ns, monotonic_ns()))

    async with asyncio.TaskGroup() as group:
        for slot, offset, _, _ in steps:
            left_ns = begin_ns + offset - monotonic_ns()
            if left_ns > 0:
                await asyncio.sleep(left_ns / load_schedule.NS_PER_S)
            group.create_task(post(slot, begin_ns + offset))
    await asyncio.to_thread(Path(context.folder, web.REQUESTS_FILE).write_bytes, answers.tobytes())
    return len(steps)


async def serve(context: AppContext) -> None:
    """Carry out orders until standard input is closed."""
    web.add_to_path()
    import httpx

    line = Timeline(context.timeline)
    limits = httpx.Limits(max_connections=IN_FLIGHT)
    async with httpx.AsyncClient(
        base_url=os.environ[SERVER_VARIABLE], limits=limits, timeout=60, trust_env=False
    ) as client:
        (await client.get("/ready")).raise_for_status()
        producer.answer(versions=producer.versions(import_adapter(context.library)))
        waiting = iter(producer.orders())
        while (order := await asyncio.to_thread(next, waiting, None)) is not None:
            producer.answer(id=order.id, sent=await send_order(order, context, line, client))


if __name__ == "__main__":
    asyncio.run(serve(AppContext.from_environment()))

"""A FastAPI application that dispatches one task per request, in the library's environment.

A companion of the FastAPI scenario. The library's producer is opened in the application's lifespan
and used by the endpoint: a coroutine where the library sends with coroutines, else a function,
which FastAPI runs on a thread.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from typing import Any, cast

from benchmarks.harness.library.http_load import SERVER_VARIABLE
from benchmarks.harness.shared import web
from benchmarks.harness.shared.adapter import AsyncSenderOf, SenderOf
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.timeline import Timeline


def make_app(context: AppContext) -> Any:
    """Return the application; nothing is connected before its lifespan begins."""
    from fastapi import FastAPI

    adapter, line = import_adapter(context.library), Timeline(context.timeline)
    send: list[Callable[..., Any]] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = context.variant.tasks[0]
        opened = adapter.producer(context)
        if adapter.asynchronous:
            async with cast("AbstractAsyncContextManager[AsyncSenderOf]", opened) as senders:
                send.append(senders(task))
                yield
        else:
            with cast("AbstractContextManager[SenderOf]", opened) as sync_senders:
                send.append(sync_senders(task))
                yield

    app = FastAPI(lifespan=lifespan)

    async def dispatch_async(slot: int) -> dict[str, int]:
        line.sent(slot)
        await send[0](slot)
        return {"slot": slot}

    def dispatch(slot: int) -> dict[str, int]:
        line.sent(slot)
        send[0](slot)
        return {"slot": slot}

    app.post("/tasks/{slot}", status_code=202)(dispatch_async if adapter.asynchronous else dispatch)

    async def ready() -> dict[str, bool]:
        return {"ready": True}

    app.get("/ready")(ready)
    return app


async def serve(context: AppContext, listener: socket.socket) -> None:
    """Serve until SIGTERM."""
    import uvicorn

    config = uvicorn.Config(
        make_app(context), log_level="error", timeout_graceful_shutdown=1, loop="asyncio"
    )
    await uvicorn.Server(config).serve(sockets=[listener])


def main() -> None:
    """Say where the application is, and serve until SIGTERM."""
    web.add_to_path()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        sys.stdout.write(json.dumps({"env": {SERVER_VARIABLE: url}}) + "\n")
        sys.stdout.flush()
        asyncio.run(serve(AppContext.from_environment(os.environ), listener))


if __name__ == "__main__":
    main()

"""The service that I/O tasks call: a small ASGI app on loopback, its latency and errors by seed.

`GET /wait?key=K` answers after the configured latency; `GET /charge?key=K&attempt=A` also refuses
some requests with 503. What a request meets depends on (seed, key, attempt) alone, so that every
library, run and commit meets the same service. A companion of the scenarios that need it (see
`spec.Companion`); their variants' options `api_latency_ms`, `api_jitter_ms` and `api_errors` set
how it behaves.
"""

import asyncio
import hashlib
import json
import socket
import sys
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.harness.shared import web
from benchmarks.harness.shared.app_context import AppContext

ALWAYS_PASSES = 3  # the attempt that is never refused, so that every order ends
_SCALE = float(2**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the service behaves.

    Attributes:
        seed: with it and the key of a request, everything is decided.
        latency_ms: shortest time to an answer.
        jitter_ms: up to this much is added, evenly spread.
        errors: share of first, and of second, attempts that `/charge` refuses, 0 to 1.
    """

    seed: int = 1
    latency_ms: float = 100.0
    jitter_ms: float = 0.0
    errors: float = 0.0

    def delay_s(self, key: str) -> float:
        """Return the time to the answer for *key*, in seconds."""
        return (self.latency_ms + self.jitter_ms * self._share("delay", key)) / 1000

    def refuses(self, key: str, attempt: int) -> bool:
        """Tell whether `/charge` refuses this attempt, counted from 1."""
        return attempt < ALWAYS_PASSES and self._share(f"error{attempt}", key) < self.errors

    def _share(self, *parts: str) -> float:
        text = "\x1f".join((str(self.seed), *parts))
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(digest) / _SCALE


def make_app(service: Service) -> Starlette:
    """Return the ASGI app of *service*."""

    async def wait(request: Request) -> JSONResponse:
        key = request.query_params.get("key", "")
        await asyncio.sleep(service.delay_s(key))
        return JSONResponse({"key": key})

    async def charge(request: Request) -> JSONResponse:
        key = request.query_params.get("key", "")
        attempt = int(request.query_params.get("attempt", "1"))
        await asyncio.sleep(service.delay_s(key))
        refused = service.refuses(key, attempt)
        return JSONResponse({"key": key, "charged": not refused}, 503 if refused else 200)

    return Starlette(routes=[Route("/wait", wait), Route("/charge", charge)])


def service_of(context: AppContext) -> Service:
    """Return the service that the options of the variant ask for."""
    options = dict(context.variant.options)
    return Service(
        seed=context.seed,
        latency_ms=float(options.get("api_latency_ms", "100")),
        jitter_ms=float(options.get("api_jitter_ms", "0")),
        errors=float(options.get("api_errors", "0")),
    )


async def serve(service: Service, listener: socket.socket) -> None:
    """Serve on *listener* until SIGTERM."""
    config = uvicorn.Config(
        make_app(service), log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    await server.serve(sockets=[listener])


def main() -> None:
    """Say where the service is, and serve until SIGTERM."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        sys.stdout.write(json.dumps({"env": {web.API_VARIABLE: url}}) + "\n")
        sys.stdout.flush()
        asyncio.run(serve(service_of(AppContext.from_environment()), listener))


if __name__ == "__main__":
    main()

"""The service that I/O tasks call: a small ASGI app on loopback, its latency and errors by seed.

`GET /wait?key=K` answers after the configured latency; `GET /charge?key=K&attempt=A` also refuses
some requests with 503. What a request meets depends on (seed, key, attempt) alone, so that every
library, run and commit meets the same service. Run as a process of its own:

    python -m benchmarks.harness.mock_api --seed 1 --latency-ms 100 --jitter-ms 20 --errors 0.05

It prints its port on the first line and ends when its standard input is closed.
"""

import argparse
import asyncio
import contextlib
import hashlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

ALWAYS_PASSES = 3  # the attempt that is never refused, so that every order ends
_SCALE = float(2**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the service behaves.

    Attributes:
        seed: with it and the key of a request, everything is decided.
        latency_ms: shortest time to an answer.
        jitter_ms: up to this much is added, evenly spread.
        errors: share of first attempts that `/charge` refuses, 0 to 1.
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


def make_app(service: Service) -> object:
    """Return the ASGI app of *service*."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

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


@contextlib.contextmanager
def running_service(service: Service) -> Iterator[str]:
    """Run *service* in a process of its own for a with-block; yield its base URL."""
    command = [sys.executable, "-m", "benchmarks.harness.mock_api", "--seed", str(service.seed)]
    command += ["--latency-ms", str(service.latency_ms), "--jitter-ms", str(service.jitter_ms)]
    command += ["--errors", str(service.errors)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, process_group=0
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.strip().isdigit():
            raise RuntimeError(f"the mock API did not start; run it by hand: {' '.join(command)}")
        yield f"http://127.0.0.1:{line.strip()}"
    finally:
        if process.stdin:
            process.stdin.close()  # the service ends by itself, also when we are killed
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def main(argv: list[str] | None = None) -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--jitter-ms", type=float, default=0.0)
    parser.add_argument("--errors", type=float, default=0.0)
    options = parser.parse_args(argv)
    service = Service(
        seed=options.seed,
        latency_ms=options.latency_ms,
        jitter_ms=options.jitter_ms,
        errors=options.errors,
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        asyncio.run(_serve(service, listener))


async def _serve(service: Service, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        make_app(service),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    listener.listen(1024)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    closed = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait({serving, closed}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    main()

"""The task bodies, written once for all libraries, each in a sync and an async form.

The async form of CPU work blocks the event loop: that is the anti-pattern some variants show.
"""

import asyncio
import functools
import hashlib
import time

from benchmarks.harness.library.workload import Workload
from benchmarks.harness.shared import payloads, web
from benchmarks.harness.shared.timeline import ATTEMPTS, WIDTH, attached

PBKDF2_ROUNDS = 20_000  # some 10 ms of C code that lets other threads run
HEAVY_STEPS = 100_000  # some 10 ms of Python code that does not
LIGHT_STEPS = 10_000
SLEEP_S = 0.02
HOLD_S = 0.5
_REFUSED = 503


class PaymentRefusedError(Exception):
    """The mock service refused a charge; the library's own retry is to try again."""


def noop(_slot: int) -> None:
    """Do nothing: what is left is the library."""


async def noop_async(_slot: int) -> None:
    """Do nothing, as a coroutine."""


def call_api(slot: int) -> None:
    """Wait for one answer of the mock service."""
    web.client().get("/wait", params={"key": str(slot)}).raise_for_status()


async def call_api_async(slot: int) -> None:
    """Wait for one answer, letting other tasks run."""
    answer = await web.async_client().get("/wait", params={"key": str(slot)})
    answer.raise_for_status()


def sleep(_slot: int) -> None:
    """Occupy a place of the worker for a fixed time, without using the processor."""
    time.sleep(SLEEP_S)


async def sleep_async(_slot: int) -> None:
    """Occupy a place of the worker for a fixed time, as a coroutine."""
    await asyncio.sleep(SLEEP_S)


def hold(_slot: int) -> None:
    """Occupy a place long enough for slow workers to start all of theirs."""
    time.sleep(HOLD_S)


async def hold_async(_slot: int) -> None:
    """Occupy a place as long, as a coroutine."""
    await asyncio.sleep(HOLD_S)


def hash_password(slot: int) -> None:
    """PBKDF2: processor work in C, which releases the interpreter's lock."""
    hashlib.pbkdf2_hmac("sha256", b"correct horse", slot.to_bytes(8), PBKDF2_ROUNDS)


async def hash_password_async(slot: int) -> None:
    """Block the event loop with the same work."""
    hash_password(slot)


def compute(_slot: int) -> None:
    """Processor work in Python, which holds the interpreter's lock."""
    _count(HEAVY_STEPS)


async def compute_async(slot: int) -> None:
    """Block the event loop with the same work."""
    compute(slot)


def compute_lightly(_slot: int) -> None:
    """A tenth of `compute`."""
    _count(LIGHT_STEPS)


async def compute_lightly_async(slot: int) -> None:
    """Light enough for an event loop."""
    compute_lightly(slot)


def _count(steps: int) -> int:
    total = 0
    for number in range(steps):
        total = (total * 31 + number) & 0xFFFFFFFF
    return total


def validate_order(slot: int) -> None:
    """Check an order: a little computing."""
    compute_lightly(slot)


async def validate_order_async(slot: int) -> None:
    """Check an order, in a coroutine."""
    compute_lightly(slot)


def charge_order(slot: int) -> None:
    """Charge the order at the mock service.

    Raises:
        PaymentRefusedError: the service refused this attempt.
    """
    _settle(web.client().get("/charge", params=_charge(slot)).status_code)


async def charge_order_async(slot: int) -> None:
    """Charge the order, letting other tasks run."""
    _settle((await web.async_client().get("/charge", params=_charge(slot))).status_code)


def _charge(slot: int) -> dict[str, str]:
    attempt = attached().words[slot * WIDTH + ATTEMPTS]
    return {"key": str(slot), "attempt": str(attempt)}


def _settle(status: int) -> None:
    if status == _REFUSED:
        raise PaymentRefusedError


def take_payload(_slot: int, kind: str, payload: object) -> None:
    """Look at a payload: it must have arrived with its types.

    Raises:
        TypeError: something came back as another type than it was sent.
    """
    payloads.check(kind, payload)


async def take_payload_async(_slot: int, kind: str, payload: object) -> None:
    """Look at a payload, in a coroutine."""
    payloads.check(kind, payload)


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(name="noop", body=noop, body_async=noop_async),
        Workload(name="call_api", body=call_api, body_async=call_api_async),
        Workload(name="sleep", body=sleep, body_async=sleep_async),
        Workload(name="hold", body=hold, body_async=hold_async),
        Workload(
            name="hash_password", body=hash_password, body_async=hash_password_async, cpu=True
        ),
        Workload(name="compute", body=compute, body_async=compute_async, cpu=True),
        Workload(name="compute_lightly", body=compute_lightly, body_async=compute_lightly_async),
        Workload(name="validate_order", body=validate_order, body_async=validate_order_async),
        Workload(name="charge_order", body=charge_order, body_async=charge_order_async),
        Workload(name="send_email", body=call_api, body_async=call_api_async),
        Workload(name="reserve_stock", body=compute_lightly, body_async=compute_lightly_async),
        *(
            Workload(
                name=f"take_{kind}",
                body=take_payload,
                body_async=take_payload_async,
                arguments=functools.partial(payloads.arguments, kind),
            )
            for kind in payloads.KINDS
        ),
    )
}

"""The process that sends tasks, in the library's environment; driven by lines of JSON.

    in   {"id": 1, "first_slot": 0, "tasks": 1000, "rate_per_s": 0, "seed": 7, "canaries": 0}
    out  {"versions": {...}}                 once, when connected
    out  {"id": 1, "sent": 1000, "cpu_s": 0.2}   when the last task of an order has been sent

With "stretch": 10, `cpu_s` is what the order would have cost at the pace of its cheapest ten tasks
in a row: whatever else runs on the machine, some ten are left alone.

The same code runs for every library: only the adapter's `send` differs. Everything that is not
sending (order of the classes, arguments, instants) is computed before the first stamp.
"""

import asyncio
import gc
import importlib.metadata
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic_ns, process_time, sleep
from typing import Any, cast

from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import load_schedule
from benchmarks.harness.shared.adapter import Adapter, AsyncSenderOf, SenderOf
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.timeline import Timeline

COARSE_NS = 2_000_000
"""An event loop's timers are good to about 1 ms; the last 2 ms of a wait are slept exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the harness asks for; with *canaries*, that many of each class; 0 is no *stretch*."""

    id: int
    first_slot: int
    tasks: int
    rate_per_s: float
    seed: int
    canaries: int = 0
    stretch: int = 0

    def kinds(self, context: AppContext) -> list[int]:
        """The class of each task, as an index."""
        classes = context.variant.tasks
        if self.canaries:
            return list(range(len(classes))) * self.canaries
        return load_schedule.order_of_kinds(classes, self.tasks, self.seed)


type Step = tuple[int, int, Callable[..., Any], tuple[object, ...]]
"""Slot, instant in ns from the begin, the `send` to call, its further arguments."""


def plan(order: Order, context: AppContext, sends: list[Callable[..., Any]]) -> list[Step]:
    """Everything to send for *order*, computed ahead."""
    classes = context.variant.tasks
    kinds = order.kinds(context)
    slots = load_schedule.slots_of(classes, kinds, order.first_slot)
    offsets = load_schedule.offsets_ns(len(kinds), order.rate_per_s, order.seed)
    makers = [WORKLOADS[task.workload].arguments for task in classes]
    return [
        (slot, offset, sends[kind], makers[kind](index, order.seed))
        for index, (kind, slot, offset) in enumerate(zip(kinds, slots, offsets, strict=True))
    ]


def stamp_due(steps: Sequence[Step], context: AppContext, order: Order, line: Timeline) -> int:
    """Write `due` and `kind` of every task; the begin lies a moment ahead, returned in ns."""
    kinds = order.kinds(context)
    begin_ns = monotonic_ns() + 3_000 * len(steps) + COARSE_NS
    for (slot, offset, _, _), kind in zip(steps, kinds, strict=True):
        line.due(slot, begin_ns + offset, kind)
        for step in range(1, context.variant.tasks[kind].slots):
            line.due(slot + step, 0, kind + load_schedule.STEP_KIND * step)
    return begin_ns


def prepare(
    order: Order, context: AppContext, sends: list[Callable[..., Any]], line: Timeline
) -> tuple[list[Step], int]:
    """The steps of *order*, their due times written, and the begin in ns.

    Garbage is collected before the begin is set: how long that takes differs between libraries, and
    whatever lies between the begin and the first send would count as theirs.
    """
    steps = plan(order, context, sends)
    gc.collect()
    return steps, stamp_due(steps, context, order, line)


def wait_until(at_ns: int) -> None:
    """Sleep until *at_ns* has come."""
    while (left_ns := at_ns - monotonic_ns()) > 0:
        sleep(left_ns / load_schedule.NS_PER_S)


def send_all(steps: list[Step], begin_ns: int, line: Timeline) -> None:
    """Send each task when it is due, or at once when that is past."""
    wait_until(begin_ns)
    for slot, offset, send, arguments in steps:
        if offset:
            wait_until(begin_ns + offset)
        line.sent(slot)
        send(slot, *arguments)


async def send_all_async(steps: list[Step], begin_ns: int, line: Timeline) -> None:
    """The same with coroutine functions; waits leave the event loop to the library."""
    wait_until(begin_ns)
    for slot, offset, send, arguments in steps:
        if offset:
            left_ns = begin_ns + offset - monotonic_ns()
            if left_ns > COARSE_NS:
                await asyncio.sleep((left_ns - COARSE_NS) / load_schedule.NS_PER_S)
            wait_until(begin_ns + offset)
        line.sent(slot)
        await send(slot, *arguments)


def stretches(steps: list[Step], length: int) -> list[list[Step]]:
    """*steps* in pieces of *length*, the last one longer; one piece when that is 0.

    >>> [len(piece) for piece in stretches([(0, 0, print, ())] * 25, 10)]
    [10, 15]
    """
    ends = [*range(length, len(steps) - length + 1, length)] if length else []
    return [steps[begin:end] for begin, end in pairwise([0, *ends, len(steps)])]


def cost_s(pieces: Sequence[Sequence[Step]], marks_s: Sequence[float]) -> float:
    """CPU seconds of all *pieces* at the pace of the cheapest; the marks lie around each piece."""
    used_s = [end - begin for begin, end in pairwise(marks_s)]
    per_task_s = (used / max(len(piece), 1) for piece, used in zip(pieces, used_s, strict=True))
    return sum(map(len, pieces)) * min(per_task_s)


def versions(adapter: Adapter) -> dict[str, str]:
    """Installed versions of what the adapter reports; missing ones are left out."""
    installed = {}
    for name in adapter.reported:
        try:
            installed[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed


def orders() -> Iterable[Order]:
    """The orders on standard input, until it is closed."""
    for text in sys.stdin:
        yield Order(**json.loads(text))


def answer(**fields: object) -> None:
    """Write one line to the harness."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def serve(context: AppContext, adapter: Adapter, line: Timeline) -> None:
    """Carry out orders with a synchronous library."""
    with cast("AbstractContextManager[SenderOf]", adapter.producer(context)) as sender_of:
        sends = [sender_of(task) for task in context.variant.tasks]
        answer(versions=versions(adapter))
        for order in orders():
            steps, begin_ns = prepare(order, context, sends, line)
            pieces = stretches(steps, order.stretch)
            marks_s = [process_time()]
            for piece in pieces:
                send_all(piece, begin_ns, line)
                marks_s.append(process_time())
            answer(id=order.id, sent=len(steps), cpu_s=cost_s(pieces, marks_s))


async def serve_async(context: AppContext, adapter: Adapter, line: Timeline) -> None:
    """Carry out orders with a library of coroutines."""
    manager = cast("AbstractAsyncContextManager[AsyncSenderOf]", adapter.producer(context))
    async with manager as sender_of:
        sends = [sender_of(task) for task in context.variant.tasks]
        answer(versions=versions(adapter))
        waiting = iter(orders())
        while (order := await asyncio.to_thread(next, waiting, None)) is not None:
            steps, begin_ns = prepare(order, context, sends, line)
            pieces = stretches(steps, order.stretch)
            marks_s = [process_time()]
            for piece in pieces:
                await send_all_async(piece, begin_ns, line)
                marks_s.append(process_time())
            answer(id=order.id, sent=len(steps), cpu_s=cost_s(pieces, marks_s))


def main() -> None:
    """Connect, then serve until standard input is closed."""
    context = AppContext.from_environment()
    adapter = import_adapter(context.library)
    line = Timeline(context.timeline)
    if adapter.asynchronous:
        asyncio.run(serve_async(context, adapter, line))
    else:
        serve(context, adapter, line)


if __name__ == "__main__":
    main()

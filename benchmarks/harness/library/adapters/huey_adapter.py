"""huey on Redis: one consumer of threads; for CPU and mixed work, of processes.

Workers: `huey_consumer MODULE.app`. A message leaves the broker when it is taken, so a killed
consumer loses what it was doing (at most once). Results are off.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import events, variant_options
from benchmarks.harness.shared.adapter import Adapter, BrokerClient, Send, SenderOf, WorkerCommand
from benchmarks.harness.shared.adapter_support import (
    SupportTable,
    TableAdapter,
    approximate,
    length,
    made_on_first_use,
    unsupported,
)
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, Work, WorkerPlan

NAME = "benchmark"
SUPPORT: SupportTable = {
    ("cpu_bound", "event_loop"): unsupported("it refuses coroutine functions"),
    ("mixed_load", "*"): approximate("one kind of worker for all tasks: processes"),
    ("multi_queue", "*"): approximate("one queue with priorities instead of several queues"),
    ("event_streaming", "on"): approximate("its signals stay in the process: ours publish them"),
    ("fastapi_dispatch", "*"): approximate("no integration of its own: a sync endpoint"),
}


def make_app(context: AppContext) -> Any:
    """Return the Huey instance with one task per workload."""
    from huey import PriorityRedisHuey, RedisHuey

    logging.getLogger("huey").disabled = True  # the consumer sets its level, but not this
    kind = PriorityRedisHuey if len(context.variant.workers.queues) > 1 else RedisHuey
    app = kind(NAME, url=context.broker_url, results=False)
    for name in context.workloads:
        wrapper = app.task(name=name, retries=variant_options.retries_of(context, name))
        setattr(app, f"task_{name}", wrapper(WORKLOADS[name].stamped(__name__)))
    if context.variant.events:
        _publish_signals(app, context)
    return app


def _publish_signals(app: Any, context: AppContext) -> None:
    from huey import signals

    publish = events.redis_publisher(context.broker_url)
    names = {
        signals.SIGNAL_ENQUEUED: "sent",
        signals.SIGNAL_EXECUTING: "started",
        signals.SIGNAL_COMPLETE: events.FINISHED,
    }

    @app.signal(*names)  # type: ignore[untyped-decorator]
    def send(signal: str, task: Any, *_rest: object) -> None:
        publish(names[signal], task.args[0])


class HueyAdapter(TableAdapter):
    """See the module."""

    name = "huey"
    exceptions = SUPPORT
    reported = ("huey", "redis")
    asynchronous = False

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """Threads, or processes for CPU and mixed work; SIGTERM lets running tasks end."""
        plan = context.variant.workers
        computes = plan.work in (Work.CPU, Work.MIXED)
        form = variant_options.cpu_form(context)
        in_processes = computes and form == variant_options.IN_PROCESSES
        kind = "process" if in_processes else "thread"
        workers = plan.processes if in_processes and plan.work is Work.CPU else plan.concurrency
        start = "import sys; from huey.bin.huey_consumer import consumer_main; consumer_main()"
        arguments = ("-c", start, f"{__name__}.app", "-k", kind, "-w", str(workers))
        # Disable periodic tasks, be quiet, and take SIGTERM for the graceful signal.
        return (WorkerCommand(arguments=(*arguments, "-n", "-q", "-g", "TERM")),)

    @contextmanager
    def producer(self, context: AppContext) -> Iterator[SenderOf]:
        """Tasks are sent by calling them; chains with `then`."""
        app = make_app(context)
        yield lambda task: _sender(app, context, task)

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Waiting and scheduled messages; what runs is no longer there."""
        waiting = "ZCARD" if len(queues) > 1 else "LLEN"
        count = length(broker, waiting, f"huey.redis.{NAME}")
        return count + length(broker, "ZCARD", f"huey.schedule.{NAME}")

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Taken messages are not counted."""
        return plan.concurrency


def _sender(app: Any, context: AppContext, task: TaskClass) -> Send:
    first = getattr(app, f"task_{task.workload}")
    if task.then:
        followers = [getattr(app, f"task_{name}") for name in task.then]

        def send_chain(slot: int, *arguments: object) -> object:
            chain = first.s(slot, *arguments)
            for step, follower in enumerate(followers, start=1):
                chain = chain.then(follower, slot + step)
            return app.enqueue(chain)

        return send_chain
    queues = context.variant.workers.queues
    if len(queues) == 1:
        plain: Send = first
        return plain
    priority = len(queues) - queues.index(task.queue)

    def send(slot: int, *arguments: object) -> object:
        return first(slot, *arguments, priority=priority)

    return send


__getattr__ = made_on_first_use(globals(), app=make_app)


ADAPTER: Adapter = HueyAdapter()

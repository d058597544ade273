"""dramatiq on Redis: threads in one process; for CPU work, processes of one thread.

Workers: `dramatiq MODULE:app`. A message is acknowledged when its task has ended; each process
holds up to two messages per thread (the default), those in progress included. A consumer that gets
nothing, or holds all it may, looks again after a pause that doubles from 5 ms to 1 s (the default):
the tail of its paced latency.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
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

NAMESPACE = "dramatiq"
RETRY_AT_ONCE_MS = 1
SILENT = logging.CRITICAL + 1  # a refused charge would log its traceback
_JSON = "its default encoder is JSON, which cannot carry "
SUPPORT: SupportTable = {
    ("cpu_bound", "event_loop"): unsupported("its tasks run on threads, not in an event loop"),
    ("mixed_load", "*"): approximate("one kind of pool for all tasks: threads in some processes"),
    ("serialization", "binary"): unsupported(_JSON + "bytes"),
    ("serialization", "record"): unsupported(_JSON + "datetime, Decimal and UUID"),
    ("multi_queue", "*"): approximate("takes from its queues in turn, without strict priority"),
    ("event_streaming", "on"): approximate("a middleware of ours publishes the events"),
    ("fastapi_dispatch", "*"): approximate("no integration of its own: a sync endpoint"),
}


def make_app(context: AppContext) -> Any:
    """Return the broker with one actor per workload."""
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker

    logging.getLogger("dramatiq").setLevel(SILENT)
    broker = RedisBroker(url=context.broker_url, namespace=NAMESPACE)
    if context.variant.events:
        broker.add_middleware(_event_middleware(context))
    dramatiq.set_broker(broker)
    for name in context.workloads:
        for queue in context.variant.workers.queues:
            dramatiq.actor(
                WORKLOADS[name].stamped(__name__),
                actor_name=actor_name(name, queue),
                queue_name=queue,
                max_retries=variant_options.retries_of(context, name),
                min_backoff=RETRY_AT_ONCE_MS,
                max_backoff=RETRY_AT_ONCE_MS,
            )
    return broker


def actor_name(workload: str, queue: str) -> str:
    """Return the name of an actor; an actor belongs to one queue."""
    return workload if queue == "default" else f"{workload}_{queue}"


def _event_middleware(context: AppContext) -> Any:
    from dramatiq import Middleware

    publish = events.redis_publisher(context.broker_url)

    class Publisher(Middleware):  # type: ignore[misc]
        def after_enqueue(self, _broker: Any, message: Any, _delay: Any) -> None:
            publish("sent", message.args[0])

        def before_process_message(self, _broker: Any, message: Any) -> None:
            publish("started", message.args[0])

        def after_process_message(
            self, _broker: Any, message: Any, *, result: Any = None, exception: Any = None
        ) -> None:
            del result
            publish("failed" if exception else events.FINISHED, message.args[0])

    return Publisher()


class DramatiqAdapter(TableAdapter):
    """See the module."""

    name = "dramatiq"
    exceptions = SUPPORT
    reported = ("dramatiq", "redis")
    asynchronous = False

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """Threads, spread over the processes of the plan; for CPU work, processes of one thread."""
        processes, threads = _shape(context)
        arguments = ["-m", "dramatiq", f"{__name__}:app", "--processes", str(processes)]
        arguments += ["--threads", str(threads), "--skip-logging", "--queues"]
        return (WorkerCommand(arguments=(*arguments, *context.variant.workers.queues)),)

    @contextmanager
    def producer(self, context: AppContext) -> Iterator[SenderOf]:
        """Tasks are sent with `send`; chains as pipelines."""
        broker = make_app(context)
        try:
            yield lambda task: _sender(broker, task)
        finally:
            broker.close()

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Messages of each queue and of its delayed one; they leave when acknowledged."""
        names = [f"{NAMESPACE}:{queue}{suffix}.msgs" for queue in queues for suffix in ("", ".DQ")]
        return sum(length(broker, "HLEN", name) for name in names)

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Acknowledged a little after the end."""
        return plan.concurrency


def _shape(context: AppContext) -> tuple[int, int]:
    """Return how many processes, and threads of each."""
    plan = context.variant.workers
    if variant_options.cpu_form(context) == variant_options.ON_THREADS:
        return 1, plan.concurrency
    if plan.work is Work.CPU:
        return plan.processes, 1
    return plan.processes, -(-plan.concurrency // plan.processes)


def _sender(broker: Any, task: TaskClass) -> Send:
    if task.then:
        from dramatiq import pipeline

        actors = [
            broker.get_actor(actor_name(name, task.queue)) for name in (task.workload, *task.then)
        ]

        def send_chain(slot: int, *arguments: object) -> object:
            steps = [actors[0].message(slot, *arguments)]
            steps += [
                actor.message_with_options(args=(slot + step,), pipe_ignore=True)
                for step, actor in enumerate(actors[1:], start=1)
            ]
            return pipeline(steps).run()

        return send_chain
    send: Callable[..., object] = broker.get_actor(actor_name(task.workload, task.queue)).send
    return send


__getattr__ = made_on_first_use(globals(), app=make_app)


ADAPTER: Adapter = DramatiqAdapter()

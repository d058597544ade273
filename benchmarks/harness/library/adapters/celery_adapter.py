"""Celery on Redis: a prefork pool for CPU work, threads for the rest; results and events off."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import variant_options
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

DEFAULT_QUEUE = "default"
PREFETCH = 4
"""Celery's default of `worker_prefetch_multiplier`."""

CPU_QUEUE = "cpu"
"""Queue of the second worker, of processes, where work is mixed."""

SUPPORT: SupportTable = {
    ("cpu_bound", "event_loop"): unsupported("its tasks run in pools, not in an event loop"),
    ("mixed_load", "*"): approximate("one kind of pool per worker: a second one for CPU work"),
    ("serialization", "record"): approximate("its JSON gives every type back but sets and tuples"),
    ("fastapi_dispatch", "*"): approximate("no integration of its own: a sync endpoint"),
}


def make_app(context: AppContext) -> Any:
    """The application with one task per workload."""
    from celery import Celery

    app = Celery("benchmark", broker=context.broker_url)
    app.conf.update(
        task_ignore_result=True,
        worker_prefetch_multiplier=PREFETCH,
        worker_send_task_events=context.variant.events,
        task_send_sent_event=context.variant.events,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"queue_order_strategy": "priority"},
        worker_hijack_root_logger=False,
        task_create_missing_queues=True,
        task_default_queue=DEFAULT_QUEUE,
    )
    for name in context.workloads:
        app.task(name=name, ignore_result=True)(_body(name, context))
    return app


def _body(name: str, context: AppContext) -> Callable[..., None]:
    """The stamped sync body of a workload; retried at once where its class wants retries."""
    body = WORKLOADS[name].stamped(__name__)
    retries = variant_options.retries_of(context, name)
    if not retries:
        return body

    from celery import current_task

    def run(slot: int, *arguments: object) -> None:
        try:
            body(slot, *arguments)
        except Exception as error:
            raise current_task.retry(exc=error, countdown=0, max_retries=retries) from error

    run.__name__ = run.__qualname__ = name
    run.__module__ = __name__
    return run


__getattr__ = made_on_first_use(globals(), app=make_app)


class CeleryAdapter(TableAdapter):
    """See `benchmarks.harness.shared.adapter.Adapter`."""

    name = "celery"
    exceptions = SUPPORT
    reported = ("celery", "kombu", "redis")
    asynchronous = False

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One worker: prefork when the work is CPU, else threads; both when it is mixed."""
        plan = context.variant.workers
        on_threads = variant_options.cpu_form(context) == variant_options.ON_THREADS
        pool = "prefork" if plan.work is Work.CPU and not on_threads else "threads"
        commands = [_worker(context, pool, plan.concurrency, plan.queues)]
        if plan.work is Work.MIXED:
            commands.append(_worker(context, "prefork", plan.processes, (CPU_QUEUE,)))
        return commands

    @contextmanager
    def producer(self, context: AppContext) -> Iterator[SenderOf]:
        """Send with `apply_async` over the one pooled connection."""
        app = make_app(context)
        try:
            yield lambda task: _sender(app, context, task)
        finally:
            app.close()

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Waiting messages of each queue, and those fetched but not acknowledged."""
        names = dict.fromkeys((*queues, CPU_QUEUE))
        waiting = sum(length(broker, "LLEN", queue) for queue in names)
        return waiting + length(broker, "HLEN", "unacked")

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Acknowledged before it runs: what the pool holds is no longer counted."""
        return plan.concurrency * (1 + PREFETCH)


def _sender(app: Any, context: AppContext, task: TaskClass) -> Send:
    if task.then:
        from celery import chain

        names = (task.workload, *task.then)

        def send_chain(slot: int, *arguments: object) -> object:
            signatures = [
                app.signature(name, (slot + step, *arguments), immutable=True, queue=task.queue)
                for step, name in enumerate(names)
            ]
            return chain(*signatures).apply_async()

        return send_chain

    apply_async, queue = app.tasks[task.workload].apply_async, task.queue
    if context.variant.workers.work is Work.MIXED and WORKLOADS[task.workload].cpu:
        queue = CPU_QUEUE
    # Naming the queue that is the default anyway costs Celery 8 % more per call.
    routed = {} if queue == DEFAULT_QUEUE else {"queue": queue}

    def send(slot: int, *arguments: object) -> object:
        return apply_async((slot, *arguments), **routed)

    return send


def _worker(
    context: AppContext, pool: str, concurrency: int, queues: Sequence[str]
) -> WorkerCommand:
    arguments = [
        "-m", "celery", "-q", "-A", __name__, "worker", "-P", pool, "-c", str(concurrency),
        "-Q", ",".join(queues), "-l", "CRITICAL", "--without-gossip", "--without-mingle",
        "--without-heartbeat", "-n", f"benchmark-{pool}-{os.getpid()}@localhost",
    ]  # fmt: skip
    if context.variant.events:
        arguments.append("-E")
    return WorkerCommand(arguments=tuple(arguments))


ADAPTER: Adapter = CeleryAdapter()

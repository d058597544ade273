"""AsyncTasQ on Redis: one process of coroutines, a process pool for CPU work; events off.

Works with every release from 1.0.0 to 1.7.0 (each was run once by hand). Its worker logs each
task through `rich`; that is switched off where the tasks are made, the only place that its command
line leaves for it.
"""

import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.harness.library import chains
from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import variant_options
from benchmarks.harness.shared.adapter import (
    Adapter,
    AsyncSenderOf,
    BrokerClient,
    SendAsync,
    WorkerCommand,
)
from benchmarks.harness.shared.adapter_support import (
    SupportTable,
    TableAdapter,
    approximate,
    length,
)
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, Work, WorkerPlan

SILENT = logging.CRITICAL + 1
PROCESS_TASK = "ProcessTask_"
"""Prefix of the classes that run a workload in the process pool."""

THREAD_TASK = "thread_task_"
"""Prefix of the sync functions, which the library runs on threads."""

RETRY_AT_ONCE = {
    "ASYNCTASQ_TASK_DEFAULTS_RETRY_STRATEGY": "fixed",
    "ASYNCTASQ_TASK_DEFAULTS_RETRY_DELAY": "0",
}
"""Its workers take the delay between attempts from their own defaults, 60 s, not from the task."""

EVENTS_ON = {
    "ASYNCTASQ_EVENTS_ENABLE_ALL": "1",
    "ASYNCTASQ_EVENTS_ENABLE_EVENT_EMITTER_REDIS": "1",
}
"""Wanted by producer and worker; the option of the command line alone publishes nothing."""

SUPPORT: SupportTable = {
    ("order_pipeline", "*"): approximate("no chains of its own: each task sends the next one"),
}


def __getattr__(name: str) -> Any:
    """The stamped body of a workload by its name, or its process-pool class; made on first use."""
    workload = WORKLOADS.get(name.removeprefix(PROCESS_TASK).removeprefix(THREAD_TASK))
    if workload is None:
        raise AttributeError(name)
    logging.getLogger("asynctasq").setLevel(SILENT)
    made: Any
    if name.startswith(PROCESS_TASK):
        made = _process_class(name)
    elif name.startswith(THREAD_TASK):
        made = workload.stamped(__name__)
        made.__name__ = made.__qualname__ = name
    else:
        made = workload.stamped_async(__name__)
        if chains.has_chains():
            made = _chained(name, made)
    globals()[name] = made
    return made


def _chained(name: str, body: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The stamped body, which sends the next step of its chain when it has one."""

    async def run(slot: int, *arguments: object) -> None:
        await body(slot, *arguments)
        if following := chains.take_next(slot):
            context = AppContext.from_environment()
            await _sender(_step(context, following[0]), context)(following[1])

    run.__name__ = run.__qualname__ = name
    return run


def _step(context: AppContext, workload: str) -> TaskClass:
    """A task class for one step of a chain."""
    retries = variant_options.retries_of(context, workload)
    queue = context.variant.workers.queues[0]
    return TaskClass(name=workload, workload=workload, queue=queue, max_retries=retries)


def _process_class(name: str) -> type:
    """A `SyncProcessTask` around a workload: the library's way to leave its process."""
    from asynctasq import SyncProcessTask

    body = WORKLOADS[name.removeprefix(PROCESS_TASK)].stamped(__name__)

    def execute(self: Any) -> None:
        body(self.slot, *self.arguments)

    members = {"execute": execute, "__module__": __name__, "__qualname__": name}
    return type(name, (SyncProcessTask,), members)


class AsyncTasQAdapter(TableAdapter):
    """See `benchmarks.harness.shared.adapter.Adapter`."""

    name = "asynctasq"
    exceptions = SUPPORT
    reported = ("asynctasq", "redis", "hiredis", "uvloop", "msgspec", "msgpack")
    asynchronous = True

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One worker; its pool for CPU work has a process per core, whatever the option says."""
        plan = context.variant.workers
        arguments = [
            "-m", "asynctasq", "worker", "--driver", "redis", "--redis-url", context.broker_url,
            "--queues", ",".join(plan.queues), "--concurrency", str(plan.concurrency),
        ]  # fmt: skip
        if plan.work in (Work.CPU, Work.MIXED):
            arguments += ["--process-pool-size", str(plan.processes)]
        return (WorkerCommand(arguments=tuple(arguments), environment=_settings(context)),)

    @asynccontextmanager
    async def producer(self, context: AppContext) -> AsyncIterator[AsyncSenderOf]:
        """Dispatch through the library's own default dispatcher."""
        import asynctasq

        logging.getLogger("asynctasq").setLevel(SILENT)
        os.environ.update(_settings(context))
        asynctasq.init({"driver": "redis", "redis": asynctasq.RedisConfig(url=context.broker_url)})

        try:
            yield lambda task: _sender(task, context)
        finally:
            await asynctasq.cleanup()

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Waiting, delayed and fetched messages; fetched ones leave when acknowledged."""
        return sum(
            length(broker, "LLEN", f"queue:{queue}")
            + length(broker, "LLEN", f"queue:{queue}:processing")
            + length(broker, "ZCARD", f"queue:{queue}:delayed")
            for queue in queues
        )

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Acknowledged after it ran: up to the concurrency may be finished but counted."""
        return plan.concurrency


def _settings(context: AppContext) -> tuple[tuple[str, str], ...]:
    retried = any(task.max_retries for task in context.variant.tasks)
    wanted = (RETRY_AT_ONCE if retried else {}) | (EVENTS_ON if context.variant.events else {})
    if context.variant.events:
        wanted |= {"ASYNCTASQ_EVENTS_REDIS_URL": context.broker_url}
    if any(task.then for task in context.variant.tasks):  # tasks that send tasks
        wanted |= {"ASYNCTASQ_DRIVER": "redis", "ASYNCTASQ_REDIS_URL": context.broker_url}
    return tuple(wanted.items())


def _sender(task: TaskClass, context: AppContext) -> SendAsync:
    """The fast path of one task class."""
    from asynctasq import task as as_task

    module = sys.modules[__name__]
    attempts = task.max_retries + 1
    computes = WORKLOADS[task.workload].cpu
    form = variant_options.cpu_form(context) if computes else variant_options.IN_EVENT_LOOP
    if form == variant_options.IN_PROCESSES:
        process_task = getattr(module, PROCESS_TASK + task.workload)

        async def send_to_pool(slot: int, *arguments: object) -> object:
            made = process_task(slot=slot, arguments=arguments).on_queue(task.queue)
            return await made.max_attempts(attempts).dispatch()

        return send_to_pool

    name = THREAD_TASK + task.workload if form == variant_options.ON_THREADS else task.workload
    function = as_task(queue=task.queue, max_attempts=attempts)(getattr(module, name))

    async def send(slot: int, *arguments: object) -> object:
        return await function(slot, *arguments).dispatch()

    return send


ADAPTER: Adapter = AsyncTasQAdapter()

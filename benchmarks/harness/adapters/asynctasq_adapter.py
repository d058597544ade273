"""AsyncTasQ on Redis: one process of coroutines, a process pool for CPU work; events off.

Works with every release from 1.0.0 on (tests/benchmarks/harness/adapters/). Its worker logs each
task through `rich`; that is switched off where the tasks are made, the only place that its command
line leaves for it.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.harness.adapter import (
    AsyncSenderOf,
    BrokerClient,
    BrokerKind,
    SendAsync,
    Support,
    WorkerCommand,
)
from benchmarks.harness.context import AppContext
from benchmarks.harness.spec import TaskClass, Work, WorkerPlan
from benchmarks.harness.workloads import WORKLOADS

SILENT = logging.CRITICAL + 1
PROCESS_TASK = "ProcessTask_"
"""Prefix of the classes that run a workload in the process pool."""


def __getattr__(name: str) -> Any:
    """The stamped body of a workload by its name, or its process-pool class; made on first use."""
    workload = WORKLOADS.get(name.removeprefix(PROCESS_TASK))
    if workload is None:
        raise AttributeError(name)
    logging.getLogger("asynctasq").setLevel(SILENT)
    made = (
        _process_class(name) if name.startswith(PROCESS_TASK) else workload.stamped_async(__name__)
    )
    globals()[name] = made
    return made


def _process_class(name: str) -> type:
    """A `SyncProcessTask` around a workload: the library's way to leave its process."""
    from asynctasq import SyncProcessTask

    body = WORKLOADS[name.removeprefix(PROCESS_TASK)].stamped(__name__)

    def execute(self: Any) -> None:
        body(self.slot, *self.arguments)

    members = {"execute": execute, "__module__": __name__, "__qualname__": name}
    return type(name, (SyncProcessTask,), members)


class AsyncTasQAdapter:
    """See `benchmarks.harness.adapter.Adapter`."""

    name = "asynctasq"
    distribution = "asynctasq"
    reported = ("asynctasq", "redis", "hiredis", "uvloop", "msgspec", "msgpack")
    broker = BrokerKind.REDIS
    asynchronous = True

    def support(self, scenario: str, variant: str) -> Support:  # noqa: ARG002
        """Everything."""
        return Support()

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One worker; for CPU work its process pool is as large as the concurrency."""
        plan = context.variant.workers
        arguments = [
            "-m", "asynctasq", "worker", "--driver", "redis", "--redis-url", context.broker_url,
            "--queues", ",".join(plan.queues), "--concurrency", str(plan.concurrency),
        ]  # fmt: skip
        if plan.work in (Work.CPU, Work.MIXED):
            arguments += ["--process-pool-size", str(max(plan.processes, 1))]
        return (WorkerCommand(arguments=tuple(arguments), environment=_events(context)),)

    @asynccontextmanager
    async def producer(self, context: AppContext) -> AsyncIterator[AsyncSenderOf]:
        """Dispatch through the library's own default dispatcher."""
        import asynctasq

        logging.getLogger("asynctasq").setLevel(SILENT)
        asynctasq.init({"driver": "redis", "redis": asynctasq.RedisConfig(url=context.broker_url)})

        yield lambda task: _sender(task, context.variant.workers)
        await asynctasq.cleanup()

    def prepare(self, broker: BrokerClient, context: AppContext) -> None:
        """Nothing: queues come with the first message."""

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Waiting, delayed and fetched messages; fetched ones leave when acknowledged."""
        count = 0
        for queue in queues:
            count += int(str(broker.command("LLEN", f"queue:{queue}")))
            count += int(str(broker.command("LLEN", f"queue:{queue}:processing")))
            count += int(str(broker.command("ZCARD", f"queue:{queue}:delayed")))
        return count

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Acknowledged after it ran: up to the concurrency may be finished but counted."""
        return plan.concurrency


def _events(context: AppContext) -> tuple[tuple[str, str], ...]:
    return (("ASYNCTASQ_EVENTS_ENABLE_ALL", "1"),) if context.variant.events else ()


def _sender(task: TaskClass, plan: WorkerPlan) -> SendAsync:
    """The fast path of one task class."""
    import sys

    from asynctasq import task as as_task

    module = sys.modules[__name__]
    attempts = task.max_retries + 1
    if plan.work is Work.CPU:
        process_task = getattr(module, PROCESS_TASK + task.workload)

        async def send_to_pool(slot: int, *arguments: object) -> object:
            made = process_task(slot=slot, arguments=arguments).on_queue(task.queue)
            return await made.max_attempts(attempts).dispatch()

        return send_to_pool

    function = as_task(queue=task.queue, max_attempts=attempts)(getattr(module, task.workload))

    async def send(slot: int, *arguments: object) -> object:
        return await function(slot, *arguments).dispatch()

    return send


ADAPTER = AsyncTasQAdapter()

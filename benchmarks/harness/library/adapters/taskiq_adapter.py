"""taskiq over Redis streams: coroutines in one child process, sync tasks in its executor.

Workers: `taskiq worker MODULE:app`. Acknowledged when the result is saved (the default; here there
is no result backend). A stream keeps its entries after they are acknowledged, so the backlog is
what the consumer group has not read plus what it has not acknowledged.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.harness.library import chains
from benchmarks.harness.library.process_pool import POOL_BODIES
from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import events, variant_options
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
    made_on_first_use,
    unsupported,
)
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, WorkerPlan

GROUP = "taskiq"
_JSON = "its default serializer is JSON, which cannot carry "
SUPPORT: SupportTable = {
    ("serialization", "binary"): unsupported(_JSON + "bytes"),
    ("serialization", "record"): unsupported(_JSON + "datetime, Decimal and UUID as such"),
    ("order_pipeline", "*"): approximate("no chains of its own: each task sends the next one"),
    ("multi_queue", "*"): approximate("reads all streams in one call, up to 100 entries of each"),
    ("event_streaming", "on"): approximate("a middleware of ours publishes the events"),
    ("fastapi_dispatch", "*"): approximate("broker started in the application's lifespan"),
}


def make_app(context: AppContext) -> Any:
    """Return the broker with all workloads of *context* registered."""
    from taskiq import SimpleRetryMiddleware
    from taskiq_redis import RedisStreamBroker

    first, *others = context.variant.workers.queues
    connection = {}
    if variant_options.is_held(context):
        # It waits for messages all the time. Those that came while it was held it would lose, as
        # the client gives up after 5 s, and take them back after ten minutes only.
        connection["socket_timeout"] = variant_options.HELD_ANSWER_LIMIT_S
    broker = RedisStreamBroker(
        context.broker_url,
        queue_name=first,
        additional_streams=dict.fromkeys(others, ">"),
        **connection,
    )
    broker.add_middlewares(SimpleRetryMiddleware())
    if context.variant.events:
        broker.add_middlewares(_event_middleware(context))
    for name in context.workloads:
        retries = variant_options.retries_of(context, name)
        labels = {"retry_on_error": True, "max_retries": retries + 1} if retries else {}
        broker.register_task(_function(context, broker, name), task_name=name, **labels)
    return broker


def _function(context: AppContext, broker: Any, name: str) -> Callable[..., object]:
    workload, form = WORKLOADS[name], variant_options.cpu_form(context)
    if workload.cpu and form == variant_options.IN_PROCESSES:
        return POOL_BODIES[name]
    if workload.cpu and form == variant_options.ON_THREADS:
        return workload.stamped(__name__)
    body = workload.stamped_async(__name__)
    if not any(task.then for task in context.variant.tasks):
        return body

    async def run(slot: int, *arguments: object) -> None:
        await body(slot, *arguments)
        following = chains.take_next(slot)
        if following:
            await broker.find_task(following[0]).kiq(following[1])

    return run


def _event_middleware(context: AppContext) -> Any:
    from taskiq import TaskiqMiddleware

    class Publisher(TaskiqMiddleware):  # type: ignore[misc]
        async def startup(self) -> None:
            self.publish = events.async_redis_publisher(context.broker_url)

        async def post_send(self, message: Any) -> None:
            await self.publish("sent", message.args[0])

        async def pre_execute(self, message: Any) -> Any:
            await self.publish("started", message.args[0])
            return message

        async def post_execute(self, message: Any, _result: Any) -> None:
            await self.publish(events.FINISHED, message.args[0])

    return Publisher()


class TaskiqAdapter(TableAdapter):
    """See the module."""

    name = "taskiq"
    exceptions = SUPPORT
    reported = ("taskiq", "taskiq-redis", "redis")
    asynchronous = True

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One child process with `concurrency` coroutines; CPU work in its process pool."""
        plan = context.variant.workers
        arguments = ["-m", "taskiq", "worker", f"{__name__}:app", "--workers", "1"]
        arguments += ["--max-async-tasks", str(plan.concurrency), "--log-level", "CRITICAL"]
        arguments += ["--wait-tasks-timeout", "60"]
        form = variant_options.cpu_form(context)
        if any(WORKLOADS[name].cpu for name in context.workloads):
            if form == variant_options.IN_PROCESSES:
                arguments += ["--use-process-pool"]
                arguments += ["--max-process-pool-processes", str(plan.processes)]
            elif form == variant_options.ON_THREADS:
                arguments += ["--max-threadpool-threads", str(plan.concurrency)]
        return (WorkerCommand(arguments=tuple(arguments)),)

    @asynccontextmanager
    async def producer(self, context: AppContext) -> AsyncIterator[AsyncSenderOf]:
        """Tasks are sent with `kiq`, one await each."""
        broker = make_app(context)
        await broker.startup()

        def sender_of(task: TaskClass) -> SendAsync:
            found = broker.find_task(task.workload)
            send: Callable[..., Awaitable[object]]
            send = found.kicker().with_labels(queue_name=task.queue).kiq
            return send

        try:
            yield sender_of
        finally:
            await broker.shutdown()

    def prepare(self, broker: BrokerClient, context: AppContext) -> None:
        """Make streams and consumer group: a group made later would not see earlier messages."""
        for queue in context.variant.workers.queues:
            if not broker.command("EXISTS", queue):
                broker.command("XGROUP", "CREATE", queue, GROUP, "$", "MKSTREAM")

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Entries that the group has not read or not acknowledged."""
        total = 0
        for queue in queues:
            for group in broker.command("XINFO", "GROUPS", queue):  # type: ignore[attr-defined]
                facts = (
                    group
                    if isinstance(group, dict)
                    else dict(zip(group[::2], group[1::2], strict=True))
                )
                named = {_text(name): value for name, value in facts.items()}
                total += int(named["lag"] or 0) + int(named["pending"])
        return total

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Finished tasks are acknowledged a little later."""
        return 2 * plan.concurrency


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


__getattr__ = made_on_first_use(globals(), app=make_app)


ADAPTER: Adapter = TaskiqAdapter()

"""arq on Redis: coroutines in one process; CPU work in an executor of the worker's own.

Workers: `arq MODULE.WorkerSettings`. A job stays in the queue until it has ended. The default pause
between two polls, 0.5 s, caps throughput at some 200 tasks/s whatever the machine; here it is
0.01 s, unless a variant has the option `tuned` off.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.harness.library import chains, process_pool
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
    length,
    made_on_first_use,
    unsupported,
)
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, WorkerPlan

POLL_S = 0.01
DEFAULT_POLL_S = 0.5
GRACE_S = 60
QUIET = {"version": 1, "disable_existing_loggers": False, "loggers": {"arq": {"level": 60}}}
"""For `arq --custom-log-dict`: by default each job logs two lines."""
SUPPORT: SupportTable = {
    ("cpu_bound", "processes"): approximate("no process pool: an executor in the worker's context"),
    ("cpu_bound", "threads"): unsupported("it runs coroutines only"),
    ("mixed_load", "*"): approximate("no process pool: an executor in the worker's context"),
    ("order_pipeline", "*"): approximate("no chains of its own: each task sends the next one"),
    ("multi_queue", "*"): unsupported("a worker reads one queue, and there are no priorities"),
    ("event_streaming", "on"): approximate("its hooks publish events of ours"),
    ("fastapi_dispatch", "*"): approximate("connection pool made in the application's lifespan"),
}


def make_function(context: AppContext, name: str) -> Any:
    """Return the arq function of a workload."""
    from arq import func

    retries = variant_options.retries_of(context, name)
    return func(_coroutine(context, name, retries), name=name, max_tries=retries + 1)


def _coroutine(context: AppContext, name: str, retries: int) -> Callable[..., Awaitable[None]]:
    from arq import Retry

    workload = WORKLOADS[name]
    in_pool = workload.cpu and variant_options.cpu_form(context) == variant_options.IN_PROCESSES
    body = workload.stamped_async(__name__)
    chained = any(task.then for task in context.variant.tasks)

    async def run(ctx: dict[str, Any], slot: int, *arguments: object) -> None:
        try:
            if in_pool:
                await process_pool.run_in_pool(name, slot)
            else:
                await body(slot, *arguments)
        except Exception as error:
            if ctx["job_try"] <= retries:
                raise Retry(defer=0) from error
            raise
        if chained and (following := chains.take_next(slot)):
            await ctx["redis"].enqueue_job(*following)

    return run


def make_settings(context: AppContext) -> type:
    """Return the class of settings that the worker's command wants."""
    from arq.connections import RedisSettings

    plan = context.variant.workers
    settings: dict[str, object] = {
        "functions": [make_function(context, name) for name in context.workloads],
        "redis_settings": RedisSettings.from_dsn(context.broker_url),
        "max_jobs": plan.concurrency,
        "keep_result": 0,
        "poll_delay": POLL_S if variant_options.is_tuned(context.variant) else DEFAULT_POLL_S,
        "job_completion_wait": GRACE_S,
        "log_results": False,
    }
    if context.variant.events:
        settings |= _event_hooks(context)
    return type("WorkerSettings", (), settings)


def _event_hooks(context: AppContext) -> dict[str, object]:
    publish = events.async_redis_publisher(context.broker_url)

    async def on_job_start(ctx: dict[str, Any]) -> None:
        await publish("started", ctx["job_id"])

    async def after_job_end(ctx: dict[str, Any]) -> None:
        await publish(events.FINISHED, ctx["job_id"])

    # Plain functions in a class become methods, and arq calls them with the context alone.
    return {
        "on_job_start": staticmethod(on_job_start),
        "after_job_end": staticmethod(after_job_end),
    }


class ArqAdapter(TableAdapter):
    """See the module."""

    name = "arq"
    exceptions = SUPPORT
    reported = ("arq", "redis", "hiredis")
    asynchronous = True

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One process; it has no option for more, and finds its settings in the context."""
        del context
        start = "from arq.cli import cli; cli()"
        arguments = ("-c", start, f"{__name__}.WorkerSettings")
        return (WorkerCommand(arguments=(*arguments, "--custom-log-dict", f"{__name__}.QUIET")),)

    @asynccontextmanager
    async def producer(self, context: AppContext) -> AsyncIterator[AsyncSenderOf]:
        """Jobs are sent with `enqueue_job`, one await each."""
        from arq import create_pool
        from arq.connections import RedisSettings

        pool = await create_pool(RedisSettings.from_dsn(context.broker_url))
        try:
            yield lambda task: _sender(pool, context, task)
        finally:
            await pool.aclose()

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Jobs in the one queue, running ones included."""
        del queues
        return length(broker, "ZCARD", "arq:queue")

    def local_buffer(self, plan: WorkerPlan) -> int:
        """A job leaves the queue after it has ended."""
        return 2 * plan.concurrency


def _sender(pool: Any, context: AppContext, task: TaskClass) -> SendAsync:
    enqueue, name = pool.enqueue_job, task.workload

    async def send(slot: int, *arguments: object) -> object:
        return await enqueue(name, slot, *arguments)

    async def send_named(slot: int, *arguments: object) -> object:
        return await enqueue(name, slot, *arguments, _job_id=str(slot))

    return send_named if context.variant.events else send


__getattr__ = made_on_first_use(globals(), WorkerSettings=make_settings)


ADAPTER: Adapter = ArqAdapter()

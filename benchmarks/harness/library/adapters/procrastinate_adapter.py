"""procrastinate on PostgreSQL: coroutines in one process; CPU work in an executor of its own.

Workers: `procrastinate --app=MODULE.app worker`. Jobs are rows; those that succeeded are deleted,
so that the table, and with it the time of a fetch, does not grow from run to run. PostgreSQL runs
with `synchronous_commit=off` and in memory, like the Redis of the others, which keeps nothing on
disk; for a variant with the option `tuned` off it commits to disk. The log is switched off by its
logger: the command's option for that is new in 3.10.
"""

import logging
import os
import subprocess
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
    BrokerKind,
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
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.spec import TaskClass, WorkerPlan

SILENT = logging.CRITICAL + 1
_JSON = "its arguments are JSON, which cannot carry "
_EXECUTOR = "no process pool: an executor of the worker's own"
SUPPORT: SupportTable = {
    ("cpu_bound", "processes"): approximate(_EXECUTOR),
    ("mixed_load", "*"): approximate(_EXECUTOR),
    ("serialization", "binary"): unsupported(_JSON + "bytes"),
    ("serialization", "record"): unsupported(_JSON + "datetime, Decimal and UUID"),
    ("order_pipeline", "*"): approximate("no chains of its own: each task sends the next one"),
    ("event_streaming", "on"): approximate("a middleware of ours publishes the events by NOTIFY"),
    ("fastapi_dispatch", "*"): approximate("application opened in the lifespan"),
}


def make_app(context: AppContext) -> Any:
    """Return the application with one task per workload."""
    from procrastinate import App, PsycopgConnector, RetryStrategy

    logging.getLogger("procrastinate").setLevel(SILENT)
    connector = PsycopgConnector(conninfo=context.broker_url)
    middleware = [_publisher(connector)] if context.variant.events else []
    app = App(connector=connector, worker_defaults={"worker_middleware": middleware})
    for name in context.workloads:
        retries = variant_options.retries_of(context, name)
        retry = RetryStrategy(max_attempts=retries, wait=0) if retries else False
        app.task(name=name, retry=retry)(_function(context, app, name))
    return app


def _function(context: AppContext, app: Any, name: str) -> Callable[..., object]:
    workload, form = WORKLOADS[name], variant_options.cpu_form(context)
    if workload.cpu and form == variant_options.ON_THREADS:
        body = workload.stamped(__name__)

        def run_on_thread(slot: int, arguments: list[object]) -> None:
            body(slot, *arguments)

        return run_on_thread
    in_pool = workload.cpu and form == variant_options.IN_PROCESSES
    body_async: Callable[..., Awaitable[None]] = workload.stamped_async(__name__)
    chained = any(task.then for task in context.variant.tasks)

    async def run(slot: int, arguments: list[object]) -> None:
        if in_pool:
            await process_pool.run_in_pool(name, slot)
        else:
            await body_async(slot, *arguments)
        if chained and (following := chains.take_next(slot)):
            await app.configure_task(following[0]).defer_async(slot=following[1], arguments=[])

    return run


def _publisher(connector: Any) -> Any:
    async def publish(call_next: Any, context: Any, _worker: Any) -> Any:
        slot = context.job.task_kwargs["slot"]
        await _notify(connector, "started", slot)
        result = await call_next()
        await _notify(connector, events.FINISHED, slot)
        return result

    return publish


async def _notify(connector: Any, event: str, slot: object) -> None:
    await connector.execute_query_async(
        "SELECT pg_notify(%(channel)s, %(text)s)",
        channel=events.CHANNEL,
        text=events.encode(event, slot),
    )


class ProcrastinateAdapter(TableAdapter):
    """See the module."""

    name = "procrastinate"
    exceptions = SUPPORT
    reported = ("procrastinate", "psycopg", "psycopg-binary")
    broker = BrokerKind.POSTGRES
    asynchronous = True

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """One process with `concurrency` coroutines."""
        plan = context.variant.workers
        start = "from procrastinate.cli import main; main()"
        arguments = ["-c", start, f"--app={__name__}.app", "worker"]
        arguments += ["--concurrency", str(plan.concurrency), "--delete-jobs", "successful"]
        return (WorkerCommand(arguments=(*arguments, "--queues", ",".join(plan.queues))),)

    @asynccontextmanager
    async def producer(self, context: AppContext) -> AsyncIterator[AsyncSenderOf]:
        """Jobs are sent with `defer_async`, one await each."""
        app = make_app(context)
        async with app.open_async():
            yield lambda task: _sender(app, context, task)

    def prepare(self, broker: BrokerClient, context: AppContext) -> None:
        """Make the tables when they are not there, with the library's own schema."""
        if broker.query("SELECT to_regclass('procrastinate_jobs')")[0][0] is not None:
            return
        code = f"from {__name__} import app\nwith app.open(): app.schema_manager.apply_schema()"
        completed = subprocess.run(
            [context.python, "-c", code],
            env={**os.environ, **context.to_environment(), "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=False,
        )
        if completed.returncode:
            last = (completed.stderr.strip() or "no output").splitlines()[-1]
            raise CellFailedError(f"procrastinate did not create its tables: {last}")

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Jobs to do or being done."""
        del queues
        sql = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        return int(str(broker.query(sql)[0][0]))

    def local_buffer(self, plan: WorkerPlan) -> int:
        """A job's row is changed after it has ended."""
        return 2 * plan.concurrency


def _sender(app: Any, context: AppContext, task: TaskClass) -> SendAsync:
    queues = context.variant.workers.queues
    priority = len(queues) - queues.index(task.queue)
    configured = app.configure_task(task.workload, queue=task.queue, priority=priority)
    defer = configured.defer_async

    async def send(slot: int, *arguments: object) -> object:
        return await defer(slot=slot, arguments=list(arguments))

    return send


__getattr__ = made_on_first_use(globals(), app=make_app)


ADAPTER: Adapter = ProcrastinateAdapter()

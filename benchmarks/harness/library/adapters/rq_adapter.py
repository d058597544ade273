"""RQ on Redis: a pool of workers, each of which forks for every job.

Workers: `rq worker-pool`, with a worker class that imports the task bodies before it forks, as
RQ's documentation advises. Forking costs some 20 ms of processor time a job, so RQ gets fewer
tasks than the others (the record says how many).
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.harness.library import chains
from benchmarks.harness.library.workloads import WORKLOADS
from benchmarks.harness.shared import events, variant_options, web
from benchmarks.harness.shared.adapter import Adapter, BrokerClient, Send, SenderOf, WorkerCommand
from benchmarks.harness.shared.adapter_support import (
    SupportTable,
    TableAdapter,
    approximate,
    length,
    unsupported,
)
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, Work, WorkerPlan

SUPPORT: SupportTable = {
    ("io_bound", "*"): approximate("every job is a forked process: no concurrent I/O within one"),
    ("cpu_bound", "event_loop"): unsupported("every job is a process of its own"),
    ("cpu_bound", "threads"): unsupported("every job is a process of its own"),
    ("mixed_load", "*"): approximate("every job is a forked process, whatever it does"),
    ("order_pipeline", "*"): approximate(
        "each task sends the next one: with `depends_on`, RQ 3.0.0 leaves some dependents for its "
        "maintenance to enqueue when many jobs end at once"
    ),
    ("event_streaming", "on"): approximate("callbacks of ours publish the end of each job"),
    ("fastapi_dispatch", "*"): approximate("no integration of its own: a sync endpoint"),
}


def publish_finished(job: Any, connection: Any, _result: Any) -> None:
    """Publish the end of a job: RQ's success callback, in the forked process."""
    connection.publish(events.CHANNEL, events.encode(events.FINISHED, job.args[0]))


class RqAdapter(TableAdapter):
    """See the module."""

    name = "rq"
    exceptions = SUPPORT
    reported = ("rq", "redis")
    asynchronous = False

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """A pool with as many workers as the concurrency, or as processes for CPU work."""
        plan = context.variant.workers
        workers = plan.processes if plan.work is Work.CPU else plan.concurrency
        arguments = ["-m", "rq.cli", "worker-pool", "--logging-level", "CRITICAL"]
        arguments += ["--num-workers", str(workers), "--url", context.broker_url]
        arguments += ["--worker-class", f"{__name__}.PreloadedWorker"]
        return (WorkerCommand(arguments=(*arguments, *plan.queues)),)

    @contextmanager
    def producer(self, context: AppContext) -> Iterator[SenderOf]:
        """Jobs are sent with `enqueue`, their results are not kept."""
        from redis import Redis

        connection = Redis.from_url(context.broker_url)
        try:
            yield lambda task: _sender(connection, context, task)
        finally:
            connection.close()

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Waiting, being fetched, running, waiting for another job, and scheduled."""
        count = 0
        for queue in queues:
            for key in (f"rq:queue:{queue}", f"rq:queue:{queue}:intermediate"):
                count += length(broker, "LLEN", key)
            for key in (f"rq:wip:{queue}", f"rq:deferred:{queue}", f"rq:scheduled:{queue}"):
                count += length(broker, "ZCARD", key)
        return count

    def local_buffer(self, plan: WorkerPlan) -> int:
        """A job is taken off the registry of running ones after its process has ended."""
        return 2 * plan.concurrency


def _sender(connection: Any, context: AppContext, task: TaskClass) -> Send:
    from rq import Queue

    queue = Queue(task.queue, connection=connection)
    settings, path = _settings(context, task.workload), f"{__name__}.{task.workload}"

    def send(slot: int, *arguments: object) -> object:
        return queue.enqueue(path, slot, *arguments, **settings)

    return send


def _settings(context: AppContext, workload: str) -> dict[str, object]:
    from rq import Retry

    settings: dict[str, object] = {"result_ttl": 0}
    if context.variant.events:
        settings["on_success"] = f"{__name__}.publish_finished"
    if retries := variant_options.retries_of(context, workload):
        settings["retry"] = Retry(max=retries)
    return settings


def _chained(workload: str) -> Callable[..., None]:
    """Return the stamped body, which sends the next step of its chain when it has one."""
    body = WORKLOADS[workload].stamped(__name__)

    def run(slot: int, *arguments: object) -> None:
        body(slot, *arguments)
        if following := chains.take_next(slot):
            from rq import Queue, get_current_job

            job = get_current_job()
            context = AppContext.from_environment()
            path, settings = f"{__name__}.{following[0]}", _settings(context, following[0])
            Queue(job.origin, connection=job.connection).enqueue(path, following[1], **settings)

    return run


def _preloaded_worker() -> type:
    """Return RQ's own worker class; that it is asked for here imports this module before forks."""
    from rq import Worker

    context = AppContext.from_environment()
    for name in context.workloads:
        __getattr__(name)
    if web.API_VARIABLE in os.environ:
        web.client()  # imports what every fork needs; each makes a client of its own
    members = {"__module__": __name__, "__qualname__": "PreloadedWorker"}
    return type("PreloadedWorker", (Worker,), members)


def __getattr__(name: str) -> Any:
    """The worker class, or the stamped body of a workload by its name; made on first use."""
    if name == "PreloadedWorker":
        made: Any = _preloaded_worker()
    elif name in WORKLOADS:
        made = _chained(name) if chains.has_chains() else WORKLOADS[name].stamped(__name__)
    else:
        raise AttributeError(name)
    globals()[name] = made
    return made


ADAPTER: Adapter = RqAdapter()

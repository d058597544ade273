"""Opens a real station for as long as a round takes, and the broker that it needs."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.brokers.postgres_broker import running_postgres
from benchmarks.harness.lab.brokers.redis_broker import running_redis
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.process_hooks import NO_HOOKS, Hooks
from benchmarks.harness.shared import timeline, web
from benchmarks.harness.shared.adapter import BrokerKind
from benchmarks.harness.shared.app_context import AppContext


@contextmanager
def live_station(  # noqa: PLR0913 -- what a round is made of
    cell: Cell,
    job: Job,
    keeper: Keeper,
    clock: Clock,
    broker: Broker,
    *,
    hooks: Hooks = NO_HOOKS,
) -> Iterator[LiveStation]:
    """Start everything of one round; stop it afterwards, whatever happens."""
    folder = keeper.folder / f"{cell.library}-{clock.now_ns()}"
    folder.mkdir()
    stamps = folder / "timeline"
    timeline.create(stamps, job.slots)
    context = AppContext(
        library=cell.library,
        python=str(cell.python),
        broker_url=broker.url,
        timeline=str(stamps),
        folder=str(folder),
        variant=job.variant,
        seed=job.seed,
        extra={web.FOLDER_VARIABLE: cell.web} if cell.web else {},
    )
    broker.clear()
    station = LiveStation(cell, context, broker, clock, hooks)
    try:
        station.start_companions(keeper)
        cell.adapter.prepare(broker, station.context)
        station.start_producer(keeper, job)
        station.start_workers(keeper)
        station.producer.wait_connected(job.plan.ready_limit_s, clock)
        yield station
    finally:
        station.stop(keeper)
        shutil.rmtree(folder, ignore_errors=True)


def broker_for(
    kind: BrokerKind, keeper: Keeper, *, durable: bool = False
) -> AbstractContextManager[Broker]:
    """A fresh server of *kind*, or the user's own; PostgreSQL commits to disk when *durable*."""
    if kind is BrokerKind.REDIS:
        return running_redis(keeper)
    return running_postgres(keeper, durable=durable)

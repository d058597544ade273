"""Starts and stops what a real station is made of: broker, companions, producer, workers."""

import json
import select
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.brokers.postgres_broker import running_postgres
from benchmarks.harness.lab.brokers.redis_broker import running_redis
from benchmarks.harness.lab.processes.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.producer_link import ProducerLink
from benchmarks.harness.shared import timeline, web
from benchmarks.harness.shared.adapter import BrokerKind
from benchmarks.harness.shared.context import AppContext
from benchmarks.harness.shared.errors import CellFailedError

COMPANION_LIMIT_S = 30.0

WORKER_GRACE_S = 0.5
"""From SIGTERM to SIGKILL for drained workers: the broker goes with them, nothing can be lost."""


@contextmanager
def live_station(
    cell: Cell, job: Job, keeper: Keeper, clock: Clock, broker: Broker
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
    station = LiveStation(cell, context, broker, clock)
    try:
        _start_companions(station, keeper, folder)
        cell.adapter.prepare(broker, station.context)
        start_producer(station, keeper, folder, job)
        start_workers(station, keeper, folder)
        station.producer.wait_connected(job.plan.ready_limit_s, clock)
        yield station
    finally:
        for process in (*station.workers, *station.companions.values()):
            keeper.stop(process, grace_s=WORKER_GRACE_S)
        if hasattr(station, "producer"):
            keeper.stop(station.producer.process, grace_s=WORKER_GRACE_S)
        station.close()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(station: LiveStation) -> dict[str, str]:
    return child_environment(station.context.to_environment())


def _start_companions(station: LiveStation, keeper: Keeper, folder: Path) -> None:
    """Start them one after the other; each may add variables for those that follow."""
    for companion in station.cell.spec.companions:
        python = str(station.cell.python) if companion.in_library else sys.executable
        name = f"the companion {companion.module.rpartition('.')[2]}"
        process = keeper.start(
            name,
            [python, "-m", companion.module],
            environment=_environment(station),
            log=folder / f"{companion.module}.log",
            piped=True,
        )
        station.companions[companion.module] = process
        line = _read_line(process, COMPANION_LIMIT_S)
        added = json.loads(line).get("env", {})
        extra = {**station.context.extra, **added}
        station.context = replace(station.context, extra=extra)


def start_producer(station: LiveStation, keeper: Keeper, folder: Path, job: Job) -> None:
    """Start the producer of *station*, and queue the first tasks where workers are to find them."""
    process = keeper.start(
        "the producer",
        [str(station.cell.python), "-m", station.cell.spec.producer],
        environment=_environment(station),
        log=folder / "producer.log",
        piped=True,
    )
    station.producer = ProducerLink(process)
    if job.queues_first:  # nothing else may run while workers start, and tasks must be waiting
        station.producer.wait_connected(job.plan.ready_limit_s, station.clock)
        station.send_canaries(0, job.canary_copies)
        while station.sending():
            station.check()
            station.clock.sleep(0.005)
        station.queued = station.probe("queued", "")


def start_workers(station: LiveStation, keeper: Keeper, folder: Path) -> None:
    """Start the workers of *station*; their logs go to *folder*."""
    station.spawned_ns = station.clock.now_ns()
    for number, command in enumerate(station.cell.adapter.worker_commands(station.context)):
        name = f"the {station.cell.library} worker"
        process = keeper.start(
            name if number == 0 else f"{name} {number + 1}",
            [str(station.cell.python), *command.arguments],
            environment={**_environment(station), **dict(command.environment)},
            log=folder / f"worker-{number}.log",
        )
        station.workers.append(process)


def _read_line(process: Process, limit_s: float) -> str:
    pipe = process.popen.stdout
    if pipe is None or not select.select([pipe], [], [], limit_s)[0]:
        raise CellFailedError(f"{process.name} was not ready within {limit_s:g} s")
    line = pipe.readline().decode()
    if not line:
        process.popen.wait()
        raise CellFailedError(process.died())
    return line


def broker_for(
    kind: BrokerKind, keeper: Keeper, *, durable: bool = False
) -> AbstractContextManager[Broker]:
    """A fresh server of *kind*, or the user's own; PostgreSQL commits to disk when *durable*."""
    if kind is BrokerKind.REDIS:
        return running_redis(keeper)
    return running_postgres(keeper, durable=durable)

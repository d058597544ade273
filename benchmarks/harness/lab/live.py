"""The real station: a broker, workers, a producer and companions, all processes of their own."""

import json
import select
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.harness import timeline
from benchmarks.harness.adapter import Adapter, BrokerKind
from benchmarks.harness.context import AppContext
from benchmarks.harness.errors import CellFailedError
from benchmarks.harness.lab import usage
from benchmarks.harness.lab.brokers import Broker
from benchmarks.harness.lab.cell import Cell
from benchmarks.harness.lab.clock import Clock
from benchmarks.harness.lab.job import Job
from benchmarks.harness.lab.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.producer_link import ProducerLink
from benchmarks.harness.lab.run_data import Sample
from benchmarks.harness.lab.stamps import Ints
from benchmarks.harness.registry import resolve

COMPANION_LIMIT_S = 30.0

WORKER_GRACE_S = 0.5
"""From SIGTERM to SIGKILL for drained workers: the broker goes with them, nothing can be lost."""


class LiveStation:
    """See `Station`."""

    def __init__(self, cell: Cell, context: AppContext, broker: Broker, clock: Clock) -> None:
        """Nothing runs yet but *broker*; the timeline exists."""
        self.cell, self.context, self.broker, self.clock = cell, context, broker, clock
        self.spawned_ns = 0
        self.workers: list[Process] = []
        self.companions: dict[str, Process] = {}
        self.producer: ProducerLink
        self.queued: Mapping[str, float] = {}
        self._queues = tuple(dict.fromkeys(t.queue for t in context.variant.tasks))
        mapped = np.memmap(context.timeline, dtype=np.int64, mode="r")
        # Not the subclass: each of its slices and results costs several times that of an array.
        self._cells: Ints = np.asarray(mapped).reshape(-1, timeline.WIDTH)

    @property
    def _adapter(self) -> Adapter:
        return self.cell.adapter

    @property
    def facts(self) -> Mapping[str, str]:
        """See `Station`."""
        return self.broker.facts

    @property
    def versions(self) -> Mapping[str, str]:
        """See `Station`."""
        return self.producer.versions

    def cells(self) -> Ints:
        """See `Station`."""
        return self._cells

    def send(self, *, first_slot: int, tasks: int, rate_per_s: float, seed: int) -> None:
        """See `Station`."""
        self.producer.order(first_slot=first_slot, tasks=tasks, rate_per_s=rate_per_s, seed=seed)

    def send_canaries(self, first_slot: int, copies: int) -> None:
        """See `Station`."""
        seed = self.context.seed
        self.producer.order(
            first_slot=first_slot, tasks=0, rate_per_s=0, seed=seed, canaries=copies
        )

    def sending(self) -> bool:
        """See `Station`."""
        return self.producer.busy()

    @property
    def sending_cpu_s(self) -> float | None:
        """See `Station`."""
        return self.producer.sending_cpu_s

    def check(self) -> None:
        """See `Station`. The broker comes first: when it dies, workers die of it."""
        if died := self.broker.died():
            raise CellFailedError(died)
        for process in (*self.workers, self.producer.process, *self.companions.values()):
            if died := process.died():
                raise CellFailedError(self.broker.died() or died)

    def sample(self) -> Sample:
        """See `Station`."""
        ours = usage.our_tree()
        working = usage.below(ours, [worker.pid for worker in self.workers])
        tree, busy_s = usage.usage_of(working), usage.machine_busy_s()
        others = usage.usage_of(process for process in ours if process not in working)
        broker, asked_ns = self.broker.usage(), self.clock.now_ns()
        backlog = self.backlog()
        return Sample(
            at_ns=self.clock.now_ns(),
            cpu_s=tree.cpu_s,
            memory_bytes=tree.memory_bytes,
            processes=tree.processes,
            foreign_cpu_s=busy_s - tree.cpu_s - others.cpu_s,
            broker_cpu_s=broker.cpu_s,
            broker_memory_bytes=broker.memory_bytes,
            broker_traffic_bytes=broker.traffic_bytes,
            backlog=backlog,
            asked_ns=asked_ns,
        )

    def backlog(self) -> int:
        """See `Station`."""
        return self._adapter.backlog(self.broker, self._queues)

    def probe(self, moment: str, phase: str) -> Mapping[str, float]:
        """See `Station`."""
        if not self.cell.spec.probe:
            return {}
        numbers: Mapping[str, float] = resolve(self.cell.spec.probe)(
            moment, phase, self.broker, self.context
        )
        return numbers

    def finish(self) -> Mapping[str, Mapping[str, object]]:
        """See `Station`."""
        said = {module: _last_words(process) for module, process in self.companions.items()}
        return {**said, "probe": self.queued}


@contextmanager
def live_station(
    cell: Cell, job: Job, keeper: Keeper, clock: Clock, broker: Broker
) -> Iterator[LiveStation]:
    """Start everything of one generation; stop it afterwards, whatever happens."""
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
        extra={"TRACKER_WEB": cell.web} if cell.web else {},
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
        del station._cells  # noqa: SLF001 -- the mapping ends with the generation
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


def _last_words(process: Process) -> Mapping[str, object]:
    """SIGTERM, and the object that the process prints then; empty when it says nothing."""
    process.popen.terminate()
    with suppress(CellFailedError, ValueError):
        words = json.loads(_read_line(process, COMPANION_LIMIT_S))
        if isinstance(words, dict):
            return words
    return {}


@contextmanager
def broker_for(kind: BrokerKind, keeper: Keeper, *, durable: bool = False) -> Iterator[Broker]:
    """A fresh server of *kind*, or the user's own; PostgreSQL commits to disk when *durable*."""
    if kind is BrokerKind.REDIS:
        from benchmarks.harness.lab.redis_broker import running_redis

        with running_redis(keeper) as server:
            yield server
    else:
        from benchmarks.harness.lab.postgres_broker import running_postgres

        with running_postgres(keeper, durable=durable) as database:
            yield database

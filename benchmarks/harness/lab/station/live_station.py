"""The real station: companions, producer and workers on a broker, and what they say."""

import json
import select
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.processes import usage
from benchmarks.harness.lab.processes.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import Sample
from benchmarks.harness.lab.results.stamps import Ints
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.process_hooks import NO_HOOK, NO_HOOKS, Hook, Hooks
from benchmarks.harness.lab.station.producer_link import ProducerLink
from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.adapter import Adapter
from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.registry import resolve

COMPANION_LIMIT_S = 30.0

WORKER_GRACE_S = 0.5
"""From SIGTERM to SIGKILL for drained workers: the broker goes with them, nothing can be lost."""


class LiveStation:
    """See `Station`."""

    def __init__(
        self,
        cell: Cell,
        context: AppContext,
        broker: Broker,
        clock: Clock,
        hooks: Hooks = NO_HOOKS,
    ) -> None:
        """Nothing runs yet but *broker*; the timeline exists."""
        self.cell, self.context, self.broker, self.clock = cell, context, broker, clock
        self.hooks = hooks
        self.spawned_ns = 0
        self.workers: list[Process] = []
        self.companions: dict[str, Process] = {}
        self._producer: ProducerLink | None = None
        self.queued: Mapping[str, float] = {}
        self._folder = Path(context.folder)
        self._queues = tuple(dict.fromkeys(t.queue for t in context.variant.tasks))
        mapped = np.memmap(context.timeline, dtype=np.int64, mode="r")
        # Not the subclass: each of its slices and results costs several times that of an array.
        self._cells: Ints = np.asarray(mapped).reshape(-1, timeline.WIDTH)

    def start_companions(self, keeper: Keeper) -> None:
        """Start them one after the other; each may add variables for those that follow."""
        for companion in self.cell.spec.companions:
            python = str(self.cell.python) if companion.in_library else sys.executable
            hook = self.hooks.producer if companion.in_library else NO_HOOK
            name = f"the companion {companion.module.rpartition('.')[2]}"
            process = keeper.start(
                name,
                [*hook.prefix, python, "-m", companion.module],
                environment=self._environment(hook),
                log=self._folder / f"{companion.module}.log",
                piped=True,
            )
            self.companions[companion.module] = process
            added = json.loads(_read_line(process, COMPANION_LIMIT_S)).get("env", {})
            self.context = replace(self.context, extra={**self.context.extra, **added})

    def start_producer(self, keeper: Keeper, job: Job) -> None:
        """Start the producer, and queue the first tasks where workers are to find them."""
        sends_itself = not any(companion.in_library for companion in self.cell.spec.companions)
        hook = self.hooks.producer if sends_itself else NO_HOOK
        process = keeper.start(
            "the producer",
            [*hook.prefix, str(self.cell.python), "-m", self.cell.spec.producer],
            environment=self._environment(hook),
            log=self._folder / "producer.log",
            piped=True,
        )
        self._producer = ProducerLink(process)
        if job.queues_first:  # nothing else may run while workers start, and tasks must be waiting
            self.producer.wait_connected(job.plan.ready_limit_s, self.clock)
            self.send_canaries(0, job.canary_copies)
            while self.sending():
                self.check()
                self.clock.sleep(0.005)
            self.queued = self.probe("queued", "")

    def start_workers(self, keeper: Keeper) -> None:
        """Start the workers; their logs go to the folder of the round."""
        hook = self.hooks.worker
        self.spawned_ns = self.clock.now_ns()
        for number, command in enumerate(self._adapter.worker_commands(self.context)):
            name = f"the {self.cell.library} worker"
            process = keeper.start(
                name if number == 0 else f"{name} {number + 1}",
                [*hook.prefix, str(self.cell.python), *command.arguments],
                environment={**self._environment(hook), **dict(command.environment)},
                log=self._folder / f"worker-{number}.log",
            )
            self.workers.append(process)

    def stop(self, keeper: Keeper) -> None:
        """End everything that was started, and give the timeline back."""
        for process in (*self.workers, *self.companions.values()):
            keeper.stop(process, grace_s=WORKER_GRACE_S)
        if self._producer is not None:
            keeper.stop(self._producer.process, grace_s=WORKER_GRACE_S)
        self.close()

    @property
    def producer(self) -> ProducerLink:
        """Our end of the producer's pipe, once it has been started."""
        if self._producer is None:
            raise CellFailedError("the producer was not started")
        return self._producer

    def _environment(self, hook: Hook) -> dict[str, str]:
        return child_environment({**self.context.to_environment(), **hook.environment})

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

    def raw_stamps(self) -> Ints:
        """See `Station`."""
        return self._cells

    def send(self, *, first_slot: int, tasks: int, rate_per_s: float, seed: int) -> None:
        """See `Station`."""
        # The cheapest stretch of a mixed load would only hold the cheapest class.
        stretch = self.cell.plan.stretch if len(self.context.variant.tasks) == 1 else 0
        self.producer.order(
            first_slot=first_slot, tasks=tasks, rate_per_s=rate_per_s, seed=seed, stretch=stretch
        )

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

    @property
    def senders(self) -> list[Process]:
        """Where the library sends tasks: the producer, or the library's own server."""
        ours = {companion.module for companion in self.cell.spec.companions if companion.in_library}
        servers = [process for module, process in self.companions.items() if module in ours]
        return servers or [self.producer.process]

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

    def close(self) -> None:
        """Give the mapping of the timeline back."""
        del self._cells


def _read_line(process: Process, limit_s: float) -> str:
    pipe = process.popen.stdout
    if pipe is None or not select.select([pipe], [], [], limit_s)[0]:
        raise CellFailedError(f"{process.name} was not ready within {limit_s:g} s")
    line = pipe.readline().decode()
    if not line:
        process.popen.wait()
        raise CellFailedError(process.died())
    return line

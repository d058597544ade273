"""The real station: what its broker and its processes say. live.py starts and stops them."""

from collections.abc import Mapping

import numpy as np

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.processes import usage
from benchmarks.harness.lab.processes.processes import Process
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import Sample
from benchmarks.harness.lab.results.stamps import Ints
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.producer_link import ProducerLink
from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.adapter import Adapter
from benchmarks.harness.shared.context import AppContext
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.registry import resolve


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

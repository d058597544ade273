"""A station without processes: workers by arithmetic, on a fake clock.

Shipped beside the real one so that a whole scenario, with its order, verdicts and failures, can be
tested in milliseconds, and so that the truth about every task is known exactly.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heapify, heapreplace

import numpy as np

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import Sample
from benchmarks.harness.lab.results.stamps import Ints
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.shared import load_schedule, timeline
from benchmarks.harness.shared.adapter import BrokerKind, Support
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S
from benchmarks.harness.shared.spec import WorkerPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the simulated library behaves.

    Attributes:
        send_ns: time of one enqueue call.
        execution_ns: time of one task body.
        slow_first: the first so many tasks take twice as long (a warm-up).
        held_up: these tasks, by number, take ten times as long (the machine was disturbed).
        boot_ns: from spawning the workers to the first fetch.
        drop_every: every so many tasks is lost, 0 for none.
        double_every: every so many tasks runs twice, 0 for none.
        die_after_tasks: the worker dies after so many tasks, 0 for never.
        keep_in_broker: messages that the broker never lets go of.
    """

    send_ns: int = 100_000
    execution_ns: int = 2_000_000
    slow_first: int = 0
    held_up: range = range(0)
    boot_ns: int = 500_000_000
    drop_every: int = 0
    double_every: int = 0
    die_after_tasks: int = 0
    keep_in_broker: int = 0


@dataclass
class SimulatedStation:
    """See `Station`. Stamps lie ready when an order is given, and show when their time has come."""

    job: Job
    clock: Clock
    behaviour: Behaviour
    spawned_ns: int
    facts: Mapping[str, str] = field(default_factory=lambda: {"broker": "simulated 1"})
    versions: Mapping[str, str] = field(default_factory=lambda: {"simulated": "1.0"})
    queued: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """All slots empty, all places of the worker free after its boot."""
        self._stamps: Ints = np.zeros((self.job.slots, timeline.WIDTH), dtype=np.int64)
        self._free = [
            self.spawned_ns + self.behaviour.boot_ns
        ] * self.job.variant.workers.concurrency
        heapify(self._free)
        self._sent_until_ns = self.spawned_ns
        self._sending_cpu_s = 0.0
        self._tasks = 0

    def raw_stamps(self) -> Ints:
        """See `Station`: only what has happened by now."""
        now_ns = self.clock.now_ns()
        shown = self._stamps.copy()
        started = (shown[:, timeline.STARTED] > 0) & (shown[:, timeline.STARTED] <= now_ns)
        finished = (shown[:, timeline.FINISHED] > 0) & (shown[:, timeline.FINISHED] <= now_ns)
        shown[shown[:, timeline.SENT] > now_ns, timeline.SENT] = 0
        shown[~started, timeline.STARTED] = shown[~started, timeline.ATTEMPTS] = 0
        for column in (timeline.FINISHED, timeline.DONE, timeline.FAILED):
            shown[~finished, column] = 0
        return shown

    def send(self, *, first_slot: int, tasks: int, rate_per_s: float, seed: int) -> None:
        """See `Station`."""
        kinds = load_schedule.order_of_kinds(self.job.variant.tasks, tasks, seed)
        self._enqueue(first_slot, kinds, load_schedule.offsets_ns(tasks, rate_per_s, seed))

    def send_canaries(self, first_slot: int, copies: int) -> None:
        """See `Station`."""
        kinds = list(range(len(self.job.variant.tasks))) * copies
        self._enqueue(first_slot, kinds, [0] * len(kinds))

    def _enqueue(self, first_slot: int, kinds: list[int], offsets: list[int]) -> None:
        begin_ns = free_ns = self.clock.now_ns()
        slots = load_schedule.slots_of(self.job.variant.tasks, kinds, first_slot)
        for slot, kind, offset in zip(slots, kinds, offsets, strict=True):
            sent_ns = max(begin_ns + offset, free_ns)
            free_ns = sent_ns + self.behaviour.send_ns
            self._run(slot, kind, begin_ns + offset, sent_ns)
        self._sent_until_ns = free_ns
        self._sending_cpu_s = len(kinds) * self.behaviour.send_ns / NS_PER_S

    def _run(self, slot: int, kind: int, due_ns: int, sent_ns: int) -> None:
        how, row = self.behaviour, self._stamps[slot]
        self._tasks += 1
        row[timeline.DUE], row[timeline.SENT], row[timeline.KIND] = due_ns, sent_ns, kind
        if how.drop_every and self._tasks % how.drop_every == 0:
            return
        if how.die_after_tasks and self._tasks > how.die_after_tasks:
            return
        start_ns = max(self._free[0], sent_ns + how.send_ns)
        times = 10 if self._tasks in how.held_up else 2 if self._tasks <= how.slow_first else 1
        end_ns = start_ns + how.execution_ns * times
        heapreplace(self._free, end_ns)
        twice = 1 + bool(how.double_every and self._tasks % how.double_every == 0)
        row[timeline.STARTED], row[timeline.FINISHED] = start_ns, end_ns
        row[timeline.ATTEMPTS] = row[timeline.DONE] = twice

    def sending(self) -> bool:
        """See `Station`."""
        return self.clock.now_ns() < self._sent_until_ns

    @property
    def sending_cpu_s(self) -> float:
        """See `Station`: a send is work, not waiting."""
        return self._sending_cpu_s

    def check(self) -> None:
        """See `Station`."""
        limit = self.behaviour.die_after_tasks
        if limit and self._tasks > limit:
            raise CellFailedError("the simulated worker died (exit code 1)")

    def backlog(self) -> int:
        """See `Station`."""
        raw = self.raw_stamps()
        sent, ended = raw[:, timeline.SENT] > 0, raw[:, timeline.FINISHED] > 0
        return int(np.count_nonzero(sent & ~ended)) + self.behaviour.keep_in_broker

    def sample(self) -> Sample:
        """See `Station`: half a core and 50 MB, always."""
        now_ns = self.clock.now_ns()
        return Sample(
            at_ns=now_ns,
            cpu_s=(now_ns - self.spawned_ns) / NS_PER_S / 2,
            memory_bytes=50e6,
            processes=1,
            foreign_cpu_s=0.0,
            broker_cpu_s=0.0,
            broker_memory_bytes=5e6,
            backlog=self.backlog(),
            asked_ns=now_ns,
        )

    def probe(self, moment: str, phase: str) -> Mapping[str, float]:
        """See `Station`."""
        return {f"{moment} {phase}": float(self._tasks)}


class SimulatedAdapter:
    """The adapter that belongs to it; only what the lab asks of an adapter without processes."""

    distribution = "simulated"
    reported = ("simulated",)
    broker = BrokerKind.REDIS
    asynchronous = False

    def __init__(self, name: str, support: Support | None = None) -> None:
        """Be called *name*."""
        self.name = name
        self._support = support or Support()

    def support(self, _scenario: str, _variant: str) -> Support:
        """See `Adapter`."""
        return self._support

    def local_buffer(self, plan: WorkerPlan) -> int:
        """See `Adapter`."""
        return plan.concurrency


@contextmanager
def simulated_station(
    cell: Cell, job: Job, clock: Clock, behaviour: Behaviour
) -> Iterator[SimulatedStation]:
    """A station of *cell* that begins now."""
    del cell
    station = SimulatedStation(job, clock, behaviour, spawned_ns=clock.now_ns())
    if job.queues_first:
        station.send_canaries(0, job.canary_copies)
    yield station

"""A round of workers that is counted: bursts of two sizes, queued while they are frozen.

    frozen ── send the burst ── frozen ── let the workers run until all is done ── frozen
              the producer's cost          the workers' cost

Every burst of a size is the same: same slots, same order, same arguments. The workers find all of
it in the queue, so how much they fetch at once does not depend on who is faster.

What a clock drives goes on whatever the size of a burst. So all bursts are made to last equally
long, the small ones by staying frozen for longer, and the sizes take turns without a rhythm: a poll
every second then comes into bursts of either size equally often, and `estimate` tells it apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.harness.lab.counting.freezing import Workers
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.run_order import Runner
from benchmarks.harness.shared import load_schedule
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S
from benchmarks.harness.shared.timeline import SLOT_BYTES

LOOK_S = 0.002
DRAIN_TURNS = 200
"""So often workers may be let run again until the broker holds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The bursts of a round: after so many to warm up, so many of each size in turn.

    Attributes:
        idle_s: how long the workers are watched with nothing to do.
    """

    small: int = 20
    large: int = 60
    turns: int = 6
    warmups: int = 2
    idle_s: float = 1.0

    def times(self, factor: int) -> "Sizes":
        """The same with bursts *factor* times as large."""
        return replace(self, small=factor * self.small, large=factor * self.large)

    def order(self) -> Iterator[int]:
        """The size of each burst, those of the warm-up first."""
        yield from [self.large] * self.warmups
        for turn in range(self.turns):  # the Thue-Morse sequence: balanced, and in no period
            pair = [self.small, self.large]
            yield from pair if turn.bit_count() % 2 == 0 else reversed(pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span[T]:
    """What was counted between two instants at which nothing ran, as pairs of readings."""

    tasks: int
    sending: tuple[T, T]
    working: tuple[tuple[T, T], ...]
    working_s: float


class Counting[T]:
    """Drives one station through its bursts.

    Attributes:
        workers: the processes that are frozen and thawed.
    """

    def __init__(
        self,
        station: LiveStation,
        job: Job,
        clock: Clock,
        *,
        read: Callable[[], T],
        settle: Callable[[], None],
    ) -> None:
        """Nothing has been sent yet.

        Args:
            station: what runs.
            job: what it is given.
            clock: for waiting.
            read: reads all counters, while the workers are frozen.
            settle: called when the workers rest, before they are frozen.
        """
        self._station, self._job, self._clock = station, job, clock
        self._read, self._settle = read, settle
        self._runner = Runner(station, job, clock)
        self.workers = Workers(station.workers, clock)
        self._frozen_ns = 0
        self._lasted_s: list[float] = []
        self._running_s: dict[int, float] = {}

    def become_ready(self) -> T:
        """Wait for the first task; workers are frozen afterwards, and counted until then."""
        self._runner.become_ready()
        self._freeze()
        ready = self._read()
        self._run_until_drained(lambda: True)
        return ready

    def bursts(self, sizes: Sizes) -> list[Span[T]]:
        """All bursts after the warm-up, in their order."""
        spans = [self._burst(tasks) for tasks in sizes.order()]
        return spans[sizes.warmups :]

    def idle(self, duration_s: float) -> Span[T]:
        """Nothing to do for *duration_s*: what is counted now is driven by the clock."""
        before, began_ns = self._read(), self._clock.now_ns()
        self.workers.thaw()
        self._clock.sleep(duration_s)
        self._freeze()
        lasted_s = (self._frozen_ns - began_ns) / NS_PER_S
        after = self._read()
        return Span(
            tasks=0, sending=(before, before), working=((before, after),), working_s=lasted_s
        )

    def _burst(self, tasks: int) -> Span[T]:
        classes, seed = self._job.variant.tasks, self._job.seed
        first, frozen_ns = self._job.first_run_slot, self._frozen_ns
        kinds = load_schedule.order_of_kinds(classes, tasks, seed)
        slots = first, first + sum(classes[kind].slots for kind in kinds)
        self._forget(slots)
        before = self._read()
        self._station.send(first_slot=first, tasks=tasks, rate_per_s=0, seed=seed)
        self._wait(lambda: not self._station.sending(), tasks)
        sent = self._read()
        self._hold(tasks)
        began_ns = self._clock.now_ns()
        raw = self._station.raw_stamps()[slots[0] : slots[1]]
        working = self._run_until_drained(lambda: bool(self._runner.settled(raw).all()), tasks)
        working_s = (self._frozen_ns - began_ns) / NS_PER_S
        self._running_s[tasks] = working_s
        self._lasted_s.append((self._frozen_ns - frozen_ns) / NS_PER_S)
        return Span(tasks=tasks, sending=(before, sent), working=working, working_s=working_s)

    def _hold(self, tasks: int) -> None:
        """Keep the workers frozen until the burst can last as long as the others."""
        if tasks in self._running_s:
            frozen_s = (self._clock.now_ns() - self._frozen_ns) / NS_PER_S
            self._clock.sleep(median(self._lasted_s) - frozen_s - self._running_s[tasks])

    def _run_until_drained(
        self, done: Callable[[], bool], tasks: int = 0
    ) -> tuple[tuple[T, T], ...]:
        """Let the workers run until *done* and the broker is empty; what each turn counted."""
        turns: list[tuple[T, T]] = []
        for _ in range(DRAIN_TURNS):
            before = self._read()
            self.workers.thaw()
            self._wait(done, tasks)
            self._freeze()
            turns.append((before, self._read()))
            if self._station.backlog() == 0:
                return tuple(turns)
        raise CellFailedError(
            f"the broker still holds {self._station.backlog()} tasks after all have ended"
        )

    def _freeze(self) -> None:
        self.workers.rest()
        self._settle()
        self.workers.freeze()
        self._frozen_ns = self._clock.now_ns()

    def _wait(self, done: Callable[[], bool], tasks: int) -> None:
        limit_ns = self._clock.now_ns() + round(self._job.plan.run_limit_s * NS_PER_S)
        while not done():
            self._station.check()
            if self._clock.now_ns() > limit_ns:
                limit_s = self._job.plan.run_limit_s
                raise CellFailedError(f"{tasks} tasks did not end within {limit_s:g} s")
            self._clock.sleep(LOOK_S)

    def _forget(self, slots: tuple[int, int]) -> None:
        """Make *slots* of the timeline as new: every burst uses the same."""
        with Path(self._station.context.timeline).open("r+b") as file:
            file.seek(slots[0] * SLOT_BYTES)
            file.write(bytes((slots[1] - slots[0]) * SLOT_BYTES))

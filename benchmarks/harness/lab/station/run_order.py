"""A round of one library in order: ready, warm-up, then the runs, each phase drained and checked.

Nothing here starts a process or reads a clock but through `Station` and `Clock`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results import steady_state
from benchmarks.harness.lab.results.run_data import PhaseData, Sample
from benchmarks.harness.lab.station.clock import Clock
from benchmarks.harness.lab.station.job import CANARIES, WARMUP_BLOCKS, Job
from benchmarks.harness.lab.station.station import Station
from benchmarks.harness.shared import load_schedule, timeline
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S
from benchmarks.harness.shared.spec import Pattern, Phase

POLL_S = 0.02
"""How often the timeline is looked at; durations come from the stamps, not from this."""

CANARY_EVERY_S = 2.0
"""A canary that was lost (sent before the workers subscribed) is followed by another."""

STALL_LIMIT_S = 15.0
"""Nothing started or ended for so long, everything sent: what is missing is lost."""

DRAIN_LIMIT_S = 10.0
"""Time that late acknowledgements get to leave the broker."""

WARMUP_SEED = 1_000
"""Added to the seed of a warm-up, so that those of the runs do not depend on its length."""


@dataclass(slots=True, kw_only=True)
class Stretch:
    """A part of the timeline: its next free slot, and the seed of the last load in it."""

    slot: int
    seed: int


class Runner:
    """Drives one station."""

    def __init__(self, station: Station, job: Job, clock: Clock) -> None:
        """Nothing has been sent yet."""
        self.station = station
        self.job = job
        self.clock = clock
        self._runs = Stretch(slot=job.first_run_slot, seed=job.seed)
        self._warmup = Stretch(slot=job.first_warmup_slot, seed=job.seed + WARMUP_SEED)
        self._retries = np.array([task.max_retries for task in job.variant.tasks], dtype=np.int64)

    def become_ready(self) -> st.Stamps:
        """Wait for the canaries of one order; the stamps of all that came back.

        Raises:
            CellFailedError: they did not come back within `ready_limit_s`.
        """
        width = self.job.canary_slots
        limit_ns = self.station.spawned_ns + _ns(self.job.plan.ready_limit_s)
        waiting = self.job.queues_first  # sent before the workers were started: never lost
        tries = 1 if waiting else 0
        while not self._canaries_back(tries):
            self.station.check()
            now_ns = self.clock.now_ns()
            if now_ns >= limit_ns:
                raise CellFailedError(
                    f"no canary task came back within {self.job.plan.ready_limit_s:g} s"
                )
            late = now_ns - self.station.spawned_ns >= _ns(CANARY_EVERY_S) * tries
            if late and not waiting and tries < CANARIES and not self.station.sending():
                self.station.send_canaries(tries * width, self.job.canary_copies)
                tries += 1
            self.clock.sleep(POLL_S / 4)
        back = st.Stamps.of(self.station.raw_stamps()[: tries * width])
        return back.select(back.done > 0)

    def _canaries_back(self, tries: int) -> bool:
        """Whether all canaries of any one order are settled."""
        width, raw = self.job.canary_slots, self.station.raw_stamps()
        orders = (raw[i * width : (i + 1) * width] for i in range(tries))
        return any(bool(self.settled(order).all()) for order in orders)

    def warm_up(self) -> steady_state.Warmup:
        """Send blocks until their rates are steady, or the cap is reached."""
        begin_ns = self.clock.now_ns()
        cap_ns = begin_ns + _ns(self.job.plan.warmup_cap_s)
        rates: list[float] = []
        tasks = self.job.warmup_block
        phase = Phase(name="warm-up", pattern=Pattern.BURST, tasks=tasks)
        while len(rates) < WARMUP_BLOCKS:
            data = self.run_phase(phase, tasks, measured=False)
            rates.append(st.processing_rate_per_s(data.stamps) or 0.0)
            if steady_state.is_steady(rates) or self.clock.now_ns() >= cap_ns:
                break
        return steady_state.conclude(rates, tasks * len(rates))

    def run(self) -> tuple[PhaseData, ...]:
        """One measured run: every part of every phase, with a pause before each."""
        phases = []
        for phase in self.job.plan.phases:
            for tasks in phase.divided(self.job.plan.scaled(phase.tasks, self.job.library)):
                self.clock.sleep(self.job.plan.pause_s)
                phases.append(self.run_phase(phase, tasks))
        return tuple(phases)

    def run_phase(self, phase: Phase, tasks: int, *, measured: bool = True) -> PhaseData:
        """Send one load, wait until it is drained, and check that every task ran once.

        Args:
            phase: the load.
            tasks: how many of it.
            measured: whether usage is sampled and the scenario's probe is asked; not in a warm-up.

        Raises:
            CellFailedError: something died, stalled, was lost, ran twice, or is still queued.
        """
        stretch = self._runs if measured else self._warmup
        stretch.seed += 1
        kinds = load_schedule.order_of_kinds(self.job.variant.tasks, tasks, stretch.seed)
        first, width = stretch.slot, sum(self.job.variant.tasks[k].slots for k in kinds)
        stretch.slot += width
        rate_per_s = phase.rate_of(self.job.library)
        probed = dict(self.station.probe("begin", phase.name)) if measured else {}
        samples = [self.station.sample()] if measured else []
        self.station.send(first_slot=first, tasks=tasks, rate_per_s=rate_per_s, seed=stretch.seed)
        self._wait(phase, (first, first + width), samples if measured else None)
        if measured:
            samples.append(self.station.sample())
        self._drain(phase)
        stamps = st.Stamps.of(self.station.raw_stamps()[first : first + width])
        if doubled := st.doubled(stamps):  # looked at last: a task may come again while it drains
            raise CellFailedError(f"{doubled} of {len(stamps)} tasks of {phase.name!r} ran twice")
        if measured:
            probed |= self.station.probe("end", phase.name)
        return PhaseData(
            phase=phase,
            tasks=tasks,
            rate_per_s=rate_per_s,
            stamps=stamps,
            samples=tuple(samples),
            probed=probed,
            sending_cpu_s=self.station.sending_cpu_s,
        )

    def _wait(self, phase: Phase, slots: tuple[int, int], samples: list[Sample] | None) -> None:
        """Poll until every slot is settled; look at usage and backlog now and then."""
        plan = self.job.plan
        begin_ns = moved_ns = looked_ns = self.clock.now_ns()
        progress = -1
        while True:
            self.station.check()
            sending, now_ns = self.station.sending(), self.clock.now_ns()
            raw = self.station.raw_stamps()[slots[0] : slots[1]]
            done = int(np.count_nonzero(self.settled(raw)))
            if done == len(raw) and not sending:
                return
            moves = int(raw[:, timeline.ATTEMPTS : timeline.KIND].sum())
            if moves != progress or sending:
                progress, moved_ns = moves, now_ns
            if now_ns - moved_ns > _ns(STALL_LIMIT_S):
                raise CellFailedError(_missing(raw, done, phase, "no progress"))
            if now_ns - begin_ns > _ns(plan.run_limit_s):
                late = f"the limit of {plan.run_limit_s:g} s was reached"
                raise CellFailedError(_missing(raw, done, phase, late))
            if samples is not None and now_ns - looked_ns >= _ns(plan.sample_interval_s):
                looked_ns = now_ns
                samples.append(self.station.sample())
            self.clock.sleep(POLL_S)

    def settled(self, raw: st.Ints) -> npt.NDArray[np.bool_]:
        """Which slots have come to their last end."""
        if not raw[:, timeline.FAILED].any():  # so it is nearly always, and much cheaper
            done: npt.NDArray[np.bool_] = raw[:, timeline.DONE] > 0
            return done
        kinds = raw[:, timeline.KIND] % load_schedule.STEP_KIND
        return st.settled(raw, self._retries[kinds])

    def _drain(self, phase: Phase) -> None:
        """Wait for the last acknowledgements; the broker must hold nothing then."""
        limit_ns = self.clock.now_ns() + _ns(DRAIN_LIMIT_S)
        while (left := self.station.backlog()) > 0:
            self.station.check()
            if self.clock.now_ns() >= limit_ns:
                raise CellFailedError(
                    f"the broker still holds {left} tasks after all of {phase.name!r} have ended"
                )
            self.clock.sleep(POLL_S)


def _missing(raw: st.Ints, done: int, phase: Phase, why: str) -> str:
    sent = int(np.count_nonzero(raw[:, timeline.SENT]))
    left = f"{len(raw) - done} of {len(raw)} tasks of {phase.name!r} never ended"
    return f"{why}: {left} ({sent} were sent)"


def _ns(duration_s: float) -> int:
    return round(duration_s * NS_PER_S)

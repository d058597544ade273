"""What a measurement yields before anything is computed: frozen values, and what gathers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.counts_record import CountsRecord
from benchmarks.harness.lab.results.stamps import NS, Stamps
from benchmarks.harness.lab.results.steady_state import Warmup
from benchmarks.harness.shared.spec import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at everything; counters run since the processes started.

    Attributes:
        at_ns: when, on the monotonic clock.
        cpu_s: CPU seconds of the worker tree, reaped descendants included.
        memory_bytes: resident memory of the worker tree now.
        processes: processes of the worker tree.
        foreign_cpu_s: CPU seconds of everything on the machine that is not ours; only differences
            mean something.
        backlog: tasks that the broker says it holds, None when it was not asked.
        asked_ns: when the broker was asked; the answer came at `at_ns`.
    """

    at_ns: int
    cpu_s: float
    memory_bytes: float
    processes: int
    foreign_cpu_s: float
    broker_cpu_s: float | None
    broker_memory_bytes: float | None
    backlog: int | None
    asked_ns: int


@dataclass(frozen=True, kw_only=True)
class PhaseData:
    """One load, from the first order to the drained queue.

    Attributes:
        rate_per_s: of a paced load, 0 for a burst.
        samples: the first was taken just before, the last just after.
        probed: numbers of the scenario's own probe.
        sending_cpu_s: CPU seconds that the producer needed to send it (with a stretch: would have
            needed if all had cost what the cheapest stretch did), None where it does not say.
    """

    phase: Phase
    tasks: int
    rate_per_s: float
    stamps: Stamps
    samples: tuple[Sample, ...]
    probed: Mapping[str, float] = field(default_factory=dict)
    sending_cpu_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class RunData:
    """One measured run.

    Attributes:
        round: number of the round; each has fresh worker processes, and the order of the
            libraries is reversed on every second one.
        order: position of the library within its round.
        index: number of the run within its library and variant.
        spawned_ns: when the first worker was started.
        canary: stamps of the first tasks of the round, all of which ended well.
        queued: numbers of the probe while the first tasks waited for workers.
    """

    variant: str
    round: int
    order: int
    index: int
    spawned_ns: int
    canary: Stamps
    warmup: Warmup | None
    phases: tuple[PhaseData, ...]
    queued: Mapping[str, float] = field(default_factory=dict)

    @property
    def seconds_to_ready(self) -> float:
        """From spawning the workers to the end of the first task."""
        return float(self.canary.finished.min() - self.spawned_ns) / NS

    def phase(self, name: str) -> PhaseData | None:
        """The phase called *name*."""
        return next((p for p in self.phases if p.phase.name == name), None)


@dataclass(kw_only=True)
class CellData:
    """What became of a cell so far.

    Attributes:
        reason: why it failed, empty while it has not.
        versions: installed versions in the library's environment.
        facts: of the broker.
        counts: what a task costs, where that was counted.
    """

    cell: Cell
    runs: list[RunData] = field(default_factory=list)
    reason: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    counts: CountsRecord | None = None

    def fail(self, reason: str) -> None:
        """Keep why it failed; the first reason stays."""
        self.reason = self.reason or reason

    def describe(self, facts: Mapping[str, str], versions: Mapping[str, str]) -> None:
        """Add *facts* of the broker, of which those of the first variant stay, and *versions*."""
        self.facts = {**facts, **self.facts}
        self.versions.update(versions)

    def add_counts(self, counts: CountsRecord, versions: Mapping[str, str]) -> None:
        """Keep what a task costs, and the versions that were counted."""
        self.counts = counts
        self.versions.update(versions)

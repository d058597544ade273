"""What a scenario measures, as frozen values. Standard library only: asv and workers import this.

A scenario has variants (worker set-ups that are compared). Each variant is measured in several
rounds with fresh worker processes, each round in several runs, each run in phases:

    scenario ─ variant ─ round ─ run ─ phase (a burst, or a paced load)
"""

from dataclasses import dataclass, field
from enum import StrEnum

HARNESS_VERSION = 3
"""Raised when the harness measures differently; part of every scenario's asv version."""


class Size(StrEnum):
    """How much is measured: `quick` for CI and demos, `full` for figures to rely on."""

    QUICK = "quick"
    FULL = "full"


class Only(StrEnum):
    """The half of a measurement that is wanted, where not both are."""

    COUNTS = "counts"
    TIMES = "times"


class Work(StrEnum):
    """What the tasks mostly do; an adapter picks its worker command by it."""

    NOTHING = "nothing"
    IO = "io"
    CPU = "cpu"
    MIXED = "mixed"


class Pattern(StrEnum):
    """How tasks arrive: all at once, or open-loop at a fixed rate."""

    BURST = "burst"
    PACED = "paced"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClass:
    """One kind of task within a load; its index in `Variant.tasks` is the `kind` of its slots.

    Attributes:
        name: what the metrics call it.
        workload: key of `workloads.WORKLOADS`.
        share: weight among the classes of the variant; the order is seeded.
        queue: queue that it is sent to.
        then: workloads that follow natively (a chain); each takes the next slot, and the `kind`
            of a following slot is that of the first plus `load.STEP_KIND` for each step.
        max_retries: times that a failed task is tried again, at once.
    """

    name: str
    workload: str
    share: float = 1.0
    queue: str = "default"
    then: tuple[str, ...] = ()
    max_retries: int = 0

    @property
    def slots(self) -> int:
        """Slots of the timeline that one task of this class takes."""
        return 1 + len(self.then)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlan:
    """How workers are to run.

    Attributes:
        concurrency: tasks in progress at once, over all processes.
        processes: processes that share them, where the library leaves the choice.
        queues: in order of priority, the first is served first.
    """

    work: Work = Work.NOTHING
    concurrency: int = 10
    processes: int = 1
    queues: tuple[str, ...] = ("default",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One set-up of workers and the tasks it is given.

    Attributes:
        events: whether the library's own events are switched on, in producer and workers.
        options: (name, value) pairs that only adapters and workloads read.
        only: the libraries that it concerns; all when empty.
    """

    name: str = "default"
    workers: WorkerPlan = field(default_factory=WorkerPlan)
    tasks: tuple[TaskClass, ...]
    events: bool = False
    options: tuple[tuple[str, str], ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One load of a run, drained before the next one.

    Attributes:
        tasks: tasks that the producer sends (a chain counts as one).
        parts: into so many loads, each drained, the tasks are divided; the run's figures are
            those of the median part. What disturbs a machine comes and goes within a second.
        rate_per_s: arrivals per second of a paced load, unless `rates_per_s` names the library.
            The same for every commit: a rate that followed the speed would hide a regression.
        rates_per_s: (library, rate) pairs.
    """

    name: str
    pattern: Pattern
    tasks: int
    parts: int = 1
    rate_per_s: float = 0.0
    rates_per_s: tuple[tuple[str, float], ...] = ()

    def rate_of(self, library: str) -> float:
        """Arrivals per second for *library*; 0 means as fast as the producer can."""
        return dict(self.rates_per_s).get(library, self.rate_per_s)

    def divided(self, tasks: int) -> tuple[int, ...]:
        """*tasks* of this load by part: as equal as whole tasks can be, one each at least.

        >>> Phase(name="burst", pattern=Pattern.BURST, tasks=8, parts=3).divided(8)
        (3, 3, 2)
        """
        parts = min(self.parts, tasks)
        return tuple(tasks // parts + (i < tasks % parts) for i in range(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """How much is measured at one size.

    Attributes:
        rounds: sets of fresh worker processes per library and variant.
        runs_per_round: measured runs of each; samples = rounds x this.
        phases: the loads of one run, in order. Empty for scenarios that only start workers.
        warmup_tasks: tasks of one warm-up block. Blocks are sent until the rates of four agree.
        warmup_cap_s: when to stop waiting for a steady state.
        pause_s: rest between warm-up, phases and runs.
        run_limit_s: a phase that takes longer fails the cell.
        ready_limit_s: workers whose first task has not come back by then fail the cell.
        sample_interval_s: time between two resource samples.
        scales: (library, factor) pairs: libraries that are too slow for the full counts.
        stretch: sending costs what it does in the cheapest so many tasks in a row; 0: in all.
        phases_of_others: of variants but the first only so many phases are measured; 0: all.
    """

    rounds: int
    runs_per_round: int
    phases: tuple[Phase, ...]
    warmup_tasks: int = 200
    warmup_cap_s: float = 20.0
    pause_s: float = 0.5
    run_limit_s: float = 600.0
    ready_limit_s: float = 60.0
    sample_interval_s: float = 0.5
    scales: tuple[tuple[str, float], ...] = ()
    stretch: int = 0
    phases_of_others: int = 0

    def scaled(self, tasks: int, library: str) -> int:
        """How many of *tasks* that *library* gets; slow ones get fewer, and the record says so."""
        return max(1, round(tasks * dict(self.scales).get(library, 1.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSpec:
    """A number that asv stores: `track_<name>`; the same name is in tracker/model/catalogue.py.

    Attributes:
        variant: of which variant it speaks, when that is not the first one: a library that does
            not support the variant has no such number, and that is no failure.
    """

    name: str
    unit: str
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A helper process that lives as long as the workers of a round.

    It prints one line of JSON when ready: `{"env": {...}}`, which producer and workers get.

    Attributes:
        module: run as `python -m module`.
        in_library: in the library's environment rather than the harness's.
    """

    module: str
    in_library: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSpec:
    """One scenario, whole.

    Attributes:
        name: the module's name under benchmarks/.
        version: raised when the scenario measures something else; breaks its series openly.
        variants: the first one gives the common metrics.
        metrics: what asv stores, in order.
        extra_metrics: "module:function" of a pure function that computes the metrics that are not
            common ones (see `lab.metrics`); the module is imported by the harness only.
        producer: module run in the library's environment (`producer.serve` is its main loop).
        probe: "module:function", called in the harness as `f(moment, phase, broker, context)`
            with moment "begin" and "end" of each phase; the numbers it returns (a mapping)
            are added to `PhaseData.probed`, and so reach `extra_metrics`.
        web: whether producer and workers need the web environment (locks/web.txt).
        queue_first: whether the first tasks are queued before the workers start, so that the
            probe can look at them (moment "queued"; its numbers are `RunData.queued`).
        waiting: whether waiting is what it measures: equal costs per task do not settle it.
    """

    name: str
    version: int
    title: str
    variants: tuple[Variant, ...]
    quick: LoadPlan
    full: LoadPlan
    metrics: tuple[MetricSpec, ...]
    extra_metrics: str = ""
    probe: str = ""
    producer: str = "benchmarks.harness.library.producer"
    companions: tuple[Companion, ...] = ()
    web: bool = False
    queue_first: bool = False
    waiting: bool = False
    seed: int = 20260101

    def plan(self, size: Size) -> LoadPlan:
        """The plan of *size*."""
        return self.quick if size is Size.QUICK else self.full

    def variants_for(self, library: str) -> tuple[Variant, ...]:
        """The variants that concern *library*, whether it can do them or not."""
        return tuple(v for v in self.variants if library in v.only or not v.only)

    @property
    def class_name(self) -> str:
        """Name of the asv class: the module's in CamelCase."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def asv_version(self) -> str:
        """What asv compares before it joins results."""
        return f"{self.name}/{self.version} harness/{HARNESS_VERSION}"

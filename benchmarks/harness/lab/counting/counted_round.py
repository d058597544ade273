"""One round of workers under a hook, counted: which counters are read, and what they give."""

import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.counting.broker_counters import BrokerCounters, counters_of
from benchmarks.harness.lab.counting.bursts import Counting, Sizes, Span
from benchmarks.harness.lab.counting.callgrind import Callgrind
from benchmarks.harness.lab.counting.function_counts import Counts, FunctionNames, FunctionTable
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.processes.watchdog import session_members
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.opened_station import broker_for, live_station
from benchmarks.harness.lab.station.process_hooks import Hook, Hooks
from benchmarks.harness.shared.count_files import FOLDER_VARIABLE, WHAT_VARIABLE
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.spec import LoadPlan, Variant
from benchmarks.harness.shared.variant_options import HELD, is_tuned

ENTRY = REPOSITORY / "benchmarks" / "harness" / "library" / "counting" / "entry"
ROLES = ("worker", "producer")
INSTRUCTIONS = "instructions"
SAME_HASHES = {"PYTHONHASHSEED": "0"}
LAYOUT = "TRACKER_LAYOUT"
LAYOUT_VARIABLES = 20
READY_LIMIT_S = 180.0
RUN_LIMIT_S = 180.0


def memory_layout(number: int) -> dict[str, str]:
    """Return what puts a process's objects elsewhere in memory: its environment, by layout.

    The same code executes up to 1.4 % more instructions for a task where its objects lie otherwise:
    CPython's method cache goes by the address of a name, its dictionaries by hashes, and small
    objects share pools. So another layout has another seed of hashes, and variables of several
    sizes, each of which is two small objects more, before all others. See T. Mytkowicz et al.,
    "Producing Wrong Data Without Doing Anything Obviously Wrong!", ASPLOS 2009,
    doi:10.1145/1508244.1508275.
    """
    each = range(LAYOUT_VARIABLES)
    variables = {f"{LAYOUT}_{n}_{i}": "x" * (8 * i) for n in range(number) for i in each}
    return {"PYTHONHASHSEED": str(number), LAYOUT: ""} | variables


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All counters at one instant; only differences mean something.

    Attributes:
        functions: per role, starts, lines and calls of each function, or its instructions.
        totals: per role, allocations.
        broker: see `BrokerCounters`.
    """

    functions: Mapping[str, Counts] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    broker: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CountedRound:
    """What a round yielded.

    Attributes:
        names: the functions, per role.
        ready: the counters when the first task had come back; they began at 0.
        absent: why the processes or the broker could not be counted, empty when they could.
    """

    names: Mapping[str, FunctionNames]
    ready: Reading
    spans: list[Span[Reading]]
    idle: Span[Reading]
    versions: Mapping[str, str]
    absent: str
    broker_absent: str


NOTHING_EXECUTED: Counts = np.zeros((0, 1), dtype=np.int64)

SHORT_LATENCY_MS = 2.0
"""What waits for the mock API costs as much however long that takes: it answers sooner here."""


def alone(variant: Variant) -> Variant:
    """*variant* with one task at a time: nothing depends on which of several is faster."""
    options = {**dict(variant.options), HELD: "yes"}
    if "api_latency_ms" in options:
        options["api_latency_ms"] = f"{min(float(options['api_latency_ms']), SHORT_LATENCY_MS):g}"
    workers = replace(variant.workers, concurrency=1, processes=1)
    return replace(variant, workers=workers, options=tuple(options.items()))


def job_of(cell: Cell, variant: Variant, sizes: Sizes, seed: int) -> Job:
    """The job of a round that is counted."""
    plan = LoadPlan(
        rounds=1,
        runs_per_round=1,
        phases=(burst(sizes.large),),
        ready_limit_s=READY_LIMIT_S,
        run_limit_s=RUN_LIMIT_S,
    )
    return Job(library=cell.library, variant=alone(variant), plan=plan, seed=cell.spec.seed + seed)


def count_round(  # noqa: PLR0913 - what is counted, how, and where in memory
    cell: Cell, job: Job, what: str, sizes: Sizes, keeper: Keeper, *, layout: int = 0
) -> CountedRound:
    """Start everything, count *what* and the broker, and stop it.

    Args:
        cell: what is counted.
        job: what its workers are given; see `job_of`.
        what: `FUNCTIONS` or `ALLOCATIONS` of `shared.count_files`, or `INSTRUCTIONS`.
        sizes: the bursts.
        keeper: owns the processes.
        layout: 0 for the usual one of their memory; others differ, for instructions (`LAYOUT`).

    Raises:
        CellFailedError: something died, stalled or was lost.
    """
    clock = SystemClock()
    with (
        _folders(keeper) as folders,
        broker_for(cell.adapter.broker, keeper, durable=not is_tuned(job.variant)) as broker,
        _counters(broker) as (counters, broker_absent),
    ):
        by_valgrind = what == INSTRUCTIONS
        probe = Instructions(folders, sizes, layout) if by_valgrind else Files(folders, what)
        with live_station(cell, job, keeper, clock, broker, hooks=probe.hooks) as station:
            counting = Counting(
                station,
                job,
                clock,
                read=lambda: replace(
                    probe.read(station), broker=counters.read() if counters is not None else {}
                ),
                settle=lambda: probe.settle(station),
            )
            ready = counting.become_ready()
            spans = counting.bursts(sizes)
            idle = counting.idle(sizes.idle_s)
            versions = dict(station.versions)
        return CountedRound(
            names=probe.names,
            ready=ready,
            spans=spans,
            idle=idle,
            versions=versions,
            absent=probe.absent,
            broker_absent=broker_absent,
        )


class Probe(Protocol):
    """How the library's processes are counted."""

    @property
    def hooks(self) -> Hooks:
        """What is put around them."""
        ...

    @property
    def names(self) -> Mapping[str, FunctionNames]:
        """The functions that are counted, per role."""
        ...

    @property
    def absent(self) -> str:
        """Why some process could not be counted, empty when all could."""
        ...

    def settle(self, station: LiveStation) -> None:
        """The workers rest and are about to be frozen."""
        ...

    def read(self, station: LiveStation) -> Reading:
        """All counters but the broker's; the workers are frozen."""
        ...


class Files:
    """Processes count by themselves, in files (`library/counting`)."""

    def __init__(self, folders: Mapping[str, Path], what: str) -> None:
        """Have *what* counted."""
        self._tables = {role: FunctionTable(folder) for role, folder in folders.items()}
        self.names = {role: table.names for role, table in self._tables.items()}
        self.hooks = Hooks(**{role: _file_hook(folder, what) for role, folder in folders.items()})

    @property
    def absent(self) -> str:
        """See `Probe`."""
        return next((table.absent for table in self._tables.values() if table.absent), "")

    def settle(self, station: LiveStation) -> None:
        """Files can be read at any time."""

    def read(self, station: LiveStation) -> Reading:
        """See `Probe`."""
        del station
        tables = {role: table.read() for role, table in self._tables.items()}
        return Reading(
            functions={role: functions for role, (functions, _) in tables.items()},
            totals={role: allocated for role, (_, allocated) in tables.items()},
        )


class Instructions:
    """Processes run under callgrind."""

    absent = ""

    def __init__(self, folders: Mapping[str, Path], sizes: Sizes, layout: int = 0) -> None:
        """Count from the start where nothing comes after it."""
        environment = memory_layout(layout)
        from_start = not sizes.turns
        self._roles = {
            role: Callgrind(folder, from_start=from_start) for role, folder in folders.items()
        }
        self.names = {role: callgrind.names for role, callgrind in self._roles.items()}
        self.hooks = Hooks(
            **{
                role: Hook(environment=environment, prefix=(*same_addresses(), *callgrind.prefix))
                for role, callgrind in self._roles.items()
            }
        )
        self._of_workers: Counts = NOTHING_EXECUTED

    def settle(self, station: LiveStation) -> None:
        """Ask the workers now: what is frozen does not answer."""
        pids = [pid for worker in station.workers for pid in session_members(worker.pid)]
        self._of_workers = self._roles["worker"].read(pids)
        self._roles["worker"].begin(pids)

    def read(self, station: LiveStation) -> Reading:
        """See `Probe`."""
        pids = [pid for process in station.senders for pid in session_members(process.pid)]
        functions = {"worker": self._of_workers, "producer": self._roles["producer"].read(pids)}
        self._roles["producer"].begin(pids)
        return Reading(functions=functions)


@contextmanager
def _folders(keeper: Keeper) -> Iterator[dict[str, Path]]:
    """A folder per role for what its processes write."""
    base = Path(tempfile.mkdtemp(prefix="counts-", dir=keeper.folder))
    folders = {role: base / role for role in ROLES}
    for folder in folders.values():
        folder.mkdir()
    try:
        yield folders
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def _counters(broker: Broker) -> Iterator[tuple[BrokerCounters | None, str]]:
    counters, absent = counters_of(broker)
    try:
        yield counters, absent
    finally:
        if counters is not None:
            counters.close()


def _file_hook(folder: Path, what: str) -> Hook:
    """What makes a process count *what* into files in *folder*."""
    return Hook(
        environment={
            **SAME_HASHES,
            "PYTHONPATH": f"{ENTRY}{os.pathsep}{REPOSITORY}",
            FOLDER_VARIABLE: str(folder),
            WHAT_VARIABLE: what,
        },
        prefix=same_addresses(),
    )


@functools.cache
def same_addresses() -> tuple[str, ...]:
    """The command that runs another one at the same addresses every time, where that is allowed."""
    command = ("setarch", "-R")
    with contextlib.suppress(OSError):
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return ()


def padded(counts: Counts, functions: int) -> Counts:
    """*counts* with rows for all *functions*, also those that were met later."""
    return np.pad(counts, ((0, functions - len(counts)), (0, 0)))

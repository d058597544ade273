"""One generation of workers under a hook, counted: which counters are read, and what they give."""

import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.counting.broker_counters import BrokerCounters, counters_of
from benchmarks.harness.lab.counting.bursts import Counting, Sizes, Span
from benchmarks.harness.lab.counting.function_counts import Counts, FunctionTable
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.hooks import Hook, Hooks
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live import broker_for, live_station
from benchmarks.harness.shared.count_files import FOLDER_VARIABLE, WHAT_VARIABLE
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.options import is_tuned
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.spec import LoadPlan, Variant

ENTRY = REPOSITORY / "benchmarks" / "harness" / "library" / "counting" / "entry"
ROLES = ("worker", "producer")
READY_LIMIT_S = 180.0
RUN_LIMIT_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All counters at one instant; only differences mean something."""

    functions: Mapping[str, Counts]
    allocated: Mapping[str, int]
    broker: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class CountedGeneration:
    """What a generation yielded.

    Attributes:
        tables: names of the functions, per role.
        ready: the counters when the first task had come back; they began at 0.
        absent: why the processes or the broker could not be counted, empty when they could.
    """

    tables: Mapping[str, FunctionTable]
    ready: Reading
    spans: list[Span[Reading]]
    idle: Span[Reading]
    versions: Mapping[str, str]
    absent: str
    broker_absent: str


def alone(variant: Variant) -> Variant:
    """*variant* with one task at a time: nothing depends on which of several is faster."""
    return replace(variant, workers=replace(variant.workers, concurrency=1, processes=1))


def job_of(cell: Cell, variant: Variant, sizes: Sizes, seed: int) -> Job:
    """The job of a generation that is counted."""
    plan = LoadPlan(
        rounds=1,
        runs_per_round=1,
        phases=(burst(sizes.large),),
        ready_limit_s=READY_LIMIT_S,
        run_limit_s=RUN_LIMIT_S,
    )
    return Job(library=cell.library, variant=alone(variant), plan=plan, seed=cell.spec.seed + seed)


def count_generation(
    cell: Cell, job: Job, what: str, sizes: Sizes, keeper: Keeper
) -> CountedGeneration:
    """Start everything, count *what* (see `shared.count_files`) and the broker, and stop it.

    Raises:
        CellFailedError: something died, stalled or was lost.
    """
    clock = SystemClock()
    with (
        _folders(keeper) as folders,
        broker_for(cell.adapter.broker, keeper, durable=not is_tuned(job.variant)) as broker,
        _counters(broker) as (counters, broker_absent),
        live_station(cell, job, keeper, clock, broker, hooks=_hooks(folders, what)) as station,
    ):
        tables = {role: FunctionTable(folder) for role, folder in folders.items()}
        read = functools.partial(_read, tables, counters)
        counting = Counting(station, job, clock, read)
        ready = counting.become_ready()
        spans = counting.bursts(sizes)
        idle = counting.idle(sizes.idle_s)
        absent = tables["worker"].absent or tables["producer"].absent
        versions = dict(station.versions)
    return CountedGeneration(
        tables=tables,
        ready=ready,
        spans=spans,
        idle=idle,
        versions=versions,
        absent=absent,
        broker_absent=broker_absent,
    )


def _read(tables: Mapping[str, FunctionTable], counters: BrokerCounters | None) -> Reading:
    functions, allocated = {}, {}
    for role, table in tables.items():
        functions[role], allocated[role] = table.read()
    return Reading(
        functions=functions,
        allocated=allocated,
        broker=counters.read() if counters is not None else {},
    )


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


def _hooks(folders: Mapping[str, Path], what: str) -> Hooks:
    """What makes the library's processes count *what*."""
    hooks = {
        role: Hook(
            environment={
                "PYTHONPATH": f"{ENTRY}{os.pathsep}{REPOSITORY}",
                "PYTHONHASHSEED": "0",
                FOLDER_VARIABLE: str(folder),
                WHAT_VARIABLE: what,
            },
            prefix=same_addresses(),
        )
        for role, folder in folders.items()
    }
    return Hooks(worker=hooks["worker"], producer=hooks["producer"])


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

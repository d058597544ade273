"""Samples one library in one scenario: a round of workers of its own, that nothing times."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec

from benchmarks.harness.lab.counting.bursts import Counting, Sizes
from benchmarks.harness.lab.counting.counted_cell import is_slow
from benchmarks.harness.lab.counting.counted_round import (
    ENTRY,
    ROLES,
    SAME_HASHES,
    job_of,
    same_addresses,
)
from benchmarks.harness.lab.processes import usage
from benchmarks.harness.lab.processes.processes import Keeper, Process
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.cell_summary import support_of
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.sampling.profiler import Profiler
from benchmarks.harness.lab.sampling.stacks import fold
from benchmarks.harness.lab.sampling.tools import Tool, choose_tool, why_absent
from benchmarks.harness.lab.station.clock import Clock, SystemClock
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.opened_station import broker_for, live_station
from benchmarks.harness.lab.station.process_hooks import Hook, Hooks
from benchmarks.harness.library.counting.tracing import TRACER_VARIABLE
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.load_schedule import NS_PER_S
from benchmarks.harness.shared.variant_options import is_tuned

VERSION = 1
QUICK = Sizes(small=400, large=400, turns=3, warmups=0)
SLOW = Sizes(small=30, large=30, turns=2, warmups=0)
WARM_UP = 100
"""Tasks before the first sample."""


class RoleSamples(msgspec.Struct, frozen=True, kw_only=True):
    """What one role was seen to do.

    Attributes:
        tasks: so many were sent and done meanwhile.
        seconds: how long it was sampled; `looks`: how often its threads were looked at.
        cpu_s: CPU seconds that it used meanwhile.
        functions: [file from its package on, qualified name, so often seen in it].
    """

    tasks: int
    seconds: float
    looks: int
    cpu_s: float
    functions: list[tuple[str, str, int]]


class SamplesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One round: role to what it was seen to do."""

    version: int
    profiler: str
    roles: dict[str, RoleSamples]


def answer(
    data: CellData, keeper: Keeper, progress: Callable[[str], None], *, seed: int
) -> dict[str, object]:
    """Sample the cell of *data* in one round, and say what became of it."""
    if data.reason:
        return {"outcome": "failed", "reason": data.reason}
    if not data.cell.variants:
        return {"outcome": "unsupported", "reason": support_of(data).reason}
    if not data.cell.plan.phases:
        return {"outcome": "unsupported", "reason": "the scenario sends no tasks"}
    tool = choose_tool(data.cell.python, data.cell.adapter.distribution)
    if tool is None:
        return {"outcome": "failed", "reason": why_absent()}
    progress(f"{data.cell.library}: sampling {data.cell.spec.name}")
    try:
        record = sample_cell(data.cell, tool, keeper, seed=seed)
    except CellFailedError as error:
        return {"outcome": "failed", "reason": error.reason}
    return {"outcome": "sampled", "reason": "", "samples": msgspec.to_builtins(record)}


def sample_cell(cell: Cell, tool: Tool, keeper: Keeper, *, seed: int = 0) -> SamplesRecord:
    """Run one round of *cell* with a profiler beside its processes.

    Raises:
        CellFailedError: something died, stalled or was lost, or the profiler cannot look.
    """
    clock = SystemClock()
    sizes = SLOW if is_slow(cell) else QUICK
    job = job_of(cell, cell.variants[0], sizes, seed)
    with (
        _folder(keeper) as folder,
        broker_for(cell.adapter.broker, keeper, durable=not is_tuned(job.variant)) as broker,
        live_station(cell, job, keeper, clock, broker, hooks=_hooks()) as station,
        ExitStack() as stack,
    ):
        counting = Counting[None](station, job, clock, read=_nothing, settle=_nothing)
        counting.become_ready()
        counting.bursts(replace(sizes, large=min(WARM_UP, sizes.large), turns=0, warmups=1))
        watches = {
            role: stack.enter_context(_Watch(tool, processes, folder / role, keeper, clock))
            for role, processes in _processes(station).items()
        }
        tasks = sum(span.tasks for span in counting.bursts(sizes))
        package = cell.adapter.distribution
        roles = {role: watch.end(tasks, package) for role, watch in watches.items()}
    return SamplesRecord(version=VERSION, profiler=tool.name, roles=roles)


class _Watch:
    """One role from `__init__` to `end`; its profiler does not outlive the `with` block."""

    def __init__(
        self, tool: Tool, roots: list[int], folder: Path, keeper: Keeper, clock: Clock
    ) -> None:
        folder.mkdir()
        self._tool, self._roots, self._clock = tool, roots, clock
        self._profiler = Profiler(tool, roots, folder, keeper, clock)
        self._began_ns, self._cpu_s = clock.now_ns(), self._used_s()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._profiler.end()

    def end(self, tasks: int, package: str) -> RoleSamples:
        lasted_ns, cpu_s = self._clock.now_ns() - self._began_ns, self._used_s() - self._cpu_s
        stacks = fold(self._profiler.stop(), package, self._tool.read_frame)
        return RoleSamples(
            tasks=tasks,
            seconds=lasted_ns / NS_PER_S,
            looks=stacks.looks,
            cpu_s=cpu_s,
            functions=[(*function, times) for function, times in stacks.functions.most_common()],
        )

    def _used_s(self) -> float:
        return usage.usage_of(usage.tree_of(self._roots)).cpu_s


def _processes(station: LiveStation) -> Mapping[str, list[int]]:
    def pids(processes: list[Process]) -> list[int]:
        return [process.pid for process in processes]

    return dict(zip(ROLES, (pids(station.workers), pids(station.senders)), strict=True))


def _hooks() -> Hooks:
    """What lets us look into the processes, and has them hash as when they are counted."""
    hook = Hook(
        environment={
            **SAME_HASHES,
            "PYTHONPATH": f"{ENTRY}{os.pathsep}{REPOSITORY}",
            TRACER_VARIABLE: str(os.getpid()),
        },
        prefix=same_addresses(),
    )
    return Hooks(worker=hook, producer=hook)


def _nothing() -> None:
    """Between bursts nothing is read: the profilers run on."""


@contextmanager
def _folder(keeper: Keeper) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="samples-", dir=keeper.folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

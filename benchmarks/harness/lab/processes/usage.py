"""CPU and memory of sets of processes with all their descendants, and of everybody else."""

import contextlib
import os
import sys
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

CLOCK_OF_PROCESS = 2
"""Low bits of a Linux clock id that mean "CPU time of a whole process" (clock_getcpuclockid(3))."""

IDLE_FIELDS = ("idle", "iowait", "guest", "guest_nice")
"""Fields of the machine's CPU times that are not work, or are counted elsewhere too."""

LISTS_CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children").exists()
"""Whether the kernel lists the children of every thread (Linux, unless built without)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeUsage:
    """What a tree of processes has used.

    Attributes:
        cpu_s: CPU seconds since the processes started, those of reaped descendants included.
        memory_bytes: resident memory now, summed; shared pages count once per process.
        processes: how many are alive.
    """

    cpu_s: float
    memory_bytes: float
    processes: int


def tree_of(roots: Iterable[int]) -> list[psutil.Process]:
    """The processes *roots* that are alive, and all their descendants, parents first."""
    tree: dict[int, psutil.Process] = {}
    waiting = list(roots)
    for pid in waiting:  # which grows meanwhile
        with contextlib.suppress(psutil.Error):
            tree[pid] = process = psutil.Process(pid)
            if LISTS_CHILDREN:
                waiting += _children(pid)
            else:
                tree.update((child.pid, child) for child in process.children(recursive=True))
    return list(tree.values())


def _children(pid: int) -> list[int]:
    """From the lists that the kernel keeps; psutil reads the table of all processes instead."""
    children: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                children += map(int, (thread / "children").read_bytes().split())
    return children


def our_tree() -> list[psutil.Process]:
    """This process and all its descendants, in one look."""
    return tree_of([os.getpid()])


def below(tree: Iterable[psutil.Process], roots: Collection[int]) -> list[psutil.Process]:
    """Those of *tree* (parents before children) that are *roots* or descend from them."""
    descendants: dict[int, psutil.Process] = {}
    for process in tree:
        with contextlib.suppress(psutil.Error):
            if process.pid in roots or process.ppid() in descendants:
                descendants[process.pid] = process
    return list(descendants.values())


def usage_of(processes: Iterable[psutil.Process]) -> TreeUsage:
    """Their usage now. Dead ones count by what their parents have reaped.

    The CPU time of the living comes from their own clocks, exact to the nanosecond on Linux; the
    kernel's tables are in ticks of 10 ms, too coarse for a run of a second.
    """
    cpu_s = memory_bytes = 0.0
    alive = 0
    for process in processes:
        with contextlib.suppress(psutil.Error, OSError):
            times, memory = process.cpu_times(), process.memory_info()
            own_s = _own_cpu_s(process.pid, times.user + times.system)
            cpu_s += own_s + getattr(times, "children_user", 0.0)
            cpu_s += getattr(times, "children_system", 0.0)
            memory_bytes += memory.rss
            alive += 1
    return TreeUsage(cpu_s=cpu_s, memory_bytes=memory_bytes, processes=alive)


def _own_cpu_s(pid: int, fallback_s: float) -> float:
    if sys.platform != "linux":
        return fallback_s
    try:
        return time.clock_gettime(((~pid) << 3) | CLOCK_OF_PROCESS)
    except OSError:
        return fallback_s


def machine_busy_s() -> float:
    """CPU seconds that all processors have worked since the machine started, stolen time too."""
    times = psutil.cpu_times()._asdict()
    return float(sum(value for name, value in times.items() if name not in IDLE_FIELDS))

"""Plants a known amount of extra work per task into an installed copy of AsyncTasQ."""

import shutil
import time
from itertools import repeat
from pathlib import Path

# File and line that run once per task, and where the extra work goes: just before it.
PLACES = {
    "worker": ("core/worker.py", "            await self._task_executor.execute(task)\n"),
    "dispatcher": (
        "core/dispatcher.py",
        "        serialized_task = self._task_serializer.serialize(task)\n",
    ),
}

# What tells how long the place takes for a task: CPU seconds per 1,000 tasks.
COSTS = {"worker": "cpu_per_kilotask", "dispatcher": "enqueue_cpu_per_kilotask"}
# Not a range: its numbers up to 256 exist already, so that short loops cost less by the turn.
LOOP = """
from itertools import repeat as _repeat


def _planted_work() -> None:
    for _ in _repeat(None, {turns}):
        pass
"""


def copy_environment(environment: Path, target: Path) -> Path:
    """Copy a virtual environment and return the copy's interpreter."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(environment, target, symlinks=True)
    return target / "bin" / "python"


def plant(environment: Path, *, extra_s: float, where: str) -> int:
    """Add a busy loop of *extra_s* to every task in an environment; return its length in turns."""
    (package,) = environment.glob("lib/python3*/site-packages/asynctasq")
    return plant_in_package(package, extra_s=extra_s, where=where)


def plant_in_package(package: Path, *, extra_s: float, where: str) -> int:
    """The same in the folder of the package itself, installed or a checkout.

    The loop is fixed work, not a timer: like real code it takes longer on a busy machine.
    """
    file, line = PLACES[where]
    source = package / file
    text = source.read_text(encoding="utf-8")
    if text.count(line) != 1:
        raise SystemExit(f"{source} has not exactly one line {line.strip()!r}")
    turns = round(extra_s / seconds_per_loop())
    indent = line[: len(line) - len(line.lstrip())]
    planted = text.replace(line, f"{indent}_planted_work()\n{line}") + LOOP.format(turns=turns)
    source.write_text(planted, encoding="utf-8")
    return turns


def seconds_per_loop(turns: int = 200_000, tries: int = 20) -> float:
    """The time of one turn of an empty loop: the quickest of several tries."""

    def once() -> float:
        began_ns = time.thread_time_ns()
        for _ in repeat(None, turns):
            pass
        return (time.thread_time_ns() - began_ns) / 1e9 / turns

    return min(once() for _ in range(tries))

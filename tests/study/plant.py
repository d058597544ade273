"""Plants a known amount of extra work per task into an installed copy of AsyncTasQ."""

import shutil
import time
from pathlib import Path

# File and line that run once per task, and where the extra work goes: just before it.
PLACES = {
    "worker": ("core/worker.py", "            await self._task_executor.execute(task)\n"),
}
LOOP = """

def _planted_work() -> None:
    for _ in range({turns}):
        pass
"""


def copy_environment(environment: Path, target: Path) -> Path:
    """Copy a virtual environment and return the copy's interpreter."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(environment, target, symlinks=True)
    return target / "bin" / "python"


def plant(environment: Path, *, extra_s: float, where: str = "worker") -> int:
    """Add a busy loop of *extra_s* to the path of every task; return its length in turns.

    The loop is fixed work, not a timer: like real code it takes longer on a busy machine.
    """
    file, line = PLACES[where]
    (source,) = environment.glob(f"lib/python3*/site-packages/asynctasq/{file}")
    text = source.read_text(encoding="utf-8")
    if text.count(line) != 1:
        raise SystemExit(f"{source} has not exactly one line {line.strip()!r}")
    turns = round(extra_s / seconds_per_turn())
    indent = line[: len(line) - len(line.lstrip())]
    planted = text.replace(line, f"{indent}_planted_work()\n{line}") + LOOP.format(turns=turns)
    source.write_text(planted, encoding="utf-8")
    return turns


def seconds_per_turn(turns: int = 200_000, tries: int = 20) -> float:
    """The time of one turn of an empty loop: the quickest of several tries."""

    def once() -> float:
        began_ns = time.thread_time_ns()
        for _ in range(turns):
            pass
        return (time.thread_time_ns() - began_ns) / 1e9 / turns

    return min(once() for _ in range(tries))

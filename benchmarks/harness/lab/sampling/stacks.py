"""From sampled stacks to functions of the library's own. Pure.

    process 7:"python worker";thread (7): MainThread;run (/…/asyncio/runners.py:7);… 12

A stack belongs to its innermost function of the library: what that calls in other packages is
folded into it. It belongs to nobody where that function only started asyncio's event loop, which
waits, or runs code of others; and where the harness's own code runs, such as a task's body.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.harness.lab.counting.function_counts import Function, is_ours, shorten
from benchmarks.harness.lab.sampling.tools import LOOP, ReadFrame

THREADS = ("thread (", "tid:")
"""How a profiler begins what names a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """What was sampled.

    Attributes:
        looks: how often the threads were looked at.
        functions: how often a thread was in each function.
    """

    looks: int
    functions: Counter[Function]


def fold(lines: Iterable[str], package: str, read_frame: ReadFrame) -> Stacks:
    """Read lines of a profiler; *package* is the library's.

    >>> from benchmarks.harness.lab.sampling.tools import read_py_spy
    >>> main = "thread (1): Main;main (/x/site-packages/rq/cli.py:2)"
    >>> loop = f"{main};Runner.run (/lib/python3.13/asyncio/runners.py:7)"
    >>> own = ";Job.do (/x/site-packages/rq/job.py:3);dumps (/lib/python3.13/json/__init__.py:1)"
    >>> fold([f"{loop}{own} 12", f"{loop} 5"], "rq", read_py_spy)
    Stacks(looks=17, functions=Counter({('rq/job.py', 'Job.do'): 12}))
    """
    functions: Counter[Function] = Counter()
    looks: Counter[str] = Counter()
    for line in lines:
        stack, _, times = line.rpartition(" ")
        frames = stack.split(";")
        looks[next((frame for frame in frames if frame.startswith(THREADS)), "")] += int(times)
        owner = _owner([read_frame(frame) for frame in frames], package)
        if owner is not None:
            functions[owner] += int(times)
    return Stacks(looks=max(looks.values(), default=0), functions=functions)


def _owner(frames: Sequence[Function | None], package: str) -> Function | None:
    for file, name in (frame for frame in reversed(frames) if frame is not None):
        if is_ours(file) or file.endswith(LOOP):
            return None
        if (short := shorten(file)).startswith(f"{package}/"):
            return short, name
    return None

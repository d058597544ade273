"""The profilers that can look into a process, and how each writes down what it saw.

py-spy is preferred: it names files with their folders. `profiling.sampling` of the standard library
(Python 3.15) stands in where py-spy is missing. It is written after CPython's sources and was never
run here, where no Python 3.15 is. Its frames name files without folders, so the library's own are
told by file and function together; what two files of the library share is told by neither. Forks
are not followed.
"""

import ast
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.harness.lab.counting.function_counts import Function
from benchmarks.harness.lab.counting.python_version import python_version

PY_SPY, STANDARD = "py-spy", "profiling.sampling"
RATE = 250
"""Looks at a thread per second."""

LONGER_THAN_ANY_RUN_S = 3600
FIRST_WITH_STANDARD = (3, 15)
LOOP = "/asyncio/runners.py"
"""Stands in the stack of every loop that was started by `asyncio.run`, of uvloop's too."""

_PY_SPY_FRAME = re.compile(r"(.*) \((.*?)(?::\d+)?\)")
_STANDARD_FRAME = re.compile(r"(.*?):(.*):\d+")

type ReadFrame = Callable[[str], Function | None]
"""From a frame as it is written to file and function, None for what is no frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One profiler.

    Attributes:
        program: how its command begins; `pid` and `output` are put behind the rest.
        output, pid: the options for them, "" where none is needed.
        begun: what it says when it samples, "" where it says nothing.
        read_frame: how it writes a frame.
    """

    name: str
    program: tuple[str, ...]
    output: str
    pid: str
    begun: str
    read_frame: ReadFrame

    def command(self, pid: int, file: Path) -> list[str]:
        """What samples *pid* until it is interrupted, and then writes *file*."""
        words = [*self.program, self.output, str(file), self.pid, str(pid)]
        return [word for word in words if word]


def choose_tool(python: Path, package: str) -> Tool | None:
    """The profiler for processes of *python* that run *package*; None where there is none."""
    if program := _find_py_spy():
        return Tool(
            name=PY_SPY,
            program=(
                program, "record", "--format", "raw", "--function", "--full-filenames", "--threads",
                "--subprocesses", "--idle", "--nonblocking", "--rate", str(RATE),
            ),
            output="--output",
            pid="--pid",
            begun="Sampling process",
            read_frame=read_py_spy,
        )  # fmt: skip
    if not has_standard(python_version(python)):
        return None
    names = dict(functions_of(python, package))
    return Tool(
        name=STANDARD,
        program=(
            str(python), "-m", STANDARD, "attach", "--collapsed", "--all-threads", "--mode", "wall",
            "--interval", str(1_000_000 // RATE), "--duration", str(LONGER_THAN_ANY_RUN_S),
        ),
        output="--output",
        pid="",
        begun="",
        read_frame=partial(read_standard, names),
    )  # fmt: skip


def has_standard(version: str) -> bool:
    """Whether an interpreter has the standard library's profiler.

    >>> has_standard("CPython 3.15.2"), has_standard("CPython 3.13.0"), has_standard("")
    (True, False, False)
    """
    found = re.fullmatch(r"CPython (\d+)\.(\d+).*", version)
    return found is not None and (int(found[1]), int(found[2])) >= FIRST_WITH_STANDARD


def why_absent() -> str:
    """Why `choose_tool` finds none."""
    return f"{PY_SPY} not found: install it, or build the harness's environment anew"


def _find_py_spy() -> str | None:
    """Its path: beside this interpreter, else on PATH."""
    beside = Path(sys.executable).with_name(PY_SPY)
    return str(beside) if beside.exists() else shutil.which(PY_SPY)


def read_py_spy(frame: str) -> Function | None:
    """Read a frame of py-spy.

    >>> read_py_spy("Job.do (/x/site-packages/rq/job.py:3)")
    ('/x/site-packages/rq/job.py', 'Job.do')
    """
    match = _PY_SPY_FRAME.fullmatch(frame)
    return (match[2], match[1]) if match and not frame.startswith("thread (") else None


def read_standard(names: Mapping[Function, str], frame: str) -> Function | None:
    """Read a frame of `profiling.sampling`; *names*: file without folder and function, to the file.

    >>> read_standard({("job.py", "Job.do"): "rq/job.py"}, "job.py:Job.do:3")
    ('rq/job.py', 'Job.do')
    """
    match = _STANDARD_FRAME.fullmatch(frame)
    if match is None or frame.startswith("tid:"):
        return None
    file, name = match[1], match[2]
    is_loop = (file, name) == ("runners.py", "Runner.run")
    return (LOOP if is_loop else names.get((file, name), file)), name


def functions_of(python: Path, package: str) -> Iterator[tuple[Function, str]]:
    """All functions of *package* as installed for *python* whose short name is that of one only."""
    functions = [
        ((path.name, name), str(path.relative_to(folder.parent)))
        for folder in python.parents[1].glob(f"lib/python*/site-packages/{package}")
        for path in sorted(folder.rglob("*.py"))
        for name in _names(ast.parse(path.read_text("utf-8")), "")
    ]
    often = Counter(short for short, _ in functions)
    return (each for each in functions if often[each[0]] == 1)


def _names(scope: ast.AST, prefix: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.ClassDef):
            yield from _names(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}"
            yield from _names(node, f"{prefix}{node.name}.<locals>.")
        else:
            yield from _names(node, prefix)

"""Instructions of processes under callgrind (N. Nethercote, J. Weidendorfer: valgrind.org).

Every process of a role runs under valgrind, whatever it forks or starts. Counting is off while they
start, unless the start is what is counted. At each reading they are asked, through valgrind's own
`vgdb`, to write down what they have executed since the last one; what ends writes by itself.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.harness.lab.counting.function_counts import Counts, Function, FunctionNames, shorten

VALGRIND, ASKING = "valgrind", "vgdb"
ANSWER_LIMIT_S = 60.0

_NAME = re.compile(r"c?(ob|fn)=\((\d+)\)(?: (.*))?")
_RECURSION = re.compile(r"'\d+$")
_ADDRESS = "0x"


def why_absent() -> str:
    """Empty when instructions can be counted here, else the reason."""
    missing = [name for name in (VALGRIND, ASKING) if shutil.which(name) is None]
    return f"{' and '.join(missing)} not found: install the package valgrind" if missing else ""


class Callgrind:
    """What the processes of one role have written to *folder*.

    Attributes:
        names: compiled functions: the object that each is in, and its symbol; "" where it has none.
    """

    def __init__(self, folder: Path, *, from_start: bool) -> None:
        """Nothing runs yet; with *from_start* instructions count from the first one on."""
        self._folder, self._on = folder, from_start
        self.names = FunctionNames()
        self._executed: Counter[int] = Counter()

    @property
    def prefix(self) -> tuple[str, ...]:
        """The command that runs another one under callgrind."""
        on = "yes" if self._on else "no"
        return (
            VALGRIND, "--tool=callgrind", "--quiet", "--trace-children=yes", "--dump-line=no",
            f"--instr-atstart={on}", f"--vgdb-prefix={self._folder}/vgdb",
            f"--callgrind-out-file={self._folder}/out.%p",
        )  # fmt: skip

    def begin(self, pids: Iterable[int]) -> None:
        """Count from now on."""
        if not self._on:
            self._on = True
            for pid in pids:
                self._ask(pid, "instrumentation on")

    def read(self, pids: Iterable[int]) -> Counts:
        """What each function has executed so far, in *pids* and in processes that have ended.

        Returns:
            Shape (functions, 1).
        """
        for pid in pids:
            self._ask(pid, "dump")
        for path in self._folder.glob("out.*"):
            with path.open(encoding="utf-8", errors="replace") as lines:
                executed = executed_by(lines)
            if executed:  # an empty one is there from the start, for the end of the process
                for function, instructions in executed.items():
                    self._executed[self.names.row(function)] += instructions
                path.unlink()
        counts = [[self._executed[row]] for row in range(len(self.names.functions))]
        return np.array(counts, dtype=np.int64).reshape(-1, 1)

    def _ask(self, pid: int, question: str) -> None:
        """Ask one process; one that has just ended does not answer, and has written."""
        command = [ASKING, f"--pid={pid}", f"--vgdb-prefix={self._folder}/vgdb", *question.split()]
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=ANSWER_LIMIT_S,
        )


def executed_by(lines: Iterable[str]) -> Counter[Function]:
    """Instructions that each function itself has executed, by what callgrind has written.

    A name stands where its number comes first, be it that of a caller or of what it calls. The line
    after `calls=` is what was executed below, which is stated there, too. See "Callgrind Format
    Specification" in valgrind's manual.
    """
    names: dict[tuple[str, str], str] = {}
    numbers = {"ob": "", "fn": ""}
    executed: Counter[tuple[str, str]] = Counter()
    is_below = False
    for line in lines:
        if line[0] in "0123456789+-*":
            if not is_below:
                executed[numbers["ob"], numbers["fn"]] += int(line.split()[1])
            is_below = False
        elif named := _NAME.match(line):
            kind, number, name = named.groups()
            if name:
                names[kind, number] = name
            if line[0] != "c":
                numbers[kind] = number
        else:
            is_below = line.startswith("calls=")
    functions: Counter[Function] = Counter()
    for (file, symbol), instructions in executed.items():
        functions[_object(names["ob", file]), _symbol(names["fn", symbol])] += instructions
    return functions


def _object(path: str) -> str:
    """The library or program at *path*: from its package on, of the system by its name."""
    inside = shorten(path)
    return inside if inside != path else path.rpartition("/")[2]


def _symbol(name: str) -> str:
    """*name* of a function, however deep it called itself; "" for an address without a name."""
    return "" if name.startswith(_ADDRESS) else _RECURSION.sub("", name)

"""Instructions of processes under callgrind (N. Nethercote, J. Weidendorfer: valgrind.org).

Every process of a role runs under valgrind, whatever it forks or starts. Counting is off while they
start, unless the start is what is counted. At each reading they are asked, through valgrind's own
`vgdb`, to write down what they have executed since the last one; what ends writes by itself.
"""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

VALGRIND, ASKING = "valgrind", "vgdb"
TOTALS = "totals:"
ANSWER_LIMIT_S = 60.0


def why_absent() -> str:
    """Empty when instructions can be counted here, else the reason."""
    missing = [name for name in (VALGRIND, ASKING) if shutil.which(name) is None]
    return f"{' and '.join(missing)} not found: install the package valgrind" if missing else ""


class Callgrind:
    """What the processes of one role have written to *folder*."""

    def __init__(self, folder: Path, *, from_start: bool) -> None:
        """Nothing runs yet; with *from_start* instructions count from the first one on."""
        self._folder, self._on = folder, from_start
        self._total = 0

    @property
    def prefix(self) -> tuple[str, ...]:
        """The command that runs another one under callgrind."""
        on = "yes" if self._on else "no"
        return (
            VALGRIND, "--tool=callgrind", "--quiet", "--trace-children=yes",
            f"--instr-atstart={on}", f"--vgdb-prefix={self._folder}/vgdb",
            f"--callgrind-out-file={self._folder}/out.%p",
        )  # fmt: skip

    def begin(self, pids: Iterable[int]) -> None:
        """Count from now on."""
        if not self._on:
            self._on = True
            for pid in pids:
                self._ask(pid, "instrumentation on")

    def read(self, pids: Iterable[int]) -> int:
        """What was executed so far, by processes *pids* and by those that have ended."""
        for pid in pids:
            self._ask(pid, "dump")
        for path in self._folder.glob("out.*"):
            with path.open(encoding="ascii", errors="replace") as lines:
                totals = [line for line in lines if line.startswith(TOTALS)]
            if totals:  # an empty one is there from the start, for the end of the process
                self._total += sum(int(line.removeprefix(TOTALS)) for line in totals)
                path.unlink()
        return self._total

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

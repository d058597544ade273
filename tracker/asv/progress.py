"""What a measurement says while it goes on.

asv keeps what a benchmark prints until its process has ended, so the harness writes its progress to
a file that we follow; of asv's own lines, people want to know what it works on, not its tables.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.system.scratch import scratch_folder

LOOK_EVERY_S = 0.2
_STEP = re.compile(r"^(\[\s*[\d.]+%\] )?·{1,3} (?!\s*[=-]{3,})")
_TABLE = re.compile(r"^(\[\s*[\d.]+%\] ···)?\s*([=-]{3,}|$)")


class StepFilter:
    """Passes the lines of asv that name a step, and what it says after a step that failed.

    >>> shown = StepFilter()
    >>> shown("[ 2.9%] ··· Setting up basic_throughput:57   ok"), shown("[ 5.8%] ··· ===== ====")
    (True, False)
    >>> shown("[ 2.9%] ··· Setting up scalability:60   failed"), shown("   RuntimeError: no disk")
    (True, True)
    """

    def __init__(self) -> None:
        """Begin with no step."""
        self._failed = False

    def __call__(self, line: str) -> bool:
        """Say whether *line* is to be shown."""
        step = _STEP.match(line) is not None
        if step:
            self._failed = line.rstrip().endswith("failed")
        return step or (self._failed and not _TABLE.match(line))


@contextmanager
def followed_file(on_line: Callable[[str], None]) -> Iterator[Path]:
    """A new empty file; each line that anyone adds to it is handed to *on_line*."""
    with scratch_folder() as folder:
        path = folder / "progress"
        path.touch()
        done = threading.Event()
        reader = threading.Thread(target=_follow, args=(path, on_line, done), daemon=True)
        reader.start()
        try:
            yield path
        finally:
            done.set()
            reader.join()


def _follow(path: Path, on_line: Callable[[str], None], done: threading.Event) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        rest = ""
        while True:
            last_look = done.wait(LOOK_EVERY_S)
            *lines, rest = (rest + file.read()).split("\n")
            for line in lines:
                on_line(f"{line}\n")
            if last_look:
                return

"""What a measurement says while it goes on.

asv keeps what a benchmark prints until its process has ended, so the harness writes its progress to
a file that we follow; of asv's own lines, people want to know what it works on, not its tables.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

LOOK_EVERY_S = 0.2
_STEP = re.compile(r"^(\[\s*[\d.]+%\] )?·{1,3} (?!\s*[=-]{3,})")


def is_step(line: str) -> bool:
    """Say whether asv's *line* names a step, and is not a row of a table or its own caption.

    >>> is_step("[ 2.94%] ··· Setting up basic_throughput:57   ok")
    True
    >>> is_step("[ 5.88%] ··· =============== ===="), is_step("   celery   44.2±6.1")
    (False, False)
    """
    return _STEP.match(line) is not None


@contextmanager
def followed_file(on_line: Callable[[str], None]) -> Iterator[Path]:
    """A new empty file; each line that anyone adds to it is handed to *on_line*."""
    with TemporaryDirectory(prefix="tracker-progress-") as folder:
        path = Path(folder) / "progress"
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

"""The progress of a long command: one line that is redrawn, or plain lines without a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

LEAST_SHARE = 0.01
"""Of the whole that must be done before the time left is estimated."""


@dataclass(slots=True)
class ProgressLine:
    """Where a command says how far it is; nothing is shown when it is quiet.

    Attributes:
        bar: the line that is redrawn, None where there is no terminal.
    """

    began_s: float
    quiet: bool
    bar: Progress | None
    task: TaskID | None

    def show(self, text: str, share: float) -> None:
        """Say what is done now, and which *share* of the whole is done, 0 to 1."""
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, description=text, completed=share, left=self.left(share))

    def tell(self, text: str) -> None:
        """Say what is done now where that carries its own time left."""
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, description=text)
        else:
            self.write(text)

    def write(self, text: str) -> None:
        """Write a line that stays."""
        if self.quiet:
            return
        if self.bar is not None:
            self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def left(self, share: float) -> str:
        """The time that is left, in words; "" while nothing is known of it."""
        if not LEAST_SHARE <= share < 1:
            return ""
        return f"{duration((time.monotonic() - self.began_s) * (1 - share) / share)} left"


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> duration(42), duration(754), duration(7300)
    ('42 s', '13 min', '2.0 h')
    """
    for limit, unit, digits in ((90, "s", 0), (90 * 60, "min", 0)):
        if seconds < limit:
            return f"{seconds / (limit / 90):.{digits}f} {unit}"
    return f"{seconds / 3600:.1f} h"


@contextmanager
def progress_line(*, quiet: bool) -> Iterator[ProgressLine]:
    """A `ProgressLine` on standard error for as long as the block runs."""
    console = Console(stderr=True)
    began_s = time.monotonic()
    if quiet or not console.is_terminal:
        yield ProgressLine(began_s=began_s, quiet=quiet, bar=None, task=None)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield ProgressLine(
            began_s=began_s, quiet=quiet, bar=bar, task=bar.add_task("", total=1.0, left="")
        )

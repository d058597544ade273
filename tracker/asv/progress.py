"""How far a measurement has come, read off the lines of asv and of the harness.

asv keeps what a benchmark prints until its process has ended, so the harness writes its progress to
a file that we follow.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tracker.system.scratch import scratch_folder

LOOK_EVERY_S = 0.2
_TOTAL = re.compile(r"· Running \d+ total benchmarks \((\d+) commits? \*")
_COMMIT = re.compile(r"· For .* commit (\w+)(?: <(.+)>)?:")
_BENCHMARK = re.compile(
    r"^\[\s*([\d.]+)%\] ··· (?:Setting up )?(\w[\w.]*?)(?::\d+)?(?:\(.*\))?\s+(?:(\w+)|\d.*)?$"
)
_HARNESS = re.compile(r"^  (\w+): (.+)$")
_PREPARING = re.compile(r"·· (Building|Installing) (?:\w+ )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioProgress:
    """One scenario at one commit, under way or ended.

    Attributes:
        commit: what people call it: a tag or branch, else the start of its hash.
        number: of the commit, from 1 to `commits`.
        detail: what is measured just now.
        share: of the whole measurement that is done, 0 to 1.
        failed: whether a benchmark of it has failed.
    """

    commit: str
    scenario: str
    number: int
    commits: int
    detail: str = ""
    share: float = 0.0
    failed: bool = False

    @property
    def title(self) -> str:
        """The step in words.

        >>> ScenarioProgress(commit="v1.7.0", scenario="io_bound", number=2, commits=6).title
        'commit 2 of 6, v1.7.0: io_bound'
        """
        return f"commit {self.number} of {self.commits}, {self.commit}: {self.scenario}"


@dataclass(slots=True)
class RunProgress:
    """Follows one `asv run`.

    Attributes:
        on_change: called with the step that is under way.
        on_end: called with each step once it has ended.
    """

    on_change: Callable[[ScenarioProgress], None]
    on_end: Callable[[ScenarioProgress], None]
    _step: ScenarioProgress = field(
        default=ScenarioProgress(commit="", scenario="", number=0, commits=0),
        init=False,
        repr=False,
    )

    def read_asv(self, line: str) -> None:
        """Take one line that asv printed."""
        if total := _TOTAL.search(line):
            self._begin(commits=int(total[1]))
        elif commit := _COMMIT.search(line):
            self._end()
            self._begin(commit=commit[2] or commit[1], scenario="", number=self._step.number + 1)
        elif benchmark := _BENCHMARK.match(line):
            self._enter(benchmark[2].partition(".")[0])
            share = float(benchmark[1]) / 100
            failed = self._step.failed or benchmark[3] == "failed"
            self._begin(share=share, failed=failed, detail="")
        elif preparing := _PREPARING.search(line):
            self._begin(detail=preparing[1].lower())

    def read_harness(self, line: str) -> None:
        """Take one line that the harness wrote: "  scenario: what it does"."""
        if told := _HARNESS.match(line.rstrip("\n")):
            self._enter(told[1])
            self._begin(detail=told[2])

    def close(self) -> None:
        """Take the end of the last step."""
        self._end()

    def _enter(self, scenario: str) -> None:
        if scenario != self._step.scenario:
            self._end()
            self._begin(scenario=scenario, failed=False, detail="")

    def _begin(self, **changes: Any) -> None:
        self._step = replace(self._step, **changes)
        self.on_change(self._step)

    def _end(self) -> None:
        if self._step.scenario:
            self.on_end(replace(self._step, detail=""))


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

"""The commits between two ends, and each of them built, by asv's own machinery."""

import json
import os
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.asv.builds import Build, absolute
from tracker.asv.command import run_lines, search_path
from tracker.asv.failure_messages import LINES_KEPT, refusal
from tracker.system.scratch import scratch_folder

ENTRY = (sys.executable, "-m", "tracker.bisect.entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCommit:
    """One commit between the ends, or an end; files are those it changed."""

    sha: str
    subject: str
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.sha[:10]} {self.subject}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Asks asv's machinery about one project.

    Attributes:
        config: the project's asv.conf.json.
        repo: repository instead of the configuration's, "" for that one.
        on_line: called with every line that asv or a build prints.
    """

    config: Path
    repo: str
    on_line: Callable[[str], None]

    def read_line(self, good: str, bad: str) -> tuple[LineCommit, ...]:
        """The good end and all commits to the bad end, along first parents.

        Raises:
            TrackerError: there is no such commit, or the ends are not of one line.
        """
        answer = self._ask(
            {"task": "line", "good": good, "bad": bad}, "asv cannot read the commits"
        )
        return tuple(
            LineCommit(sha=each["sha"], subject=each["subject"], files=tuple(each["files"]))
            for each in answer["commits"]
        )

    def build(self, sha: str, folder: Path) -> Build:
        """Build *sha* in *folder*; one that does not build carries its reason."""
        request = {"task": "build", "sha": sha, "folder": str(folder)}
        return Build(**self._ask(request, f"asv cannot build {sha[:10]}"))

    def revert(self, sha: str, onto: str) -> str:
        """A commit like *onto* without what *sha* did, "" where git cannot make one by itself."""
        request = {"task": "revert", "sha": sha, "onto": onto}
        return str(self._ask(request, f"git cannot revert {sha[:10]}")["sha"])

    def _ask(self, request: dict[str, str], what: str) -> dict[str, Any]:
        lines: deque[str] = deque(maxlen=LINES_KEPT)

        def keep(line: str) -> None:
            lines.append(line)
            self.on_line(line)

        with scratch_folder() as scratch:
            answer = scratch / "answer.json"
            full = {
                **request,
                "config": str(self.config.absolute()),
                "repo": absolute(self.repo),
                "answer": str(answer),
            }
            environment = {**os.environ, "PATH": search_path(), "TRACKER_BISECT": json.dumps(full)}
            run_lines(ENTRY, environment, keep)
            if not answer.is_file():
                raise refusal(lines, what)
            told: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return told

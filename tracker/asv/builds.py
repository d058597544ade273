"""Two environments, one with base installed and one with head, made by asv's own machinery."""

import json
import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracker.asv.command import run_lines, search_path
from tracker.asv.failure_messages import LINES_KEPT, refusal
from tracker.system.scratch import scratch_folder

COMPARE_FOLDER = Path(".asv", "compare")
"""Where base and head are built, below the configuration's folder; one comparison's at a time."""

ENTRY = (sys.executable, "-m", "tracker.asv.build_entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commits:
    """What to compare, and where it comes from.

    Attributes:
        config: the project's asv.conf.json.
        repo: repository instead of the configuration's, "" for that one.
        base, head: names that git understands in that repository.
        exact: compare with base itself, not with the merge base.
    """

    config: Path
    repo: str
    base: str
    head: str
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One side: an interpreter that has the commit installed, or why there is none.

    Attributes:
        env_vars: what asv's environment sets for the benchmarks (`env` of its matrix).
        packages: name to version of everything installed beside it.
        environment, python_version, requirements: what asv calls its environment, and keys by.
        environments: how many the configuration has, of which this is the first that can be made.
        repository: the clone, or asv's mirror, that the commit came from.
    """

    sha: str
    subject: str
    remark: str
    python: str
    env_vars: dict[str, str]
    packages: dict[str, str]
    repository: str = ""
    failure: str | None
    environment: str = ""
    python_version: str = ""
    requirements: dict[str, str] = field(default_factory=dict)
    environments: int = 1


def build_both(commits: Commits, on_line: Callable[[str], None]) -> tuple[Build, Build]:
    """Build base and head; a side that fails carries its reason.

    Raises:
        TrackerError: a commit or the repository is not there, or asv's machinery failed.
    """
    root = commits.config.absolute().parent
    with scratch_folder() as scratch:
        answer = scratch / "answer.json"
        request = {
            "config": str(commits.config.absolute()),
            "repo": absolute(commits.repo),
            "base": commits.base,
            "head": commits.head,
            "exact": commits.exact,
            "folder": str(root / COMPARE_FOLDER),
            "answer": str(answer),
        }
        last = _run(request, on_line)
        if not answer.is_file():
            raise refusal(last, "asv could not prepare the comparison")
        built = json.loads(answer.read_text(encoding="utf-8"))
    return Build(**built["base"]), Build(**built["head"])


def _run(request: dict[str, object], on_line: Callable[[str], None]) -> Sequence[str]:
    environment = {**os.environ, "PATH": search_path(), "TRACKER_BUILD": json.dumps(request)}
    lines: deque[str] = deque(maxlen=LINES_KEPT)

    def keep(line: str) -> None:
        lines.append(line)
        on_line(line)

    run_lines(ENTRY, environment, keep)
    return lines


def absolute(repo: str) -> str:
    """The address of a repository, seen from any folder."""
    return str(Path(repo).absolute()) if repo and Path(repo).exists() else repo

"""What `tracker doctor` looks at, one question a function; nothing is changed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from asv import config
from asv.plugins.git import Git

from tracker import units
from tracker.adopt.files import COMMENT, MEASURE
from tracker.adopt.layout import LIBRARIES
from tracker.adopt.tracked_project import project_name
from tracker.asv.environment_needs import environment_needs
from tracker.errors import TrackerError
from tracker.github.branch import BRANCH
from tracker.suite.scenarios import Suite, read_suite
from tracker.system.git import branch_ref, is_partial, is_shallow, run_git

_PINNED = re.compile(r"uses: \S+/performance\.yml@([0-9a-f]{40})\b")


class State(StrEnum):
    """How a check ended."""

    WORKS = "works"
    WARNS = "warns"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The answer to one question.

    Attributes:
        about: what was looked at, in a word.
        finding: what there is.
        advice: the next step, "" where none is needed.
    """

    about: str
    state: State
    finding: str
    advice: str = ""


def check_all(conf: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Diagnosis]:
    """Yield the checks of the repository that the configuration at *conf* is for."""
    root = conf.absolute().parent
    library = project_name(root)
    if not conf.is_file() and library in LIBRARIES:
        yield _works("configuration", f"none: {library} is measured by the tracker's own suite")
    else:
        suite = _suite(conf)
        yield suite if isinstance(suite, Diagnosis) else _works("configuration", _summary(suite))
        if isinstance(suite, Diagnosis):
            return
        yield from _measured(conf, root)
    yield from _workflows(root)
    yield _history(root)
    yield _rights(environment)
    yield _counting()


def _summary(suite: Suite) -> str:
    return f"{suite.project}: {units.count(len(suite.scenarios), 'scenario')}"


def _measured(conf: Path, root: Path) -> Iterator[Diagnosis]:
    """What measuring by *conf* needs: interpreters, a clone, branches."""
    parsed = config.Config.load(str(conf))
    for need in environment_needs(parsed):
        if need.advice:
            yield _missing("environment", need.finding, need.advice)
        else:
            yield _works("environment", need.finding)
    repo = root / str(parsed.repo)
    if Git.is_local_repo(str(repo)):
        yield from _clone(repo, [str(name) for name in parsed.branches if name])
    elif repo.exists():
        yield _missing(
            "repository",
            f"there is no git repository at {parsed.repo}",
            "correct `repo` in asv's configuration",
        )
    else:
        yield _warns(
            "repository",
            f"{parsed.repo} has no local clone",
            "asv will make a mirror of it; --repo DIR names a clone",
        )


def _works(about: str, finding: str) -> Diagnosis:
    return Diagnosis(about=about, state=State.WORKS, finding=finding)


def _warns(about: str, finding: str, advice: str) -> Diagnosis:
    return Diagnosis(about=about, state=State.WARNS, finding=finding, advice=advice)


def _missing(about: str, finding: str, advice: str) -> Diagnosis:
    return Diagnosis(about=about, state=State.MISSING, finding=finding, advice=advice)


def _suite(conf: Path) -> Suite | Diagnosis:
    try:
        return read_suite(conf)
    except TrackerError as error:
        return _missing("configuration", error.message, error.next_step)


def _clone(repo: Path, branches: list[str]) -> Iterator[Diagnosis]:
    if is_shallow(repo):
        yield _warns(
            "clone",
            "it is shallow: older commits cannot be measured",
            "git fetch --unshallow; in a workflow: `fetch-depth: 0`",
        )
    elif is_partial(repo):
        yield _works("clone", "whole history; contents are fetched when needed")
    else:
        yield _works("clone", "whole")
    for name in branches or [""]:
        ref = branch_ref(repo, name)
        if ref.startswith("refs/") or ref == "HEAD":
            yield _works("branch", f"{name or 'the default branch'} is {ref}")
        else:
            yield _missing(
                "branch",
                f"there is no branch {name}, which the configuration names",
                "correct `branches`, or leave them out for the default branch",
            )


def _workflows(root: Path) -> Iterator[Diagnosis]:
    top = Path(_ask(root, "rev-parse", "--show-toplevel") or root)
    for name in (MEASURE, COMMENT):
        path = top / name
        if not path.is_file():
            yield _missing("workflow", f"there is no {name}", "tracker init")
        elif name == MEASURE and not _PINNED.search(path.read_text(encoding="utf-8")):
            yield _warns(
                "workflow",
                f"{name} does not pin the tracker by a full commit",
                "write all 40 digits after the @, as tags and branches move",
            )
        else:
            yield _works("workflow", name)


def _history(root: Path) -> Diagnosis:
    refs = _ask(root, "ls-remote", "--heads", "origin", f"refs/heads/{BRANCH}*", network=True)
    if refs is None:
        return _warns(
            "history", "the remote `origin` does not answer", "try again where it can be reached"
        )
    if not refs:
        return _missing(
            "history",
            f"the remote has no branch {BRANCH}",
            "start it once: gh workflow run performance.yml -f create=true",
        )
    return _works(
        "history", ", ".join(ref.rpartition("refs/heads/")[2] for ref in refs.split("\n"))
    )


def _rights(environment: Mapping[str, str]) -> Diagnosis:
    if environment.get("GITHUB_ACTIONS") != "true":
        return _works("rights", "not checked: this is not a GitHub Actions job")
    if not environment.get("GITHUB_TOKEN"):
        return _warns(
            "rights",
            "this step has no token",
            "env: {GITHUB_TOKEN: ${{ github.token }}}, where it is to read or post",
        )
    return _works("rights", "there is a token; `permissions` says what it may do")


def _counting() -> Diagnosis:
    valgrind = shutil.which("valgrind")
    version = _output([valgrind, "--version"]) if valgrind else None
    if version is None:
        return _warns(
            "counting",
            "valgrind is not installed: instructions cannot be counted",
            "apt-get install valgrind; in a workflow, the setup action's input `valgrind`",
        )
    return _works("counting", version)


def _ask(folder: Path, *arguments: str, network: bool = False) -> str | None:
    try:
        return run_git(*arguments, repo=folder, next_step="", network=network).strip()
    except TrackerError:
        return None


def _output(command: list[str]) -> str | None:
    try:
        completed = subprocess.run(command, capture_output=True, check=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return completed.stdout.strip()

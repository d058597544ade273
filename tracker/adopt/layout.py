"""What a repository has already: its host, default branch, suites, pages, and our own files."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tracker.adopt.tracked_project import project_name
from tracker.errors import DataError, UsageError
from tracker.history.config import find_configurations
from tracker.suite.scenarios import load_configuration
from tracker.system.git import branch_ref, run_git

WORKFLOWS = Path(".github", "workflows")
LIBRARIES = ("arq", "asynctasq", "celery", "dramatiq", "huey", "procrastinate", "rq", "taskiq")
"""What our own suite measures; a repository of one of them needs no suite."""

# What goes into a workflow as it is: no shell, no YAML and no expression reads more into it.
_PLAIN = re.compile(r"[\w][\w./+-]*")
_KEY_LENGTH = 30
_VERSION = re.compile(r"(?:pypy)?\d+(?:\.\d+)*")
OWN_PYTHON = "3.13"
"""What the workflows install, and run the tracker by."""


class Pages(StrEnum):
    """Who publishes the repository's pages."""

    NOBODY = "nobody"
    WORKFLOW = "a workflow"
    BRANCH = "a branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One suite of a repository.

    Attributes:
        config: path of asv's configuration, "" for a library that our own suite measures.
        key: tells it from the others; "" where it is the only one.
        pythons: versions that it asks for beside the one that measures.
        uses_conda: whether its environments are made by conda.
    """

    config: str
    key: str
    pythons: tuple[str, ...] = ()
    uses_conda: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A repository as `tracker init` sees it.

    Attributes:
        top: folder of its work tree.
        repository: OWNER/NAME at its host, "" where the clone does not say.
        branch: default branch.
        pages: who publishes pages now.
        settings: whether it has settings of ours already.
    """

    top: Path
    repository: str
    branch: str
    suites: tuple[Suite, ...]
    pages: Pages
    settings: bool


def read_layout(folder: Path) -> Layout:
    """Look at the repository that *folder* is in.

    Raises:
        UsageError: it is no work tree of git, or nothing says what to measure.
        DataError: a name in it cannot stand in a workflow.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel"))
    repository = _repository(_git(top, "remote"), top)
    return Layout(
        top=top,
        repository=repository,
        branch=_plain("the default branch", _branch(top)),
        suites=_suites(top, repository),
        pages=_pages(top),
        settings=_has_settings(top),
    )


def _git(folder: Path, *arguments: str) -> str:
    step = "run it in a clone of the project's repository"
    return run_git(*arguments, repo=folder, next_step=step).strip()


def _branch(top: Path) -> str:
    ref = branch_ref(top, "")
    name = re.sub("^refs/(heads|remotes/origin)/", "", ref)
    return _git(top, "symbolic-ref", "--short", "HEAD") if name == "HEAD" else name


def _repository(remotes: str, top: Path) -> str:
    """OWNER/NAME of the remote `origin`, however its address is written."""
    if "origin" not in remotes.split():
        return ""
    address = _git(top, "remote", "get-url", "origin").removesuffix("/").removesuffix(".git")
    match = re.fullmatch(r"(?:https?://[^/]+/|ssh://[^/]+/|[^/:]+:)([\w.-]+/[\w.-]+)", address)
    return match[1] if match else ""


def _suites(top: Path, repository: str) -> tuple[Suite, ...]:
    paths = [str(path.relative_to(top)) for path in find_configurations(top)]
    configs = [_plain("a configuration of asv", path) for path in paths]
    if configs:
        several = len(configs) > 1
        return tuple(_suite(top, path, _key(path) if several else "") for path in configs)
    library = project_name(top) or repository.rpartition("/")[2].lower()
    if library in LIBRARIES:
        return (Suite(config="", key=""),)
    raise UsageError(
        f"nothing to measure: there is no asv.conf.json in {top}, and our suite does not know "
        f"{library or 'the project'} (it knows {', '.join(LIBRARIES)})",
        "write asv's configuration first: asv quickstart",
    )


def _suite(top: Path, path: str, key: str) -> Suite:
    """The suite of the configuration at *path*, with what its workflow has to install."""
    conf = load_configuration(top / path)
    uses_conda = conf.environment_type == "conda"
    versions = () if uses_conda else dict.fromkeys(map(str, conf.pythons or ()))
    further = (text for text in versions if _VERSION.fullmatch(text) and text != OWN_PYTHON)
    return Suite(config=path, key=key, pythons=tuple(further), uses_conda=uses_conda)


def _key(config: str) -> str:
    """A short name for the suite, from its folder."""
    folder = re.sub(r"[^a-z0-9]+", "-", config.rpartition("/")[0].lower()).strip("-")
    return folder[-_KEY_LENGTH:].strip("-") or "top"


def _pages(top: Path) -> Pages:
    """Who publishes pages: a workflow of somebody else's, a branch, or nobody yet."""
    folder = top / WORKFLOWS
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))):
        if "actions/deploy-pages@" in path.read_text(encoding="utf-8", errors="replace"):
            return Pages.WORKFLOW
    places = ("refs/heads/gh-pages", "refs/remotes/origin/gh-pages")
    refs = _git(top, "for-each-ref", "--format=%(refname)", *places)
    return Pages.BRANCH if refs else Pages.NOBODY


def _has_settings(top: Path) -> bool:
    project = top / "pyproject.toml"
    text = project.read_text(encoding="utf-8", errors="replace") if project.is_file() else ""
    return "[tool.tracker" in text


def _plain(what: str, name: str) -> str:
    if not _PLAIN.fullmatch(name) or ".." in name:
        raise DataError(
            f"{what} is called {name!r}, which cannot be written into a workflow", "rename it"
        )
    return name

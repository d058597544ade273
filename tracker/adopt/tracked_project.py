"""What a checkout tracks: its own suite, or one of the libraries that our suite knows.

Nothing is guessed: what is neither stops, and says what to set.
"""

import json
import os
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import util

from tracker.errors import DataError, UsageError
from tracker.history.config import CONFIGURATION, find_configurations
from tracker.settings.file import FILES
from tracker.settings.triage import PATH
from tracker.suite.scenarios import read_suite
from tracker.system.git import ask_git, branch_ref, run_git


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What to measure with, and what.

    Attributes:
        config: asv's configuration.
        address: the tracked repository, a path or an address.
        branch: the tracked branch, "" for the default one.
        own: whether the tracked repository is the one that was checked out.
    """

    config: Path
    address: str
    branch: str
    own: bool


def find_tracked(checkout: Path, *, asked: str, repository: str, suite: Path) -> Tracked:
    """Say what *checkout* tracks.

    Args:
        checkout: the project's own files.
        asked: configuration that the user named, "" for none.
        repository: OWNER/NAME of the checkout.
        suite: configuration of our own suite, whose libraries are known.

    Raises:
        UsageError: there is no configuration to be sure of, and it is no library of the suite.
        DataError: a configuration cannot be read.
    """
    config = _configuration(checkout, asked)
    if config is None:
        config = _for_library(checkout, repository, suite)
    content = _read(config)
    address = _address(str(content.get("repo", "")), config.parent)
    return Tracked(
        config=config,
        address=address,
        branch=next((str(name) for name in content.get("branches") or () if name), ""),
        own=is_repository_of(address, checkout, repository),
    )


def _configuration(checkout: Path, name: str) -> Path | None:
    """The configuration *name*, the checkout's own where that is ""; None when it has none."""
    if name:
        if not (checkout / name).is_file():
            raise UsageError(f"there is no file {name}", "correct the input `config`")
        return checkout / name
    configurations = find_configurations(checkout)
    if len(configurations) > 1:
        several = ", ".join(str(path.relative_to(checkout)) for path in configurations)
        raise UsageError(
            f"there are several configurations of asv: {several}",
            "name one by the input `config`; for several suites, call the workflow once for each",
        )
    return next(iter(configurations), None)


def _for_library(checkout: Path, repository: str, suite: Path) -> Path:
    """Our suite's configuration, made for the library that *checkout* holds."""
    library = project_name(checkout) or _normal(repository.rpartition("/")[2])
    libraries = read_suite(suite).libraries if suite.is_file() else ()
    if library not in libraries:
        choice = f" (it knows {', '.join(libraries)})" if libraries else ""
        raise UsageError(
            f"nothing to measure: there is no {CONFIGURATION} in this repository, and our suite "
            f"does not know {library}{choice}",
            "write asv's configuration (asv quickstart), or name it by the input `config`",
        )
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    content = _read(suite) | {
        "version": 1,
        "project": library,
        "project_url": f"{server}/{repository}",
        "repo": str(checkout.absolute()),
        "show_commit_url": f"{server}/{repository}/commit/",
    }
    content.pop("branches", None)
    config = suite.with_name(f"asv.{library}.json")
    config.write_text(json.dumps(content, indent=4), encoding="utf-8")
    _copy_settings(checkout, suite.parent)
    return config


def project_name(checkout: Path) -> str:
    """The normalised name in `pyproject.toml`; "" when none is there."""
    try:
        content = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    tables = content.get("project"), content.get("tool", {}).get("poetry")
    names = (table.get("name") for table in tables if isinstance(table, dict))
    return next((_normal(name) for name in names if isinstance(name, str)), "")


def _normal(name: str) -> str:
    """A project's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _copy_settings(checkout: Path, folder: Path) -> None:
    """Copy gates and triage, which are read beside the configuration, and are the project's."""
    for name in (Path(PATH).parent, Path(FILES[0])):
        if (checkout / name).is_dir():
            shutil.copytree(checkout / name, folder / name, dirs_exist_ok=True)
        elif (checkout / name).is_file():
            shutil.copy(checkout / name, folder / name)


def _read(config: Path) -> dict[str, Any]:
    try:
        content = util.load_json(str(config), 1, js_comments=True)
    except (util.UserError, OSError, ValueError) as error:
        raise DataError(f"{config}: {error}", "fix the configuration") from error
    return dict(content)


def _address(repo: str, folder: Path) -> str:
    """*repo* as it is meant: asv takes a path from the *folder* of its configuration."""
    place = folder / repo
    return os.path.realpath(place) if place.is_dir() else repo


def is_repository_of(address: str, checkout: Path, repository: str) -> bool:
    """Whether *address* is the repository OWNER/NAME, or the checkout itself."""
    ours = repository.lower()
    plain = address.lower().rstrip("/").removesuffix(".git")
    return address == os.path.realpath(checkout) or plain.endswith((f"/{ours}", f":{ours}"))


def clone_tracked(tracked: Tracked, folder: Path) -> Path:
    """Clone the tracked repository, without its files' contents, into *folder*."""
    asked = ("clone", "--quiet", "--bare", "--filter=blob:none", "--", tracked.address, str(folder))
    run_git(*asked, repo=None, next_step=f"correct `repo` in {tracked.config}", network=True)
    return folder


def current_branch(tracked: Tracked, repo: Path) -> str:
    """The tracked branch of *repo*: what the configuration says, else the default one."""
    ref = branch_ref(repo, tracked.branch)
    if ref != "HEAD":
        return re.sub("^refs/(heads|remotes/origin)/", "", ref)
    return ask_git("symbolic-ref", "--quiet", "--short", "HEAD", repo=repo) or "HEAD"

"""asv's view of the repository, made right for a clone as CI leaves it.

asv expects every branch of the configuration as a local one, takes `master` for the branch that no
configuration names, and shares the objects of a clone that may not have them. Runs in asv's
process.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tracker.system.git import ask_git, branch_ref, is_partial

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def as_cloned(get_repo: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return asv's *get_repo* with branches found where they are, and contents fetched in time."""

    def get(conf: Any) -> Any:
        repo = get_repo(conf)
        if getattr(repo, "dvcs", "") != "git":
            return repo
        path = Path(repo._path)  # noqa: SLF001 - asv offers no other way to its mirror
        repo.get_branch_name = lambda branch=None: branch_ref(path, branch or "")
        if is_partial(path):
            repo.checkout = _fetching(repo.checkout, path)
        return repo

    return get


def _fetching(checkout: Callable[[str, str], None], path: Path) -> Callable[[str, str], None]:
    """A checkout that first has git fetch, in one go, the contents that *path* lacks.

    asv clones what `HEAD` names before it checks out the commit. Of a clone that shares objects git
    fetches nothing.
    """

    def fetch_and_check_out(target: str, commit: str) -> None:
        for wanted in ("HEAD", commit):
            ask_git("diff", "--shortstat", EMPTY_TREE, wanted, "--", repo=path, network=True)
        checkout(target, commit)

    return fetch_and_check_out


def new_commits(
    repo: Any, branches: list[str | None], machine: Path, scenarios: tuple[str, ...]
) -> list[str]:
    """Return what *machine*, a folder of the results tree, lacks of *branches*, oldest first.

    That is everything after the newest commit at which it has measured all of *scenarios*, those
    aside that it never measured at all. Where it never measured any, it is the newest commit.
    """
    lacking: dict[str, None] = {}
    for branch in branches:
        commits = repo.get_branch_commits(branch)
        lacking.update(dict.fromkeys(reversed(_newer(commits, machine, set(scenarios)))))
    return list(lacking)


def _newer(commits: list[str], machine: Path, scenarios: set[str]) -> list[str]:
    """Those of *commits*, newest first, that are newer than some scenario's last measurement."""
    files: dict[str, list[Path]] = {}
    for path in machine.glob("*-*.json"):
        files.setdefault(path.name.partition("-")[0], []).append(path)
    unseen, since = set(scenarios), 0
    for place, commit in enumerate(commits):
        measured = {name for path in files.get(commit[:8], ()) for name in _scenarios(path)}
        if unseen & measured:
            since = place
            unseen -= measured
        if not unseen:
            return commits[:since]
    return commits[: max(since, 1)]


def _scenarios(path: Path) -> Iterator[str]:
    """The scenarios of a result file; none of one that cannot be read, so it is measured again."""
    with suppress(OSError, ValueError, AttributeError):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield from {name.partition(".")[0] for name in content["results"]}

"""Starts git, the only place that does, and says in one line what it refused."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO

from tracker.errors import DataError, UsageError

# A partial clone would fetch each object that it lacks, one connection a time, into the user's
# clone. The second variable does for git before 2.45 what the first does since.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


def call_git(
    *arguments: str,
    repo: Path | None,
    stdin: str | IO[bytes] = "",
    network: bool = False,
    variables: Mapping[str, str] = _NO_VARIABLES,
    timeout_s: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run git with *arguments* in *repo* (none for a command that makes one), however it ends.

    Without *network* nothing is fetched from anywhere. *variables* are added to the environment.
    Line ends in what git prints become plain newlines.

    Raises:
        UsageError: git is not installed.
        TimeoutExpired: it took longer than *timeout_s*.
    """
    place = ["-C", str(repo)] if repo else []
    text, stream = (stdin, None) if isinstance(stdin, str) else (None, stdin)
    try:
        return subprocess.run(
            ["git", *place, *arguments],
            input=text,
            stdin=stream,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **({} if network else _OFFLINE), **variables},
            timeout=timeout_s,
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git") from error


def run_git(
    *arguments: str,
    repo: Path | None,
    next_step: str,
    stdin: str | IO[bytes] = "",
    network: bool = False,
    variables: Mapping[str, str] = _NO_VARIABLES,
) -> str:
    """Return what git prints; the arguments are those of `call_git`.

    Raises:
        UsageError: git is not installed.
        DataError: git failed, with its own reason; *next_step* says what to do, unless git does.
    """
    completed = call_git(*arguments, repo=repo, stdin=stdin, network=network, variables=variables)
    if completed.returncode:
        where = f"{repo}: " if repo else ""
        raise DataError(
            f"{where}git {arguments[0]} failed: {_reason(completed.stderr)}",
            _own_advice(completed.stderr) or next_step,
        )
    return completed.stdout


def ask_git(*arguments: str, repo: Path, network: bool = False) -> str:
    """Return what git prints for a question, stripped; "" when it has no answer."""
    done = call_git(*arguments, repo=repo, network=network)
    return done.stdout.strip() if not done.returncode else ""


def _reason(stderr: str) -> str:
    """Return the line that says why git stopped: warnings may stand before it."""
    lines = stderr.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0])


def _own_advice(stderr: str) -> str:
    """Return the command that git itself proposes, on a line of its own; "" for none."""
    indented = (line.strip() for line in stderr.splitlines() if line.startswith(("\t", "  ")))
    return next((line for line in indented if line.startswith("git ")), "")


def commit_of(repo: Path, name: str, *, network: bool = False) -> str:
    """Return the commit that *name* names in *repo*, "" for none."""
    asked = ("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    return ask_git(*asked, repo=repo, network=network)


def branch_ref(repo: Path, name: str) -> str:
    """Return what *name* is called in *repo*, "" being the default branch.

    A clone that has checked out one branch knows the others as its remote's only, and one that
    stands at a bare commit has none of its own. A name that is no branch is returned as it is.
    """
    wanted = name or _default_branch(repo)
    places = (f"refs/heads/{wanted}", f"refs/remotes/origin/{wanted}")
    return next((ref for ref in places if ask_git("rev-parse", "--verify", ref, repo=repo)), wanted)


def named_commit(repo: Path, name: str, *, network: bool = False) -> str:
    """Return the commit that a user calls *name* in *repo*, "" for none: see `branch_ref`."""
    names = (name, branch_ref(repo, name))
    return next(filter(None, (commit_of(repo, each, network=network) for each in names)), "")


def _default_branch(repo: Path) -> str:
    """The remote's default branch, where the clone knows it; else what is checked out."""
    ref = ask_git("symbolic-ref", "refs/remotes/origin/HEAD", repo=repo)
    return ref.removeprefix("refs/remotes/origin/") or "HEAD"


def is_shallow(repo: Path) -> bool:
    """Say whether *repo* was cloned without its past (`--depth`, the default of CI checkouts)."""
    return ask_git("rev-parse", "--is-shallow-repository", repo=repo) == "true"


def is_partial(repo: Path) -> bool:
    """Say whether *repo* was cloned without its files' contents (`--filter`)."""
    return bool(ask_git("config", "--get-regexp", r"^remote\..*\.promisor$", repo=repo))


def clone_of(address: str, folder: Path) -> Path | None:
    """Return the clone of *address* that *folder* lies in: one of its remotes has that address.

    None where there is none, and where it was cloned without its past, as CI checkouts are.
    """
    places = (folder, *folder.absolute().parents)
    top = next((place for place in places if (place / ".git").exists()), None)
    if top is None or shutil.which("git") is None:
        return None
    remotes = ask_git("config", "--get-regexp", r"^remote\..*\.url$", repo=top).splitlines()
    addresses = {_plain_address(line.partition(" ")[2]) for line in remotes}
    return top if _plain_address(address) in addresses and not is_shallow(top) else None


def _plain_address(address: str) -> str:
    """Return *address* without what differs between ways to reach the same repository.

    >>> _plain_address("git@github.com:Owner/name.git")
    'github.com/owner/name'
    >>> _plain_address("https://github.com/owner/name/")
    'github.com/owner/name'
    """
    place = re.sub(r"^(?:\w+://)?(?:[^/@]+@)?", "", address.lower().rstrip("/"))
    return re.sub(r"^([^/:]+):(?!\d+/)/*", r"\1/", place).removesuffix(".git")

"""Runs git, and says in one line what it refused."""

import os
import subprocess
from pathlib import Path

from tracker.errors import DataError, UsageError

# A partial clone would fetch each object that it lacks, one connection a time, into the user's
# clone. The second variable does for git before 2.45 what the first does since.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}


def run_git(
    *arguments: str, repo: Path | None, next_step: str, stdin: str = "", network: bool = False
) -> str:
    """Return what git prints for *arguments* in *repo* (none for a command that makes one).

    Without *network* nothing is fetched from anywhere. Line ends in what git prints become plain
    newlines.

    Raises:
        UsageError: git is not installed.
        DataError: git failed, with its own reason; *next_step* says what to do, unless git does.
    """
    place = ["-C", str(repo)] if repo else []
    try:
        done = subprocess.run(
            ["git", *place, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=os.environ | ({} if network else _OFFLINE),
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git") from error
    if done.returncode:
        where = f"{repo}: " if repo else ""
        raise DataError(
            f"{where}git {arguments[0]} failed: {_reason(done.stderr)}",
            _own_advice(done.stderr) or next_step,
        )
    return done.stdout


def _reason(stderr: str) -> str:
    """Return the line that says why git stopped: warnings may stand before it."""
    lines = stderr.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0])


def _own_advice(stderr: str) -> str:
    """Return the command that git itself proposes, on a line of its own; "" for none."""
    indented = (line.strip() for line in stderr.splitlines() if line.startswith(("\t", "  ")))
    return next((line for line in indented if line.startswith("git ")), "")


def branch_ref(repo: Path, name: str) -> str:
    """Return what *name* is called in *repo*, "" being the default branch.

    A clone that has checked out one branch knows the others as its remote's only, and one that
    stands at a bare commit has none of its own. A name that is no branch is returned as it is.
    """
    wanted = name or _default_branch(repo)
    places = (f"refs/heads/{wanted}", f"refs/remotes/origin/{wanted}")
    return next((ref for ref in places if _prints(repo, "rev-parse", "--verify", ref)), wanted)


def _default_branch(repo: Path) -> str:
    """The remote's default branch, where the clone knows it; else what is checked out."""
    ref = _prints(repo, "symbolic-ref", "refs/remotes/origin/HEAD")
    return ref.removeprefix("refs/remotes/origin/") or "HEAD"


def is_shallow(repo: Path) -> bool:
    """Say whether *repo* was cloned without its past (`--depth`, the default of CI checkouts)."""
    return _prints(repo, "rev-parse", "--is-shallow-repository") == "true"


def is_partial(repo: Path) -> bool:
    """Say whether *repo* was cloned without its files' contents (`--filter`)."""
    return bool(_prints(repo, "config", "--get-regexp", r"^remote\..*\.promisor$"))


def _prints(repo: Path, *arguments: str) -> str:
    """What git prints for a question; "" when it has no answer."""
    command = ["git", "-C", str(repo), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True, errors="replace")
    return done.stdout.strip() if not done.returncode else ""

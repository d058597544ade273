"""Runs git, and says in one line what it refused."""

import os
import subprocess
from pathlib import Path

from tracker.errors import DataError, UsageError

# A partial clone would fetch each object that it lacks, one connection a time, into the user's
# clone. The second variable does for git before 2.45 what the first does since.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}


def run_git(*arguments: str, repo: Path | None, next_step: str, stdin: str = "") -> str:
    """Return what git prints for *arguments* in *repo* (none for a command that makes one).

    Nothing is fetched from anywhere. Line ends in what git prints become plain newlines.

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
            env=os.environ | _OFFLINE,
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

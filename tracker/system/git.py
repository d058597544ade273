"""Runs git, and says in one line what it refused."""

import subprocess
from pathlib import Path

from tracker.errors import DataError, UsageError


def run_git(*arguments: str, repo: Path | None, next_step: str, stdin: str = "") -> str:
    """Return what git prints for *arguments* in *repo* (none for a command that makes one).

    Line ends in what it prints become plain newlines.

    Raises:
        UsageError: git is not installed.
        DataError: git failed; *next_step* says what to do then.
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
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        where = f"{repo}: " if repo else ""
        raise DataError(f"{where}git {arguments[0]} failed: {reason}", next_step)
    return done.stdout

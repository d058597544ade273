"""Git, as somebody whom every machine knows."""

import os
import subprocess
from pathlib import Path

_SOMEBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Somebody"), ("EMAIL", "somebody@example.org"))
}


def git(folder: Path, *arguments: str, **variables: str) -> str:
    """Run git in *folder*, with these environment variables besides; return what it prints."""
    completed = subprocess.run(
        ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *arguments],
        env=os.environ | _SOMEBODY | variables,
        check=True,
        capture_output=True,
        text=True,
    )
    return completed.stdout.strip()


def commit(folder: Path, subject: str) -> str:
    """Commit everything in *folder*, or nothing; return the sha."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", subject)
    return git(folder, "rev-parse", "HEAD")

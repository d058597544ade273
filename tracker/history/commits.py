"""The commits of the tracked branch, from two git processes in all."""

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.errors import DataError, UsageError
from tracker.model import Commit

_FORMAT = "%x1e%H%x1f%at%x1f%an%x1f%s"


def read_branch(repo: Path, branch: str) -> tuple[Commit, ...]:
    """Return the first-parent commits of *branch* ("" for the default one), oldest first."""
    tags = _read_tags(repo)
    log = _git(
        repo, "log", "--first-parent", "--reverse", f"--format={_FORMAT}", branch or "HEAD", "--"
    )
    commits = []
    for entry in log.split("\x1e")[1:]:
        sha, date_s, author, subject = entry.rstrip("\n").split("\x1f", 3)
        commits.append(
            Commit(
                sha=sha,
                date_ms=int(date_s or 0) * 1000,
                author=author,
                subject=subject,
                tags=tuple(tags.get(sha, ())),
            )
        )
    return tuple(commits)


def unknown_commits(repo: Path, shas: Sequence[str]) -> set[str]:
    """Return those of *shas* that the repository does not have at all."""
    if not shas:
        return set()
    answer = _git(
        repo, "cat-file", "--batch-check=%(objectname)", stdin="".join(f"{s}\n" for s in shas)
    )
    return {line.split()[0] for line in answer.splitlines() if line.endswith(" missing")}


def order_by_date(dated: Iterable[tuple[str, int]]) -> tuple[Commit, ...]:
    """Return commits made of (sha, date in ms) alone, oldest first: the order without git."""
    unique = dict(sorted(dated, key=lambda pair: (pair[1], pair[0])))
    return tuple(
        Commit(sha=sha, date_ms=date_ms, author="", subject="", tags=())
        for sha, date_ms in unique.items()
    )


def _read_tags(repo: Path) -> dict[str, list[str]]:
    """Return commit to its tags; an annotated tag counts for the commit that it names."""
    tags: defaultdict[str, list[str]] = defaultdict(list)
    form = "--format=%(objectname)%1f%(*objectname)%1f%(refname:strip=2)"
    for line in _git(repo, "for-each-ref", form, "refs/tags").splitlines():
        own, target, name = line.split("\x1f")
        tags[target or own].append(name)
    return tags


def _git(repo: Path, *arguments: str, stdin: str = "") -> str:
    command = ["git", "-C", str(repo), "-c", "core.commitGraph=true", *arguments]
    try:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", "install git, it orders the commits") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise DataError(
            f"{repo}: git {arguments[0]} failed: {reason}",
            "name a branch that exists (--branch NAME) or another clone (--repo DIR)",
        )
    return done.stdout

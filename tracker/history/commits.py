"""The commits of the tracked branch, from two git processes in all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import batched
from pathlib import Path

from tracker.history.git import run_git
from tracker.model import Commit

# Four fields a commit, each ended by the one character that no commit can hold.
_FORMAT = "%H%x00%at%x00%an%x00%s%x00"
_NEXT_STEP = "name a branch that exists (--branch NAME) or another clone (--repo DIR)"


def read_branch(repo: Path, branch: str) -> tuple[Commit, ...]:
    """Return the first-parent commits of *branch* ("" for the default one), oldest first."""
    tags = _read_tags(repo)
    # The user's own settings would put the checks of signatures between the commits.
    options = ("--first-parent", "--reverse", "--no-show-signature", f"--format={_FORMAT}")
    log = _git(repo, "log", *options, branch or "HEAD", "--")
    commits = []
    for line, date_s, author, subject in batched(log.split("\0")[:-1], 4, strict=True):
        sha = line.lstrip()
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
    return run_git(*arguments, repo=repo, next_step=_NEXT_STEP, stdin=stdin)

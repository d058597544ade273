"""The commits of the tracked branch, from one git process."""

from collections.abc import Iterable, Sequence
from itertools import batched
from pathlib import Path

from tracker.model import Commit
from tracker.system.git import branch_ref, run_git

# Five fields a commit, each ended by the one character that no commit can hold.
_FORMAT = "%H%x00%at%x00%an%x00%s%x00%D%x00"
_TAG = "tag: refs/tags/"
# The user's own settings would put the checks of signatures between the commits.
_OPTIONS = ("--first-parent", "--reverse", "--no-show-signature", f"--format={_FORMAT}",
            "--decorate=full", "--decorate-refs=refs/tags/")  # fmt: skip
_NEXT_STEP = "name a branch that exists (--branch NAME) or another clone (--repo DIR)"


def read_branch(repo: Path, branch: str) -> tuple[Commit, ...]:
    """Return the first-parent commits of *branch* ("" for the default one), oldest first."""
    log = _git(repo, "log", *_OPTIONS, branch_ref(repo, branch), "--")
    return tuple(
        Commit(
            sha=line.lstrip(),
            date_ms=int(date_s or 0) * 1000,
            author=author,
            subject=subject,
            tags=_tags(names),
        )
        for line, date_s, author, subject, names in batched(log.split("\0")[:-1], 5, strict=True)
    )


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


def _tags(names: str) -> tuple[str, ...]:
    """Return the tags among the *names* of a commit, that git joins by commas."""
    refs = names.split(", ") if names else ()
    return tuple(sorted(ref.removeprefix(_TAG) for ref in refs if ref.startswith(_TAG)))


def _git(repo: Path, *arguments: str, stdin: str = "") -> str:
    return run_git(*arguments, repo=repo, next_step=_NEXT_STEP, stdin=stdin)

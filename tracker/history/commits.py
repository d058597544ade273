"""The commits of the tracked branch, and of what else results may belong to, as git has them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import batched
from pathlib import Path

from tracker.errors import DataError
from tracker.model import Commit
from tracker.model.history import DATES_MS
from tracker.system.git import run_git

# Five fields a commit, each ended by the one character that no commit can hold.
_FORMAT = "%H%x00%at%x00%an%x00%s%x00%D%x00"
_TAG = "tag: refs/tags/"
# The user's own settings would put the checks of signatures between the commits.
_OPTIONS = ("--no-show-signature", f"--format={_FORMAT}",
            "--decorate=full", "--decorate-refs=refs/tags/")  # fmt: skip
_NEXT_STEP = "name another clone (--repo DIR), or repair this one: git fsck shows what it lacks"
_MOST_NAMES = 8


def find_branch(repo: Path, branch: str) -> str:
    """Return the full name of what *branch* ("" for the default one) stands for in *repo*.

    A local branch comes before a remote's, both before a tag or a commit of that name. A clone
    that a CI job made may have the remote's only.

    Raises:
        DataError: there is none; the error names those that there are.
    """
    names = _default_names() if not branch else _names_of(branch, _remotes(repo))
    asked = "".join(f"{name}^{{commit}}\n" for name in names)
    answers = _git(repo, "cat-file", "--batch-check=%(objecttype)", stdin=asked).splitlines()
    known = (name for name, answer in zip(names, answers, strict=True) if answer == "commit")
    if name := next(known, ""):
        return name
    there = _branches(repo)
    raise DataError(
        f"{repo}: there is no {f'branch {branch}' if branch else 'commit on the default branch'}",
        f"name one of {', '.join(there)}: --branch {there[0]}"
        if there
        else "fetch the branch, or name another clone: --repo DIR",
    )


def read_branch(repo: Path, ref: str, *, with_merged: bool = False) -> tuple[Commit, ...]:
    """Return the first-parent commits of *ref*, oldest first.

    *with_merged* gives all its ancestors, parents before children and else by date: for results
    of commits that came in by merges.
    """
    order = "--date-order" if with_merged else "--first-parent"
    return _parse_log(_git(repo, "log", order, "--reverse", *_OPTIONS, ref, "--"))


def read_releases(repo: Path, shas: Collection[str]) -> tuple[Commit, ...]:
    """Return those of *shas* that carry a tag, in the order of their versions."""
    if not shas:
        return ()
    asked = "".join(f"{sha}\n" for sha in sorted(shas))
    log = _git(repo, "log", "--no-walk=unsorted", *_OPTIONS, "--stdin", stdin=asked)
    return tuple(sorted((c for c in _parse_log(log) if c.tags), key=_version_order))


def unknown_commits(repo: Path, shas: Sequence[str]) -> set[str]:
    """Return those of *shas* that the repository does not have at all."""
    if not shas:
        return set()
    asked = "".join(f"{sha}\n" for sha in shas)
    answer = _git(repo, "cat-file", "--batch-check=%(objectname)", stdin=asked)
    return {line.split()[0] for line in answer.splitlines() if line.endswith(" missing")}


def branches_with(repo: Path, sha: str) -> list[str]:
    """Return the names of branches and tags that hold the commit *sha*, the newest ones first."""
    return _list_refs(repo, f"--contains={sha}", "refs/heads", "refs/remotes", "refs/tags")


def order_by_date(dated: Iterable[tuple[str, int]]) -> tuple[Commit, ...]:
    """Return commits made of (sha, date in ms) alone, oldest first: the order without git."""
    unique = dict(sorted(dated, key=lambda pair: (pair[1], pair[0])))
    return tuple(
        Commit(sha=sha, date_ms=date_ms, author="", subject="", tags=())
        for sha, date_ms in unique.items()
    )


def place_of(name: str, places: Mapping[str, int], commits: Sequence[Commit]) -> int | None:
    """Return the position of the commit that *name* (a hash, its start, or a tag) stands for."""
    tagged = (places[commit.sha] for commit in commits if name in commit.tags)
    started = (place for sha, place in places.items() if sha.startswith(name.lower()))
    return next(tagged, next(started, None))


def _default_names() -> list[str]:
    branches = [f"{place}/{name}" for name in ("main", "master")
                for place in ("refs/heads", "refs/remotes/origin")]  # fmt: skip
    return ["HEAD", "refs/remotes/origin/HEAD", *branches]


def _names_of(branch: str, remotes: Sequence[str]) -> list[str]:
    ordered = sorted(remotes, key=lambda remote: remote != "origin")
    far = [f"refs/remotes/{remote}/{branch}" for remote in ordered]
    return [f"refs/heads/{branch}", f"refs/remotes/{branch}", *far, f"refs/tags/{branch}", branch]


def _remotes(repo: Path) -> list[str]:
    return _git(repo, "remote").split()


def _branches(repo: Path) -> list[str]:
    return _list_refs(repo, "refs/heads", "refs/remotes")


def _list_refs(repo: Path, *which: str) -> list[str]:
    options = ("--sort=-committerdate", "--format=%(refname:short)", f"--count={_MOST_NAMES}")
    return _git(repo, "for-each-ref", *options, *which).split()


def _parse_log(log: str) -> tuple[Commit, ...]:
    return tuple(
        Commit(
            sha=line.lstrip(),
            date_ms=min(max(int(date_s or 0) * 1000, DATES_MS.start), DATES_MS.stop - 1),
            author=author,
            subject=subject,
            tags=_tags(names),
        )
        for line, date_s, author, subject, names in batched(log.split("\0")[:-1], 5, strict=True)
    )


def _tags(names: str) -> tuple[str, ...]:
    """Return the tags among the *names* of a commit, that git joins by commas."""
    refs = names.split(", ") if names else ()
    return tuple(sorted(ref.removeprefix(_TAG) for ref in refs if ref.startswith(_TAG)))


def _version_order(commit: Commit) -> tuple[bool, object, int]:
    """Return what sorts releases: by version; tags without one come before, by date."""
    from packaging.version import InvalidVersion, Version  # only here: few histories need it

    versions = []
    for tag in commit.tags:
        text = tag[next((i for i, c in enumerate(tag) if c.isdigit()), len(tag)) :]
        try:
            versions.append(Version(text))
        except InvalidVersion:
            continue
    return (True, max(versions), commit.date_ms) if versions else (False, 0, commit.date_ms)


def _git(repo: Path, *arguments: str, stdin: str = "") -> str:
    return run_git(*arguments, repo=repo, next_step=_NEXT_STEP, stdin=stdin)

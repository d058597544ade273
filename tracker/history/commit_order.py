"""The order in which the commits of a history stand: the branch's own, if it has the results."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.errors import DataError
from tracker.history.asv.cells import FileFacts
from tracker.history.asv.columns import Tally
from tracker.history.commits import (
    branches_with,
    find_branch,
    order_by_date,
    place_of,
    read_branch,
    read_releases,
    unknown_commits,
)
from tracker.history.config import Source
from tracker.model import Commit
from tracker.system.git import is_shallow
from tracker.units import count

_BY_DATE = (
    "No git repository was given: commits stand in the order of their dates, "
    "and merged branches among them; --repo DIR gives the tracked branch's own order."
)
_UNDATED = (
    "{count} have no date, and no git repository says where they stand: nothing is judged; "
    "--repo DIR gives the tracked branch's order."
)
_BY_VERSION = "The commits with results are releases: they stand in the order of their versions."
_WITH_MERGED = (
    "Most commits with results came to {branch} by merges: all its commits stand here, by date."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The commits, from the first with results on.

    Attributes:
        places: position by sha.
        earlier: shas of the branch from before the first with results.
        is_known: whether something says where each stands.
    """

    commits: tuple[Commit, ...]
    places: Mapping[str, int]
    notes: tuple[str, ...]
    earlier: frozenset[str]
    is_known: bool = True

    def starts(self, names: Iterable[str | None]) -> tuple[dict[str | None, int], list[str]]:
        """Return (position from which on is judged, by the name of a commit; notes).

        No name means never, and a commit from before the first with results means always.
        """
        starts: dict[str | None, int] = {None: len(self.commits)}
        notes = []
        for name in {one: None for one in names if one is not None}:
            place = place_of(name, self.places, self.commits)
            starts[name] = place or 0
            if place is None and not any(sha.startswith(name) for sha in self.earlier):
                notes.append(
                    f"asv.conf.json: regressions_first_commits: {name} is not on the branch: "
                    f"what it stands for is judged from the beginning."
                )
        return starts, notes


def order_commits(source: Source, files: Sequence[FileFacts], tally: Tally) -> Order:
    """Return the order of the commits of *files*; count those that have no place in it.

    Raises:
        DataError: git refuses, or none of the commits has a place.
    """
    measured = {facts.commit for facts in files}
    if source.repo is None:
        ordered = order_by_date((facts.commit, facts.date_ms) for facts in files)
        undated = sum(commit.date_ms <= 0 for commit in ordered)
        if undated > 1:
            unknown_order = _UNDATED.format(count=count(undated, "commit"))
            return replace(_cut(ordered, measured, (unknown_order,)), is_known=False)
        return _cut(ordered, measured, (_BY_DATE,))
    ref = find_branch(source.repo, source.branch)
    unknown = unknown_commits(source.repo, sorted(measured))
    ordered, why, notes = _read(source.repo, ref, source.branch, measured - unknown)
    order = _cut(ordered, measured, (*notes, *_describe_shallow(source.repo, unknown)))
    for facts in files:
        if facts.commit not in order.places:
            reason = "commit is not in the repository" if facts.commit in unknown else why
            tally.add("result files", reason, 1, f"{facts.commit[:12]} in {facts.path}")
    if not order.places:
        raise _no_place(source, ref, files, unknown, order.notes)
    return order


def _read(
    repo: Path, ref: str, branch: str, known: Collection[str]
) -> tuple[tuple[Commit, ...], str, tuple[str, ...]]:
    """Return (the order that suits the *known* commits with results, why others fall out, notes).

    It is the first-parent line, unless another places more than twice as many, or all of them.
    """
    name = branch or "the default branch"
    line = read_branch(repo, ref)
    why = f"commit is not on the first-parent line of {name}"
    on_line = _count(line, known)
    if on_line == len(known):
        return line, why, ()
    releases = read_releases(repo, known)
    if len(releases) == len(known):
        return releases, why, (_BY_VERSION,)
    everything = read_branch(repo, ref, with_merged=True)
    if _count(everything, known) > 2 * on_line:
        merged = (_WITH_MERGED.format(branch=name),)
        return everything, f"commit is not an ancestor of {name}", merged
    if len(releases) > 2 * on_line:
        return releases, "commit is not a release", (_BY_VERSION,)
    return line, why, ()


def _count(commits: Iterable[Commit], known: Collection[str]) -> int:
    return sum(commit.sha in known for commit in commits)


def _cut(ordered: tuple[Commit, ...], measured: Collection[str], notes: tuple[str, ...]) -> Order:
    first = next((i for i, commit in enumerate(ordered) if commit.sha in measured), len(ordered))
    commits = ordered[first:]
    return Order(
        commits=commits,
        places={commit.sha: position for position, commit in enumerate(commits)},
        notes=notes,
        earlier=frozenset(commit.sha for commit in ordered[:first]),
    )


def _describe_shallow(repo: Path, unknown: Collection[str]) -> tuple[str, ...]:
    if not unknown or not is_shallow(repo):
        return ()
    lost = f"{len(unknown):,} of the commits with results"
    return (f"The repository {repo} is a shallow clone without {lost}: git fetch --unshallow.",)


def _no_place(
    source: Source,
    ref: str,
    files: Sequence[FileFacts],
    unknown: Collection[str],
    notes: Sequence[str],
) -> DataError:
    """Return the error for results of which no commit has a place, and what would mend that."""
    measured = len({facts.commit for facts in files})
    placed = [facts for facts in files if facts.commit not in unknown]
    newest = max(placed, key=lambda facts: facts.date_ms, default=None)
    others = branches_with(source.repo, newest.commit) if source.repo and newest else []
    step = "name the branch (--branch NAME) and the project's own clone (--repo DIR)"
    if others:
        step = f"the newest of them is on {', '.join(others)}: --branch {others[0]}"
    elif notes:
        step = " ".join(notes)
    elif not placed:
        step = f"{source.repo} has none of them: name the project's own clone (--repo DIR)"
    where = source.branch or ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    return DataError(f"of {count(measured, 'commit')} with results none is on {where}", step)

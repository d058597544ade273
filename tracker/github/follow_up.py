"""After a push: the pull requests that brought the newest commits hear what became of them.

One record per pull request, however many commits it became. It is stored whether or not its
conversation takes a comment, and none of them keeps the others from being followed.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from tracker.errors import DataError, NetworkError
from tracker.github.api import Api, RefusedError
from tracker.github.pulls import MergedPull, pulls_of_commit
from tracker.github.sticky_comment import Sticky, own_comment
from tracker.model import JudgedHistory
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import own_marker
from tracker.report.comparison.pull_verdicts import (
    VERSION,
    Held,
    PullVerdicts,
    decode_verdicts,
    encode_verdicts,
    find_hidden,
    one_per_pull,
)
from tracker.report.escape import terminal
from tracker.report.pull_requests.follow_up import add_afterwards, follow, missed_regressions, news
from tracker.system.atomic import replace_file

# A rebased pull request of more commits than this is followed from the last of them only.
_LONGEST = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Where verdicts are kept and told.

    Attributes:
        folder: of the verdicts' files.
        author, key: as in `tracker comment`, which wrote the comments.
        recent: so many of the newest commits are asked for their pull requests.
    """

    api: Api
    folder: Path
    author: str
    key: str
    recent: int

    def run(self, judged: JudgedHistory) -> Iterator[str]:
        """Follow every open verdict; yield a line for each that was settled or cannot be told."""
        places = {commit.sha: i for i, commit in enumerate(judged.history.commits)}
        records = {record.pull: record for record in read_verdicts(self.folder)}
        spans = {number: _span(record, places) for number, record in records.items()}
        merges = _Merges(self.api, tuple(places))
        for pull, span in merges.recent(self.recent, followed=set().union(*spans.values())):
            spans[pull.number] = span
            try:
                taken = self._take_up(pull, judged, span)
            except NetworkError as error:
                yield f"#{pull.number}: {terminal(error.message)}"
                continue
            if taken is not None:
                records[pull.number] = taken
                self._write(taken)
        yield from merges.problems
        for number, record in records.items():
            if spans[number] and (record.comment_due or not record.settled):
                yield from self._follow(record, judged, spans[number])

    def _take_up(self, pull: MergedPull, judged: JudgedHistory, span: range) -> PullVerdicts | None:
        """Return what its comment said of the head that was merged, or what nobody foresaw."""
        ours = self._comment(pull.number).find()
        hidden = find_hidden(str(ours[0].get("body"))) if ours else None
        commits = judged.history.commits
        first, last = commits[span.start].sha, commits[span.stop - 1].sha
        if hidden is not None and hidden.head == pull.head:
            return replace(hidden, pull=pull.number, commit=last, first=first)
        missed = missed_regressions(judged, span)
        if not missed:
            return None
        return PullVerdicts(
            version=VERSION,
            pull=pull.number,
            commit=last,
            first=first,
            head=last,
            base=first,
            conclusion=Conclusion.CANNOT_TELL,
            claims=missed,
            comment_due=True,
        )

    def _follow(self, record: PullVerdicts, judged: JudgedHistory, span: range) -> Iterator[str]:
        """Bring one record up to date, on disk first: its conversation may take no comment."""
        now = follow(record, judged, span)
        if news(record, now):
            now = replace(now, comment_due=any(claim.held != Held.PENDING for claim in now.claims))
        self._write(now)
        if not now.comment_due:
            return
        try:
            yield f"#{now.pull}: comment {self._tell(now)}"
        except RefusedError as error:  # it would refuse again
            yield f"#{now.pull}: comment could not be written: {terminal(error.message)}"
        except NetworkError as error:
            yield f"#{now.pull}: comment must wait: {terminal(error.message)}"
            return
        self._write(replace(now, comment_due=False))

    def _tell(self, record: PullVerdicts) -> str:
        sticky = self._comment(record.pull)
        ours = sticky.find()
        body = str(ours[0].get("body")) if ours else f"{own_marker(self.key)}-->"
        return sticky.put(add_afterwards(body.replace("\r\n", "\n"), record)).what

    def _comment(self, number: int) -> Sticky:
        return own_comment(self.api, number, author=self.author, key=self.key)

    def _write(self, record: PullVerdicts) -> None:
        replace_file(self.folder / f"pull-{record.pull}.json", [encode_verdicts(record)])


class _Merges:
    """The pull requests behind the commits of a branch, asked of GitHub once each.

    Attributes:
        problems: a line for each commit that GitHub did not answer for.
    """

    def __init__(self, api: Api, commits: Sequence[str]) -> None:
        """Look at *commits*, oldest first."""
        self.problems: list[str] = []
        self._api = api
        self._commits = commits
        self._branch = frozenset(commits)
        self._known: dict[int, MergedPull | None] = {}

    def recent(self, count: int, *, followed: Container[int]) -> Iterator[tuple[MergedPull, range]]:
        """Yield the pull requests of the newest *count* commits, and the places of all of theirs.

        Args:
            count: commits to ask for.
            followed: places that are left out.
        """
        position, oldest = len(self._commits) - 1, max(0, len(self._commits) - count)
        while position >= oldest:
            pull = None if position in followed else self._at(position)
            first = position
            while pull is not None and position - first < _LONGEST and self._at(first - 1) == pull:
                first -= 1
            if pull is not None:
                yield pull, range(first, position + 1)
            position = first - 1

    def _at(self, position: int) -> MergedPull | None:
        """The pull request merged into this branch that brought the commit at *position*."""
        if position < 0:
            return None
        if position not in self._known:
            sha = self._commits[position]
            try:
                pulls = pulls_of_commit(self._api, sha)
            except NetworkError as error:
                self.problems.append(f"{sha[:9]}: {terminal(error.message)}")
                pulls = []
            here = (pull for pull in pulls if pull.commit in self._branch)
            self._known[position] = next(here, None)
        return self._known[position]


def _span(record: PullVerdicts, places: Mapping[str, int]) -> range:
    """Where the commits of *record* stand; empty when its last is not on the branch any more."""
    last = places.get(record.commit)
    if last is None:
        return range(0)
    return range(min(last, places.get(record.first, last)), last + 1)


def read_verdicts(folder: Path) -> list[PullVerdicts]:
    """Return the verdicts stored in *folder*, none when there is no such folder."""
    records = []
    for path in sorted(folder.glob("*.json")):
        try:
            records.append(decode_verdicts(path.read_bytes()))
        except DataError as error:
            raise DataError(f"{path}: {error.message}", error.next_step) from error
    return one_per_pull(records)

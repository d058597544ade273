"""After a push: the pull requests that brought the newest commits hear what became of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from tracker.errors import DataError
from tracker.github.api import Api
from tracker.github.pulls import pulls_of_commit
from tracker.github.sticky import Sticky
from tracker.model import JudgedHistory
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import own_marker
from tracker.report.comparison.verdicts import (
    VERSION,
    PullVerdicts,
    decode_verdicts,
    encode_verdicts,
    find_hidden,
)
from tracker.report.pull_requests.follow_up import add_afterwards, follow, missed_regressions, news

_DIGITS = 12


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
        """Follow every open verdict; yield a line for each that was settled."""
        places = {commit.sha: i for i, commit in enumerate(judged.history.commits)}
        known = {record.commit[:_DIGITS]: record for record in read_verdicts(self.folder)}
        for sha in list(places)[-self.recent :]:
            if sha[:_DIGITS] not in known:
                known.update(self._begin(sha, judged, places[sha]))
        for record in known.values():
            position = places.get(record.commit)
            if position is None or (record.settled and self._path(record).exists()):
                continue
            now = follow(record, judged, position)
            if news(record, now) or not self._path(record).exists():
                yield from self._tell(now)
            self._write(now)

    def _begin(self, sha: str, judged: JudgedHistory, position: int) -> Mapping[str, PullVerdicts]:
        """Take up the verdict that a merged pull request carries, or what nobody foresaw."""
        for number in pulls_of_commit(self.api, sha):
            ours = self._sticky(number).find()
            hidden = find_hidden(str(ours[0].get("body"))) if ours else None
            if hidden is not None:
                return {sha[:_DIGITS]: replace(hidden, pull=number, commit=sha)}
            missed = missed_regressions(judged, position)
            if missed:
                unseen = PullVerdicts(
                    version=VERSION,
                    pull=number,
                    commit=sha,
                    head=sha,
                    base=sha,
                    conclusion=Conclusion.CANNOT_TELL,
                    claims=missed,
                )
                return {sha[:_DIGITS]: unseen}
        return {}

    def _tell(self, record: PullVerdicts) -> Iterator[str]:
        if not any(claim.held != "pending" for claim in record.claims):
            return
        sticky = self._sticky(record.pull)
        ours = sticky.find()
        body = str(ours[0].get("body")) if ours else f"{own_marker(self.key)}-->"
        posted = sticky.put(add_afterwards(body.replace("\r\n", "\n"), record))
        yield f"#{record.pull}: comment {posted.what}"

    def _sticky(self, number: int) -> Sticky:
        return Sticky(api=self.api, number=number, author=self.author, marker=own_marker(self.key))

    def _path(self, record: PullVerdicts) -> Path:
        return self.folder / f"{record.commit[:_DIGITS]}.json"

    def _write(self, record: PullVerdicts) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(record)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(encode_verdicts(record))
        part.replace(path)


def read_verdicts(folder: Path) -> Iterable[PullVerdicts]:
    """Return the verdicts stored in *folder*, none when there is no such folder."""
    records = []
    for path in sorted(folder.glob("*.json")):
        try:
            records.append(decode_verdicts(path.read_bytes()))
        except DataError as error:
            raise DataError(f"{path}: {error.message}", error.next_step) from error
    return records

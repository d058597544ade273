"""The tracker's own verdicts on pull requests, and what became of them on the main branch.

One JSON file per merged pull request, `verdicts/pull-<number>.json` on the results branch. Until
the merge the verdict travels inside the posted comment.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from tracker.errors import DataError
from tracker.model import Verdict
from tracker.model.comparison import Conclusion, Name, Params, Positive, Sha
from tracker.units import agree, count

if TYPE_CHECKING:  # it is only named here, and loads all of the gates and the triage
    from tracker.report.comparison.ruling import Ruling

VERSION = 1
FOLDER = "verdicts"
# A comment has room for these; the worst come first.
MAX_CLAIMS = 40
MAX_HIDDEN = 8_000
WHOLE = "*"
_HIDDEN = re.compile(r"<!-- asynctasq-tracker:verdicts ([A-Za-z0-9_=-]+) -->")


class Held(StrEnum):
    """Whether later commits say the same."""

    PENDING = "pending"
    HELD = "held"
    REFUTED = "refuted"


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that was said.

    Attributes:
        benchmark: asv's full name; "*" when a comparison said that nothing had changed.
        params: as in asv, the library among them.
        ratio: head / base as told; None for "*".
        held: what later commits say.
        later_commits: measured commits of the main branch behind `held`.
        ratio_now: after / before as the history has it; None when it shows no change.
    """

    benchmark: Name
    params: Params
    metric: Name
    verdict: Verdict
    ratio: Positive | None
    held: Held = Held.PENDING
    later_commits: Annotated[int, Meta(ge=0)] = 0
    ratio_now: Positive | None = None


class PullVerdicts(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What was said of one pull request.

    Attributes:
        pull: its number; 0 while it travels in the comment.
        commit: the last commit that it became on the main branch; "" until the merge.
        head, base: the commits that were compared.
        first: the first commit that it became, "" when that is `commit`.
        comment_due: whether its comment has yet to say what became of it.
    """

    version: int
    pull: Annotated[int, Meta(ge=0)]
    commit: Annotated[str, Meta(pattern="^([0-9a-f]{7,64})?$")]
    head: Sha
    base: Sha
    conclusion: Conclusion
    claims: Annotated[tuple[Claim, ...], Meta(max_length=1000)]
    first: Annotated[str, Meta(pattern="^([0-9a-f]{7,64})?$")] = ""
    comment_due: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is left to wait for."""
        return all(claim.held is not Held.PENDING for claim in self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often the tracker was right."""

    held: int
    refuted: int
    pending: int

    @property
    def sentence(self) -> str:
        """The score in words."""
        judged = self.held + self.refuted
        if not judged:
            return "No verdict has been checked by later commits yet."
        be, was = agree(self.pending, "is", "are"), agree(self.held, "was", "were")
        waiting = f"; {self.pending} {be} waiting for later commits" if self.pending else ""
        return (
            f"Of the last {count(judged, 'verdict')} on pull requests, "
            f"{self.held} {was} confirmed{waiting}."
        )


def score(records: Iterable[PullVerdicts]) -> Score:
    """Count the claims of *records* by what became of them."""
    outcomes = [claim.held for record in records for claim in record.claims]
    return Score(
        held=outcomes.count(Held.HELD),
        refuted=outcomes.count(Held.REFUTED),
        pending=outcomes.count(Held.PENDING),
    )


def one_per_pull(records: Iterable[PullVerdicts]) -> list[PullVerdicts]:
    """Return the last record of each pull request: once there was one of each of its commits."""
    return list({record.pull: record for record in records}.values())


def verdicts_of(ruling: "Ruling") -> PullVerdicts:
    """Return what *ruling* says of its pull request, to be checked later."""
    rows = [r.row for r in ruling.rows if r.row.verdict in {Verdict.WORSE, Verdict.BETTER}]
    claims = tuple(
        Claim(
            benchmark=row.benchmark,
            params=(("library", repr(row.library)), *row.params) if row.library else row.params,
            metric=row.metric,
            verdict=row.verdict,
            ratio=row.ratio,
        )
        for row in rows[:MAX_CLAIMS]
    )
    nothing = Claim(benchmark=WHOLE, params=(), metric=WHOLE, verdict=Verdict.NO_CHANGE, ratio=None)
    quiet = not claims and ruling.conclusion is Conclusion.FINE
    return PullVerdicts(
        version=VERSION,
        pull=0,
        commit="",
        head=ruling.comparison.head.sha,
        base=ruling.comparison.base.sha,
        conclusion=ruling.conclusion,
        claims=(nothing,) if quiet else claims,
    )


def hide(verdicts: PullVerdicts) -> str:
    """Return *verdicts* as an invisible line of a comment.

    Encoded, so that no name in it can end the line; the least claims go when it gets too long.
    """
    data = base64.urlsafe_b64encode(msgspec.json.encode(verdicts)).decode()
    if len(data) > MAX_HIDDEN and verdicts.claims:
        fewer = verdicts.claims[: len(verdicts.claims) // 2]
        return hide(msgspec.structs.replace(verdicts, claims=fewer))
    return f"<!-- asynctasq-tracker:verdicts {data} -->"


def find_hidden(body: str) -> PullVerdicts | None:
    """Return the verdicts hidden in the text of our own comment; None when it has none."""
    match = _HIDDEN.search(body)
    try:
        return decode_verdicts(base64.urlsafe_b64decode(match[1])) if match else None
    except (ValueError, DataError):
        return None


def encode_verdicts(verdicts: PullVerdicts) -> bytes:
    """Write the file of one pull request."""
    return msgspec.json.format(msgspec.json.encode(verdicts), indent=1) + b"\n"


def decode_verdicts(data: bytes) -> PullVerdicts:
    """Read the file of one pull request; raise DataError when it is not one of ours."""
    try:
        verdicts = msgspec.json.decode(data, type=PullVerdicts)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DataError(f"verdicts cannot be read: {error}", "restore the file from git") from error
    if verdicts.version != VERSION:
        raise DataError(
            f"the verdicts have version {verdicts.version}; this tracker reads version {VERSION}",
            "use the release of tracker that wrote them",
        )
    return verdicts

"""What later commits of the main branch say of a verdict on a pull request, pure."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from tracker import units
from tracker.model import JudgedChange, JudgedHistory, JudgedSeries, Status, Verdict
from tracker.report.comparison.pull_verdicts import WHOLE, Claim, Held, PullVerdicts
from tracker.report.escape import code

# So many measured commits must follow before a missing change refutes what was said.
LATER_COMMITS = 6
_BEGIN = "<!-- asynctasq-tracker:afterwards -->"
_END = "<!-- asynctasq-tracker:end of afterwards -->"
_MAX_LINES = 20
# With the longest comment (`comment.MAX_COMMENT`) it stays below what GitHub takes.
_MAX_BYTES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sighting:
    """A change point of one series that a pull request may have brought.

    Attributes:
        exact: one of its commits is the detector's best guess, not only within its range.
    """

    judged: JudgedSeries
    change: JudgedChange
    exact: bool


def follow(record: PullVerdicts, judged: JudgedHistory, span: range) -> PullVerdicts:
    """Return *record* with what the history says of its open claims.

    Args:
        record: what was said of the pull request.
        judged: the history, newest commits included.
        span: indices of the pull request's commits in `judged.history.commits`.
    """
    claims: list[Claim] = []
    for claim in record.claims:
        if claim.held is not Held.PENDING:
            claims.append(claim)
        elif claim.benchmark == WHOLE:
            claims += _follow_whole(claim, judged, span)
        else:
            claims.append(_follow_one(claim, judged, span))
    return replace(record, claims=tuple(claims))


def missed_regressions(judged: JudgedHistory, span: range) -> tuple[Claim, ...]:
    """Return the confirmed regressions that the commits of *span* brought, as claims."""
    return tuple(
        Claim(
            benchmark=sighting.judged.series.key.benchmark,
            params=sighting.judged.series.key.params,
            metric=sighting.judged.series.metric.name,
            verdict=Verdict.NO_CHANGE,
            ratio=None,
            held=Held.REFUTED,
            later_commits=_points_after(sighting.judged, span),
            ratio_now=_told_ratio(sighting.change),
        )
        for sighting in _sightings(judged.series, span)
        if sighting.exact
        and sighting.change.verdict is Verdict.WORSE
        and sighting.change.change.status is Status.CONFIRMED
    )


def add_afterwards(body: str, record: PullVerdicts) -> str:
    """Return the text of our comment with what came to be known after the merge.

    The first line, our marker, stays first; an older remark is replaced.
    """
    before, begin, rest = body.partition(_BEGIN)
    kept = before + rest.partition(_END)[2].lstrip("\n") if begin else body
    marker, _, text = kept.partition("\n")
    return f"{marker}\n\n{_BEGIN}\n{_remark(record)}\n{_END}\n\n{text.lstrip()}"


def news(old: PullVerdicts, new: PullVerdicts) -> bool:
    """Whether anything was settled between *old* and *new*."""
    return [claim.held for claim in old.claims] != [claim.held for claim in new.claims]


def _follow_whole(claim: Claim, judged: JudgedHistory, span: range) -> Iterator[Claim]:
    missed = missed_regressions(judged, span)
    later = max((_points_after(s, span) for s in judged.series), default=0)
    outcome = Held.HELD if later >= LATER_COMMITS else Held.PENDING
    if missed:
        yield from missed
    else:
        yield replace(claim, held=outcome, later_commits=later)


def _follow_one(claim: Claim, judged: JudgedHistory, span: range) -> Claim:
    series = [
        s
        for s in judged.series
        if s.series.key.benchmark == claim.benchmark
        and set(s.series.key.params) == set(claim.params)
    ]
    for sighting in _sightings(series, span):
        change = sighting.change
        if change.verdict is claim.verdict and change.change.status is Status.CONFIRMED:
            return replace(
                claim,
                held=Held.HELD,
                later_commits=_points_after(sighting.judged, span),
                ratio_now=_told_ratio(change),
            )
    later = max((_points_after(s, span) for s in series), default=0)
    pending = any(s.change.change.status is Status.SUSPECTED for s in _sightings(series, span))
    refuted = later >= LATER_COMMITS and not pending
    return replace(claim, held=Held.REFUTED if refuted else Held.PENDING, later_commits=later)


def _sightings(series: Iterable[JudgedSeries], span: range) -> Iterator[_Sighting]:
    for judged in series:
        one = judged.series
        for change in judged.changes:
            point = change.change
            if _meets(span, *one.suspects(point.earliest, point.latest)):
                exact = _meets(span, *one.suspects(point.index, point.index))
                yield _Sighting(judged=judged, change=change, exact=exact)


def _meets(span: range, first: int, last: int) -> bool:
    """Whether a commit of *span* lies between *first* and *last*."""
    return first < span.stop and last >= span.start


def _points_after(judged: JudgedSeries, span: range) -> int:
    """Commits after *span* that were measured; one that failed says nothing."""
    series = judged.series
    return int(((series.positions >= span.stop) & np.isfinite(series.values)).sum())


def _told_ratio(change: JudgedChange) -> float | None:
    """The ratio as a file may hold it: None from or to zero."""
    ratio = change.change.ratio
    return ratio if 0 < ratio < math.inf else None


def _remark(record: PullVerdicts) -> str:
    lines = [f"> - {_line(claim)}" for claim in record.claims[:_MAX_LINES]]
    while sum(len(line.encode()) for line in lines) > _MAX_BYTES:
        lines.pop()
    left_out = len(record.claims) - len(lines)
    more = [f"> - and {left_out} more"] if left_out else []
    return "\n".join(["> **Since the merge:**", *lines, *more])


def _line(claim: Claim) -> str:
    if claim.benchmark == WHOLE:
        return f"no regression: {_STATES[claim.held]} {claim.later_commits} later commits"
    params = ", ".join(f"{name}={value}" for name, value in claim.params)
    what = code(f"{claim.benchmark}[{params}]" if params else claim.benchmark)
    now = f", now {units.change(claim.ratio_now)}" if claim.ratio_now is not None else ""
    if claim.verdict is Verdict.NO_CHANGE:
        return f"{what}: ❌ got worse after all{now}, over {claim.later_commits} later commits"
    told = f"{claim.verdict} by {units.change(claim.ratio)}" if claim.ratio else claim.verdict
    return f"{what} (told: {told}): {_STATES[claim.held]} {claim.later_commits} later commits{now}"


_STATES = {
    Held.HELD: "✅ confirmed by",
    Held.REFUTED: "not confirmed by",
    Held.PENDING: "waiting; so far",
}

"""Where a task takes another time, and how much of that the causes account for, as sentences."""

from collections.abc import Collection, Iterator, Sequence

from tracker import units
from tracker.model.catalogue import CPU_TIMES
from tracker.model.explanation import Cause, CauseKind, Share, Stage, StageName
from tracker.report.explanation_words import inline_title, percent

ALL = 0.9
"""Share from which on nothing is left to explain."""


_WHERE = {
    StageName.SENDING: "in sending",
    StageName.WAIT: "between send and start",
    StageName.EXECUTION: "in execution",
    StageName.TURNOVER: "per task of a burst",
}
_MOST_STAGES = 2
_UNPRICED = {CauseKind.C_CODE, CauseKind.WAITING, CauseKind.ALLOCATION}


def stage_sentences(stages: Sequence[Stage]) -> Iterator[str]:
    """Where a task takes another time that is not the CPU's, the largest first; and where not."""
    moved = sorted((one for one in stages if one.moved), key=lambda one: -abs(one.difference))
    names = {one.name for one in moved}
    slower = [one for one in moved if one.waits or one.cpu is None]
    if StageName.EXECUTION in names:  # a burst takes longer because its tasks do
        slower = [one for one in slower if one.name is not StageName.TURNOVER]
    if not slower:
        return
    sentence = ", ".join(_stage(one) for one in slower[:_MOST_STAGES])
    same = [one.name.value for one in stages if one.same_beside(slower[0]) and not one.moved]
    rest = f"; {' and '.join(same)} {'is' if len(same) == 1 else 'are'} the same" if same else ""
    yield f"A task {sentence}{rest}{_blamed({one.name.value for one in slower}, same)}."


def _stage(one: Stage) -> str:
    base, head = sorted((abs(one.low), abs(one.high)))
    low, high = units.pair(base, head, "s")
    size = units.quantity(abs(one.difference), "s")
    verb, more = "waits" if one.waits else "takes", "longer" if one.difference > 0 else "less"
    return f"{verb} {size} ({low} to {high}) {more} {_WHERE[one.name]}"


def _blamed(stages: Collection[str], same: Collection[str]) -> str:
    """What the stages have in common: fetching is a part of wait, and of the turnover."""
    if stages == {StageName.WAIT, StageName.TURNOVER}:
        return ": fetching is in both"
    if stages != {StageName.TURNOVER}:
        return ""
    return ": to acknowledge" if StageName.WAIT in same else ": to acknowledge or to fetch"


def share_sentences(share: Share | None, causes: Sequence[Cause]) -> Iterator[str]:
    """How much of a timed change the counts account for, and what nothing explains."""
    if share is None:
        return
    measured = f"{units.change(share.ratio)} of {inline_title(share.metric)}"
    reach = f"{percent(share.low)} to {percent(share.high)} %"
    line = f"The counts account for {percent(share.value)} % ({reach}) of the measured {measured}"
    sampled_share = sum(_seen_share(cause) for cause in causes if cause.kind in _UNPRICED)
    if sampled_share:
        line = f"{line}, what was sampled for {percent(min(sampled_share, 1 - share.value))} %"
    if share.value + sampled_share >= ALL:
        yield f"{line}."
        return
    why = ", which no line prices" if any(cause.kind in _UNPRICED for cause in causes) else ""
    yield f"{line}; not explained: {100 - percent(share.value + sampled_share)} %{why}."


def _seen_share(cause: Cause) -> float:
    """The share of CPU time that a profiler alone can tell."""
    seen = cause.sampled
    return seen.share if seen and seen.of in CPU_TIMES else 0.0

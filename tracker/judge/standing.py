"""Where every series stands, by its changes, its newest value and what it could have shown."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker import units
from tracker.detect import policy as of_series
from tracker.detect.drift import Ramp
from tracker.judge import counted_series, relevance, sensitivity
from tracker.judge.drafts import Draft
from tracker.judge.evidence import Evidence
from tracker.judge.newest_value import FarOut, far_out
from tracker.judge.policy import Policy
from tracker.judge.timeline import Timeline
from tracker.model import EventKind, History, JudgedChange, JudgedSeries, Series, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A judged series, and its newest value where that lies far out."""

    judged: JudgedSeries
    far_out: FarOut | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What one series has to say.

    Attributes:
        missed: commits measured since its last value, anywhere.
        noise: scale of one point, with nothing taken out but sure changes.
        effect: minimum detectable effect.
        ramps: stretches of drift.
        lacks_control: whether others have a control beside them, and it has none.
    """

    series: Series
    drafts: Sequence[Draft]
    points: int
    missed: int
    effect: float
    out: FarOut | None
    standing: JudgedChange | None
    is_control: bool
    ramps: tuple[Ramp, ...]
    lacks_control: bool


def stand(
    history: History,
    evidence: Evidence,
    drafts: Iterable[Draft],
    timeline: Timeline,
    chosen: Policy,
) -> list[State]:
    """Return where each series of *history* stands."""
    by_series: list[list[Draft]] = [[] for _ in history.series]
    for draft in drafts:
        by_series[draft.series].append(draft)
    return [
        _state(_look(number, one, own, evidence, timeline, chosen), chosen)
        for number, (one, own) in enumerate(zip(history.series, by_series, strict=True))
    ]


def _look(  # noqa: PLR0913, PLR0917 - all that is known of a series
    number: int,
    one: Series,
    own: list[Draft],
    evidence: Evidence,
    timeline: Timeline,
    chosen: Policy,
) -> _Sight:
    own.sort(key=lambda draft: draft.judged.change.index)
    detection, spread = evidence.detections[number], evidence.spreads[number]
    changes = [draft.judged for draft in own]
    sure_changes = [draft.judged.change for draft in own if draft.is_sure]
    noise = math.nan
    if detection.points:
        noise = sensitivity.whole_noise(one.values, sure_changes, spread)
    since = changes[-1].change.points_since if changes else detection.points
    effect = (
        counted_series.smallest_step(one)
        if one.metric.is_counted
        else sensitivity.minimum_detectable_effect(
            detection.points, since, noise, spread.correlation, chosen
        )
    )
    is_control, missed = evidence.are_controls[number], timeline.missed(one)
    course = evidence.taken[number].course if number in evidence.taken else None
    judged = [each.change for each in changes]
    out = None if is_control or one.metric.is_counted else far_out(one, judged, effect, course)
    return _Sight(
        series=one,
        drafts=own,
        points=detection.points,
        missed=missed,
        effect=effect,
        out=out,
        standing=relevance.standing_change(changes, one.metric, missed=missed, chosen=chosen),
        is_control=is_control,
        ramps=counted_series.creep(one, changes) if one.metric.is_counted else detection.ramps,
        lacks_control=bool(evidence.taken)
        and not (is_control or one.metric.is_counted or number in evidence.taken),
    )


def _state(sight: _Sight, chosen: Policy) -> State:
    one, out = sight.series, sight.out
    judged = JudgedSeries(
        series=one,
        changes=tuple(draft.judged for draft in sight.drafts),
        verdict=_verdict(sight, chosen),
        minimum_detectable_effect=sight.effect,
        drift=_drift_per_100_commits(one, sight.ramps),
        far_out=out.ratio if out and math.isfinite(out.ratio) else None,
        standing=sight.standing,
        notes=tuple(_notes(sight, chosen)),
    )
    return State(judged=judged, far_out=out)


def _drift_per_100_commits(series: Series, ramps: tuple[Ramp, ...]) -> float:
    """Return the relative change per 100 commits of the newest ramp, 0 when there is none."""
    if not ramps:
        return 0.0
    newest = ramps[-1]
    span = int(series.positions[newest.end - 1] - series.positions[newest.start])
    return math.expm1(min(700.0, newest.rise * 100 / max(span, 1)))


def _verdict(sight: _Sight, chosen: Policy) -> Verdict:
    if sight.out is not None and sight.out.is_fact:
        return Verdict.WORSE
    if sight.missed > chosen.recent_points:
        return Verdict.CANNOT_TELL
    if sight.standing is not None:
        return sight.standing.verdict
    if sight.out is not None:
        return Verdict.SUSPECTED
    if sight.series.metric.is_counted:
        blind = sight.points < counted_series.FEWEST
    else:
        blind = sensitivity.is_blind(sight.points, sight.effect, sight.series.metric, chosen)
    return Verdict.CANNOT_TELL if blind else Verdict.NO_CHANGE


def _notes(sight: _Sight, chosen: Policy) -> Iterable[str]:
    """Give what is to be said beside the verdict."""
    standing, out, unit = sight.standing, sight.out, sight.series.metric.unit
    if sight.missed > chosen.recent_points:
        yield f"not measured at any of the {chosen.recent_points} newest commits"
    if out is not None:
        more = units.count(of_series.MIN_LEVEL - out.points, "more commit")
        what = "the first above zero" if out.is_fact else f"{more} would settle it"
        yield f"newest value far out: {units.step(out.before, out.after, unit)}; {what}"
    if standing is not None and standing.verdict is Verdict.SUSPECTED:
        yield _suspicion(standing, unit)
    fewest = counted_series.FEWEST if sight.series.metric.is_counted else of_series.MIN_POINTS
    if sight.points < fewest:
        yield f"{units.count(sight.points, 'point')}: at least {fewest} are needed to tell a change"
    if sight.ramps and sight.series.metric.is_counted:
        size = units.change(math.exp(sight.ramps[-1].rise))
        yield f"drifts: steps below the floor add up to {size}"
    elif sight.ramps:
        yield "drifts: part of its course is a ramp rather than steps"
    if sight.is_control and any(draft.is_machine for draft in sight.drafts):
        yield "a control moved: that is the machine's doing, and no commit's"
    if sight.lacks_control:
        yield "no control beside it"


def _suspicion(standing: JudgedChange, unit: str) -> str:
    """Return the size of a step that is not sure, and what settles it."""
    change = standing.change
    match standing.kind:
        case _ if standing.alternates:
            what = "its values go to and fro; measuring both sides on one machine would settle it"
        case EventKind.MACHINE if standing.shared > 0:
            what = "the controls moved there, too; measuring both sides again would settle it"
        case EventKind.MACHINE:
            is_better = standing.direction is Verdict.BETTER
            does = "speeds everything up" if is_better else "slows everything"
            what = f"looks like the machine, or a change that {does}; a control tells"
        case EventKind.MEASURING:
            what = "the measuring changed there; measuring both sides again, alike, would settle it"
        case _:
            more = max(2, of_series.CONFIRM_POINTS - change.points_since)
            what = f"not sure yet; {more} more commits at the new level would settle it"
    return f"a step of {units.step(change.before, change.after, unit)}: {what}"

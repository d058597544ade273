"""Changes of single series as measured, each with what it means before events are made of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tracker.judge.alternation import alternates
from tracker.judge.decisions import Decided, Decisions
from tracker.judge.environments import EnvironmentLog, loops_changed
from tracker.judge.evidence import Evidence
from tracker.judge.levels import Spread, measured_changes
from tracker.judge.relevance import direction_of, verdict_of
from tracker.model import Change, Floats, History, JudgedChange, Series, Verdict

_PINNED = "the same release -> counted otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change of one series, with all that decides what it is put down to.

    Attributes:
        series: number of the series.
        place: number of its place.
        judged: verdict and direction by itself.
        is_sure: whether the evidence is enough.
        is_machine: whether it is a control's, or shared with the controls.
        has_control: whether a control says what the machine did.
    """

    series: int
    place: int
    judged: JudgedChange
    is_sure: bool
    is_machine: bool
    has_control: bool


def draft_changes(history: History, evidence: Evidence, decisions: Decisions) -> list[Draft]:
    """Return the changes of all series, each series' by index."""
    log = EnvironmentLog(history.environments)
    drafts = []
    for number, decided in enumerate(decisions.by_series):
        if decided:
            drafts += _draft_series(number, history.series[number], decided, evidence, log)
    return drafts


def _draft_series(
    number: int, one: Series, decided: Sequence[Decided], evidence: Evidence, log: EnvironmentLog
) -> list[Draft]:
    course = evidence.taken[number].course if number in evidence.taken else None
    drafts: list[Draft] = []
    kept: Sequence[Decided] = ()
    spread = evidence.spreads[number]
    while len(kept) != len(decided):
        # What is neither sure nor relevant is no change; then its neighbours' levels are longer.
        kept = decided
        candidates = [each.candidate for each in kept]
        changes = measured_changes(one.values, candidates, spread)
        drafts = [
            _draft(
                number,
                one,
                decision,
                _Stretch.around(one, course, spread, changes, i),
                evidence,
                log,
            )
            for i, decision in enumerate(kept)
        ]
        decided = [
            each
            for each, draft in zip(kept, drafts, strict=True)
            if each.is_sure or draft.is_machine or draft.judged.verdict is not Verdict.NO_CHANGE
        ]
    return drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A change with the values on either side of it.

    Attributes:
        shared: part of its ratio that the controls have; NaN without controls.
        alternates: whether the values go to and fro between both levels.
    """

    change: Change
    shared: float
    alternates: bool

    @classmethod
    def around(
        cls, one: Series, course: Floats | None, spread: Spread, changes: Sequence[Change], i: int
    ) -> Self:
        """Return change *i* of a series of this *spread*; *course* is what its controls share."""
        start = changes[i - 1].index if i else 0
        cut = changes[i].index
        end = changes[i + 1].index if i + 1 < len(changes) else one.values.size
        sides = (slice(start, cut), slice(cut, end))
        before, after = (
            spread.on_scale(one.values[side][np.isfinite(one.values[side])]) for side in sides
        )
        shared = math.nan
        if course is not None:
            old, new = (
                float(np.median(course[side][np.isfinite(one.values[side])])) for side in sides
            )
            shared = math.exp(new - old)
        return cls(
            change=changes[i],
            shared=shared,
            alternates=not one.metric.is_counted and alternates(before, after, spread.scale),
        )


def _draft(  # noqa: PLR0913, PLR0917 - the parts of one change
    number: int,
    one: Series,
    decision: Decided,
    stretch: _Stretch,
    evidence: Evidence,
    log: EnvironmentLog,
) -> Draft:
    change, shared = stretch.change, stretch.shared
    verdict = verdict_of(change, one.metric, shared)
    is_control = evidence.are_controls[number]
    shows_machine = is_control and not one.metric.is_counted
    return Draft(
        series=number,
        place=decision.place,
        judged=JudgedChange(
            change=change,
            verdict=Verdict.NO_CHANGE if shows_machine else verdict,
            direction=direction_of(change, one.metric),
            environment_changes=_what_else(one, change, log, is_control=is_control),
            shared=shared,
            alternates=stretch.alternates,
        ),
        is_sure=decision.is_sure and not stretch.alternates,
        is_machine=decision.candidate.is_shared
        or (shows_machine and verdict is not Verdict.NO_CHANGE),
        has_control=is_control or number in evidence.taken,
    )


def _what_else(
    one: Series, change: Change, log: EnvironmentLog, *, is_control: bool
) -> tuple[str, ...]:
    """Return, as text, what else changed there; counts of a pinned library say it of themselves."""
    first, last = int(one.positions[change.earliest - 1]), int(one.positions[change.latest])
    if not one.metric.is_counted:
        differences = log.differences((one.key.machine, one.key.environment), first, last)
        return (*differences, *loops_changed(one, change))
    differences = log.differences_of_counts(one.key.environment, first, last)
    return (*differences, f"{one.library}: {_PINNED}") if is_control else differences

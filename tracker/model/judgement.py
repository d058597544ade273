"""What is thought of it: changes, events, and where every series stands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.model.explanation import Explanation
from tracker.model.history import History, Series
from tracker.model.metric import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change point of one series.

    Attributes:
        index: first point after the change (index into the arrays that were judged).
        earliest: first index at which the change may have come, inclusive.
        latest: last such index, inclusive; earliest <= index <= latest.
        before: level before.
        after: level after, up to the next change.
        ratio: after / before.
        ratio_low: lower end of the 95 % interval of the ratio; of what was counted, as far as
            equal code scatters.
        ratio_high: upper end.
        p_value: of the evidence between the two neighbouring segments, NaN for what was counted.
        status: suspected, confirmed or withdrawn.
        points_since: measured points after the change, index included.
    """

    index: int
    earliest: int
    latest: int
    before: float
    after: float
    ratio: float
    ratio_low: float
    ratio_high: float
    p_value: float
    status: Status
    points_since: int

    @property
    def is_withdrawn(self) -> bool:
        """Say whether later points have contradicted it."""
        return self.status is Status.WITHDRAWN

    @classmethod
    def at(
        cls, index: int, before: float, after: float, *, status: Status, points_since: int
    ) -> "Change":
        """Return a change that came at *index* for certain, and whose size has no interval."""
        return cls(
            index=index,
            earliest=index,
            latest=index,
            before=before,
            after=after,
            ratio=after / before if before > 0 and after > 0 else math.nan,
            ratio_low=math.nan,
            ratio_high=math.nan,
            p_value=math.nan,
            status=status,
            points_since=points_since,
        )


class EventKind(StrEnum):
    """What an event is put down to."""

    COMMIT = "commit"
    MEASURING = "measuring"
    MACHINE = "machine"
    EXCURSION = "excursion"


class Fate(StrEnum):
    """What became of an event: it STANDS, is UNDONE, or stood when the last was measured of it."""

    STANDS = "stands"
    UNDONE = "undone"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedChange:
    """A change point with its meaning: direction, relevance, and what else happened there.

    Attributes:
        change: indices are points of the series; use `series.positions[change.index]`.
        verdict: WORSE or BETTER when significant, relevant and a commit's; SUSPECTED when relevant
            but not sure, or not surely a commit's; NO_CHANGE when too small to matter, or of a
            control.
        direction: WORSE or BETTER by the levels as measured, whatever the verdict.
        environment_changes: differences of the surroundings at that commit, as text.
        shared: part of the ratio that the controls have, too; 1 for none, NaN when there is no
            ratio or no control.
        kind: what it is put down to.
        alternates: whether the values go to and fro between both levels.
        event: number of its event in `JudgedHistory.events`, None for a change of no event.
    """

    change: Change
    verdict: Verdict
    direction: Verdict
    environment_changes: tuple[str, ...] = ()
    shared: float = math.nan
    kind: EventKind = EventKind.COMMIT
    alternates: bool = False
    event: int | None = None


@dataclass(frozen=True, kw_only=True)
class JudgedSeries:
    """A series and what stands of it now.

    Attributes:
        verdict: of what stands now, see `tracker.judge.relevance`.
        minimum_detectable_effect: smallest relative step that the next few commits could
            establish; NaN when unknown.
        drift: relative change per 100 commits when the series drifts, else 0.
        far_out: newest value over the median before it where that lies far out and is too new
            to be judged: the verdict is SUSPECTED then, unless it speaks of a change.
        standing: the change that the verdict speaks of, None for none.
        notes: what is to be said beside the verdict, each without full stop.
    """

    series: Series
    changes: tuple[JudgedChange, ...]
    verdict: Verdict
    minimum_detectable_effect: float
    drift: float
    far_out: float | None
    standing: JudgedChange | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One series of an event.

    Attributes:
        series: number of the series in `JudgedHistory.series`.
        judged: its change; that of an excursion is not among the changes of the series.
    """

    series: int
    judged: JudgedChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened at one place, with the series that moved there in one direction.

    Attributes:
        kind: COMMIT; MEASURING when it begins where the measuring changed; MACHINE when the
            controls, or nearly all that one machine times, moved; EXCURSION when it was undone
            after one or two commits.
        verdict: WORSE or BETTER when sure and a commit's, else SUSPECTED.
        direction: WORSE or BETTER.
        position: of the commit that most evidence names, the first at the new level.
        earliest: first commit that may have brought it; latest: last such commit.
        members: the largest change first.
        ratio: typical (median) after / before as measured, of the members that have one and go the
            way of the largest, up or down; else NaN.
        shared: typical part of it that the controls have too, NaN without controls.
        p_value: evidence that anything happened at this place; of all series together; NaN where
            something was counted, or lies far out: no test was made.
        fate: STANDS where a member that is still measured has the new level; UNMEASURED where only
            members have it that are not measured any more; else UNDONE.
        points_since: commits measured since anywhere, its own included.
        surroundings: what else changed there, each as text.
    """

    kind: EventKind
    verdict: Verdict
    direction: Verdict
    position: int
    earliest: int
    latest: int
    members: tuple[Member, ...]
    ratio: float
    shared: float
    p_value: float
    fate: Fate
    points_since: int
    surroundings: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it has its effect now."""
        return self.fate is Fate.STANDS


@dataclass(frozen=True, kw_only=True)
class JudgedHistory:
    """The whole judgement. Everything that is shown is made from this.

    Attributes:
        events: newest first.
        notes: what the judgement could not do, each a sentence.
        explanations: why, by number of the event, where the commits around it were counted.
    """

    history: History
    series: tuple[JudgedSeries, ...]
    events: tuple[Event, ...]
    expected_false_alarms: float
    notes: tuple[str, ...] = ()
    explanations: Mapping[int, Explanation] = field(default_factory=dict)

"""What is thought of it: changes, and where every series stands."""

from dataclasses import dataclass

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
        ratio_low: lower end of the 95 % interval of the ratio.
        ratio_high: upper end.
        p_value: of the evidence between the two neighbouring segments.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedChange:
    """A change point with its meaning: direction, relevance, and what else happened there.

    Attributes:
        change: indices are points of the series; use `series.positions[change.index]`.
        verdict: WORSE or BETTER when significant and relevant, NO_CHANGE when only significant.
        environment_changes: differences of the environment at that commit, as text.
    """

    change: Change
    verdict: Verdict
    environment_changes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class JudgedSeries:
    """A series and what stands of it now.

    Attributes:
        verdict: of the newest change that still stands within the recent window; CANNOT_TELL
            when there is none and one that matters could be there unseen.
        minimum_detectable_effect: smallest relative step that the next few commits could
            establish; NaN when unknown.
        drift: relative change per 100 commits when the series drifts, else 0.
        far_out: newest value over the median before it where that lies far out and is too new
            to be judged: the verdict does not speak of it.
        notes: what is to be said beside the verdict, each without full stop.
    """

    series: Series
    changes: tuple[JudgedChange, ...]
    verdict: Verdict
    minimum_detectable_effect: float
    drift: float
    far_out: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentShift:
    """A step that the control series of one machine share: the machine's, not the commit's."""

    machine: str
    environment: str
    position: int
    ratio: float
    series_affected: int


@dataclass(frozen=True, kw_only=True)
class JudgedHistory:
    """The whole judgement. Everything that is shown is made from this."""

    history: History
    series: tuple[JudgedSeries, ...]
    shifts: tuple[EnvironmentShift, ...]
    expected_false_alarms: float

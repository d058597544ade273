"""One comparison of base and head: what its file says, and every report is made from.

`tracker.report.comparison.file` writes and reads it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from tracker.errors import ExitCode
from tracker.model import Better, Verdict
from tracker.model.explanation import Explanation

VERSION = 1
MAX_ROWS = 20_000
MAX_NOTES = 100

type Name = Annotated[str, Meta(max_length=300)]
type Text = Annotated[str, Meta(max_length=4_000)]
type Sha = Annotated[str, Meta(pattern="^[0-9a-f]{7,64}$")]
type Share = Annotated[float, Meta(ge=0, le=1)]
type Positive = Annotated[float, Meta(gt=0)]
type NotNegative = Annotated[float, Meta(ge=0)]
type Count = Annotated[int, Meta(ge=0, le=10_000_000)]
type Facts = Annotated[dict[Name, Text], Meta(max_length=100)]
type Params = Annotated[tuple[tuple[Name, Name], ...], Meta(max_length=20)]


class Conclusion(StrEnum):
    """What the whole comparison says.

    FAILED: head could not be built, or a benchmark that base can do fails in head.
    REGRESSION: a gating row is worse. CANNOT_TELL: nothing is worse, but a gating row is
    undecided, or something could not be measured in base. FINE: the rest.
    """

    FINE = "fine"
    REGRESSION = "regression"
    CANNOT_TELL = "cannot_tell"
    FAILED = "failed"


class Reproduction(StrEnum):
    """Whether a change was seen again by fresh worker processes."""

    CONFIRMED = "confirmed"
    NOT_REPRODUCED = "not_reproduced"
    NOT_MEASURED = "not_measured"


EXIT_CODES = {
    Conclusion.FINE: ExitCode.FINE,
    Conclusion.REGRESSION: ExitCode.REGRESSION,
    Conclusion.CANNOT_TELL: ExitCode.CANNOT_TELL,
    Conclusion.FAILED: ExitCode.DATA,
}


class Side(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base or head.

    Attributes:
        remark: how the commit was chosen, such as "merge base of main and feature".
        facts: CPU model, kernel, Python, library versions, broker: name to text.
        failure: why nothing of it could be measured, None when something could.
    """

    sha: Sha
    subject: Text
    remark: Text
    facts: Facts
    failure: Text | None = None

    @property
    def has_remark(self) -> bool:
        """Whether the remark says more than the hash of the commit."""
        return not self.sha.startswith(self.remark)


class Difference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact of the surroundings that differs between base and head; None where unknown."""

    fact: Name
    base: Text | None
    head: Text | None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes this comparison repeatable.

    Attributes:
        budget_s: seconds that measuring may take.
        size: quick or full.
        scenarios: as asked for; empty means all.
        alpha: chance that any unchanged gating row is called worse or better.
        max_rounds: rounds after which a row is not measured further.
    """

    budget_s: Positive
    size: Name
    scenarios: Annotated[tuple[Name, ...], Meta(max_length=1000)]
    seed: Annotated[int, Meta(ge=0, lt=2**53)]
    alpha: Share
    max_rounds: Count


class NoiseFloor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What base against base showed in this run: 90 % of A/A pairs differ by less.

    Attributes:
        metric: name of the metric, or "all".
        relative: relative change, 0.02 is 2 %; None when no pair was measured.
        pairs: number of A/A pairs behind it.
    """

    metric: Name
    relative: NotNegative | None
    pairs: Count


class ControlRatio(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a library that the commit cannot change moved between base's and head's turns.

    Attributes:
        ratio: head's turns / base's turns; low and high: its interval.
        moved: the interval excludes 1: the machine, not the commit, made a difference.
        divided_out: the rows of this metric are corrected by it.
    """

    library: Name
    scenario: Name
    metric: Name
    ratio: Positive
    low: NotNegative
    high: NotNegative
    moved: bool
    divided_out: bool


class Summary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One side of a row in the metric's base unit.

    Attributes:
        cv: standard deviation / mean over the rounds; None below two samples or at mean zero.
        samples: one value a round, in order of measurement; at most 100, none in a large file.
    """

    median: float
    q25: float
    q75: float
    cv: NotNegative | None
    n: Count
    samples: Annotated[tuple[float, ...], Meta(max_length=100)] = ()


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One metric of one benchmark and parameter combination, judged.

    Attributes:
        benchmark: asv's full name, `module.Class.track_metric`.
        scenario, library: of our own suite; the module and "" for foreign benchmarks.
        params: further parameters, (name, repr) in asv's order, library left out.
        gates: whether WORSE fails the comparison.
        floor: relative change that matters; below it nobody cares.
        ratio: head / base, paired; low, high: interval valid however often it was looked at.
            None when base or head is zero or nothing could be paired.
        p_value: valid at any number of rounds, not adjusted; None without a ratio.
        noise_floor: of base against base for this row's metric, relative.
        minimum_detectable_effect: smallest relative change these rounds could have established.
        rounds_to_settle: further rounds that would decide it at this noise; None when decided
            or out of reach.
        check: whether fresh worker processes showed the change again.
        reason: one sentence, why the verdict is what it is.
        counted: whether it was counted instead of timed; `noise_floor` is then the relative
            difference that equal code may show, and `rounds` the counting runs of a side.
    """

    benchmark: Name
    scenario: Name
    library: Name
    metric: Name
    params: Params
    unit: Name
    better: Better
    gates: bool
    floor: NotNegative
    base: Summary
    head: Summary
    ratio: Positive | None
    low: NotNegative | None
    high: NotNegative | None
    p_value: Share | None
    noise_floor: NotNegative | None
    verdict: Verdict
    minimum_detectable_effect: NotNegative | None
    rounds: Count
    rounds_to_settle: Count | None
    check: Reproduction
    control_divided_out: bool
    reason: Text
    counted: bool = False

    def __post_init__(self) -> None:
        """Refuse the word that only histories have."""
        if self.verdict is Verdict.SUSPECTED:
            raise ValueError("a comparison suspects nothing: it decides, or cannot tell")


class NotTimed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scenario that was counted and not timed, and why."""

    scenario: Name
    reason: Text


class Unpaired(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A benchmark that only one side has, or that failed.

    Attributes:
        side: base, head or both: where it failed, or the only one that has it.
        reason: why it failed; empty for new and vanished ones.
    """

    benchmark: Name
    scenario: Name
    library: Name
    params: Params
    side: Annotated[str, Meta(pattern="^(base|head|both)$")]
    reason: Text


type Unpaireds = Annotated[tuple[Unpaired, ...], Meta(max_length=MAX_ROWS)]


class Comparison(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file.

    Attributes:
        version: of this format.
        reason: one sentence for the conclusion.
        started_ms: Unix time.
        measured_s: seconds that measuring took; prepared_s: building both environments.
        rounds: rounds in which base and head both ran; aa_rounds: those with base twice.
        expected_false_alarms: number of unchanged gating rows expected to be called changed.
        noise: first "all", then one per metric.
        notes: remarks on the run, in words.
        left_out: rows for which the file had no room: the calmest ones.
        not_timed: scenarios that the clock was not spent on.
        not_counted: instrument or scenario to why it could not be counted.
        explanation: why base and head differ; None where nothing was counted.
    """

    version: int
    project: Name
    conclusion: Conclusion
    reason: Text
    base: Side
    head: Side
    machine: Name
    differences: Annotated[tuple[Difference, ...], Meta(max_length=200)]
    settings: Settings
    started_ms: Annotated[int, Meta(ge=0, lt=2**53)]
    prepared_s: NotNegative
    measured_s: NotNegative
    rounds: Count
    aa_rounds: Count
    noise: Annotated[tuple[NoiseFloor, ...], Meta(max_length=200)]
    controls: Annotated[tuple[ControlRatio, ...], Meta(max_length=500)]
    rows: Annotated[tuple[Row, ...], Meta(max_length=MAX_ROWS)]
    new: Unpaireds
    vanished: Unpaireds
    failed: Unpaireds
    expected_false_alarms: NotNegative
    notes: Annotated[tuple[Text, ...], Meta(max_length=MAX_NOTES)]
    left_out: Count = 0
    not_timed: Annotated[tuple[NotTimed, ...], Meta(max_length=1000)] = ()
    not_counted: Facts = {}
    explanation: Explanation | None = None


def fails_alone(base: Side, head: Side) -> bool:
    """Whether *head* cannot be measured although *base* can: what both lack is not head's fault."""
    return head.failure is not None and base.failure is None


def conclude(base: Side, head: Side, rows: tuple[Row, ...], failed: Unpaireds) -> Conclusion:
    """Say what follows from the rows; a regression outranks a failure, a failure the rest."""
    gating = [row for row in rows if row.gates]
    if any(row.verdict is Verdict.WORSE for row in gating):
        return Conclusion.REGRESSION
    if fails_alone(base, head) or any(entry.side == "head" for entry in failed):
        return Conclusion.FAILED
    settled = settled_by_counts(rows)
    undecided = [row for row in gating if row.verdict is Verdict.CANNOT_TELL]
    if not gating or any(row.scenario not in settled for row in undecided) or failed:
        return Conclusion.CANNOT_TELL
    return Conclusion.FINE


def settled_by_counts(rows: Iterable[Row]) -> frozenset[str]:
    """Return the scenarios that were counted and in which nothing moved.

    What costs exactly the same runs in the same time: a clock that cannot tell leaves nothing open.
    """
    unmoved: dict[str, bool] = {}
    for row in rows:
        if row.counted:
            same = row.verdict is Verdict.NO_CHANGE
            unmoved[row.scenario] = unmoved.get(row.scenario, True) and same
    return frozenset(scenario for scenario, same in unmoved.items() if same)

"""What a whole search found: the answer, and what was measured to check it."""

from dataclasses import dataclass

from tracker.model import Metric
from tracker.search.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The metric at two commits.

    Attributes:
        before, after: levels, in the metric's base unit.
        ratio_low, ratio_high: 95 % interval of after / before; None where it is certain, or there
            is no ratio.
        pairs: how often both were measured side by side, or counted.
    """

    before: float
    after: float
    ratio_low: float | None
    ratio_high: float | None
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A commit that may have brought a step.

    Attributes:
        step: what it changed, where that was counted; else None.
    """

    sha: str
    subject: str
    probability: float
    step: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was measured once more, to be sure of an answer.

    Attributes:
        verified: of the culprit against its parent, None when there was no culprit or no time.
        confirmed: whether that showed the step again; None where it stayed open.
        without: of the bad end with the culprit reverted against the bad end; None when that does
            not apply.
    """

    verified: Difference | None = None
    confirmed: bool | None = None
    without: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The whole answer.

    Attributes:
        ends: of the bad end against the good one, None when they were not measured together.
        suspects: the commits of the answer's set, in order.
        unusable: number of commits that do not build or cannot be measured.
        commits: number of commits from the good end (not counted) to the bad one.
        counted: whether the metric gives the same number every time.
        tolerance: difference up to which counts are the same, in the metric's unit; 0 is exact.
        reason: why it is not sure, "" when it is.
    """

    metric: Metric
    label: str
    answer: Answer
    suspects: tuple[Suspect, ...]
    ends: Difference | None
    checks: Checks
    unusable: int
    commits: int
    measurements: int
    counted: bool
    reason: str
    tolerance: float = 0.0

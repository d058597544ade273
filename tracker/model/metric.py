"""What is measured, and the words for what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which way of a metric is good. Nothing else in the product knows that more may be worse."""

    LOWER = "lower"
    HIGHER = "higher"


class Tier(StrEnum):
    """How much a metric matters."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DIAGNOSTIC = "diagnostic"


class Verdict(StrEnum):
    """The five answers; the direction of the metric is already applied.

    SUSPECTED is a relevant step that is not sure yet, or not surely a commit's.
    """

    WORSE = "worse"
    BETTER = "better"
    SUSPECTED = "suspected"
    NO_CHANGE = "no_change"
    CANNOT_TELL = "cannot_tell"


class Status(StrEnum):
    """How far a change point can be trusted."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of one cell (benchmark x parameters x commit)."""

    MEASURED = "measured"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a series measures.

    Attributes:
        name: short name, as in `track_<name>`; for foreign benchmarks the asv type.
        unit: base unit: "s", "B", "tasks/s", "ratio", "%", ...
        better: the good direction.
        floor: relative change below which nobody cares (0.02 is 2 %).
        gates: whether a regression of it may fail a pull request.
        tier: primary, secondary or diagnostic.
        description: one sentence for people.
    """

    name: str
    unit: str
    better: Better
    floor: float
    gates: bool
    tier: Tier
    description: str

"""What measuring one turn of a comparison takes and gives, whoever does the measuring."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tracker.model import Metric, Outcome


class Label(StrEnum):
    """What runs in a turn. AGAIN is base a second time; controls stand beside base and head."""

    BASE = "base"
    HEAD = "head"
    AGAIN = "again"
    CONTROL_BASE = "control_base"
    CONTROL_HEAD = "control_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One run of one scenario, with fresh worker processes."""

    label: Label
    scenario: str
    seed: int

    @property
    def is_control(self) -> bool:
        """Whether the control runs instead of the tracked library."""
        return self.label in {Label.CONTROL_BASE, Label.CONTROL_HEAD}

    @property
    def side(self) -> Label:
        """Whose code runs when it is no control."""
        return Label.HEAD if self.label is Label.HEAD else Label.BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKey:
    """What makes readings of different turns comparable; the library is left out."""

    scenario: str
    benchmark: str
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number of a turn, in the base unit of its metric, and the samples it stands for.

    Attributes:
        failure: why there is none (*value* is then NaN), while others of the turn have theirs.
        spread: of a count, see `CountedMetric`.
    """

    key: RowKey
    metric: Metric
    library: str
    value: float
    samples: tuple[float, ...] = ()
    failure: str = ""
    spread: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a turn; *reason* says why there are no readings.

    Attributes:
        is_cut_off: whether it failed for want of time, which says nothing of its side.
    """

    outcome: Outcome
    reason: str
    readings: tuple[Reading, ...]
    facts: Mapping[str, str]
    is_cut_off: bool = False


class Measurer(Protocol):
    """Measures turns. What opens one closes it too, and ends everything that it started."""

    def measure(self, turn: Turn) -> Answer:
        """Measure *turn*; what went wrong is in the answer, never raised."""
        ...


type OpenMeasurer = Callable[[], AbstractContextManager[Measurer]]
"""Starts a measurer with fresh servers."""

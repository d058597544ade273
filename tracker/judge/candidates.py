"""Steps of single series that may be changes, whoever saw them, before they are judged together."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.judge.single_series import OwnStep

_NEAR = 2  # points between two candidates that are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A step of one series.

    Attributes:
        series: number of the series in its history.
        index: first point of the new level; the step lies in earliest..latest.
        p_value: of a step at this place, not corrected for the search.
        is_shared: whether the controls took it, too, so that nothing is left for a commit.
        tolerance: where it was counted, the difference that equal code may show, in the metric's
            unit: beyond that a step is a fact, and no test was made. None for what was judged.
    """

    series: int
    index: int
    earliest: int
    latest: int
    p_value: float
    is_shared: bool = False
    tolerance: float | None = None


def of_series(number: int, steps: Iterable[OwnStep]) -> list[Candidate]:
    """Return the *steps* of the series of that *number*."""
    return [
        Candidate(
            series=number,
            index=step.index,
            earliest=step.earliest,
            latest=step.latest,
            p_value=step.p_value,
        )
        for step in steps
    ]


def are_near(one: Candidate, other: Candidate) -> bool:
    """Say whether the place of *other* lies where *one* may be, or beside."""
    return one.earliest - _NEAR <= other.index <= one.latest + _NEAR


def group_by_series(candidates: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    """Return *candidates* by the number of their series."""
    grouped: dict[int, list[Candidate]] = {}
    for one in candidates:
        grouped.setdefault(one.series, []).append(one)
    return grouped

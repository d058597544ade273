"""Steps of single series that may be changes, whoever saw them, before they are judged together."""

from dataclasses import dataclass

import numpy as np

from tracker.detect.steps import Found
from tracker.judge import policy
from tracker.model import Floats, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A step of one series.

    Attributes:
        series: number of the series in its history.
        index: first point of the new level; the step lies in earliest..latest.
        p_value: of a step at this place, not corrected for the search.
        is_shared: whether the controls took it, too, so that nothing is left for a commit.
    """

    series: int
    index: int
    earliest: int
    latest: int
    p_value: float
    is_shared: bool = False


def detected(number: int, values: Floats, found: Found) -> list[Candidate]:
    """Return what the detector *found* in *values*, each at its sharpest place."""
    standing = [c for c in found.changes if c.status is not Status.WITHDRAWN]
    candidates = []
    for change in standing:
        index = _sharpened(values, change.index, change.before, change.after, found.noise)
        candidates.append(
            Candidate(
                series=number,
                index=index,
                earliest=min(change.earliest, index) if index <= change.index else index,
                latest=max(change.latest, index) if index >= change.index else index,
                p_value=change.p_value,
            )
        )
    return candidates


def _sharpened(values: Floats, index: int, before: float, after: float, noise: float) -> int:
    """Return the first point of the new level, where that is beyond doubt near *index*.

    A step of many noise scales leaves no doubt to which level a point belongs.
    """
    if not (before > 0 and after > 0 and abs(np.log(after / before)) > policy.SHARP_STEP * noise):
        return index
    middle = np.sqrt(before * after)
    is_up = after > before
    for _ in range(policy.SHARP_REACH):
        here = values[index]
        if np.isfinite(here) and (here > middle) != is_up and index + 1 < values.size:
            index += 1
            continue
        before_it = np.flatnonzero(np.isfinite(values[:index]))
        if before_it.size > 1 and (values[before_it[-1]] > middle) == is_up:
            index = int(before_it[-1])
            continue
        break
    while not np.isfinite(values[index]) and index + 1 < values.size:
        index += 1
    return index

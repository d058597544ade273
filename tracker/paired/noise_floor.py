"""What a run says of its own noise: base against base, and libraries that no commit can change."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import Floats
from tracker.paired.evidence import Located, interval, locate

FEWEST_PAIRS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How the controls moved from base's turn to head's, in log units.

    Attributes:
        located: middle and spread of one round.
        low, high: interval that holds at all times.
        moved: the interval excludes no shift.
        divide_out: what to take from the difference of a row: the shift, shrunk by how well it is
            known, and 0 when the controls did not move. Dividing by a control that stood still
            only adds its noise.
    """

    located: Located
    low: float
    high: float
    moved: bool
    divide_out: float


def noise_floor(pairs: Floats) -> float | None:
    """Return the relative change that 90 % of base-against-base *pairs* (log units) stay below."""
    if len(pairs) < FEWEST_PAIRS:
        return None
    return math.expm1(float(np.quantile(np.abs(pairs), 0.9)))


def control_shift(differences: Floats, alpha: float) -> Shift | None:
    """Judge control differences (log units, head's turn minus base's); None below three."""
    if len(differences) < FEWEST_PAIRS:
        return None
    located = locate(differences)
    low, high = interval(located, alpha)
    moved = low > 0 or high < 0
    variance = located.spread**2 / located.n
    shrink = max(0.0, 1 - variance / located.centre**2) if located.centre else 0.0
    return Shift(
        located=located,
        low=low,
        high=high,
        moved=moved,
        divide_out=located.centre * shrink if moved else 0.0,
    )

"""Small pictures of series, a character for each point. Nothing here judges anything."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import Floats, Ints

SPARK_POINTS = 60
# What a sparkline spans above and below its middle, as a share of it: one of few, to be compared.
REACHES = (0.2, 0.5, 1.0)
# Share of a sparkline that lies before a change, at least, so that the level there is seen.
SPARK_LEAD = 0.2
SPARK_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_DIGIT_BYTES = np.frombuffer(SPARK_DIGITS.encode("ascii"), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A small picture of the newest points.

    Attributes:
        line: one character per point, a space for a gap.
        mark: the character at which the newest change starts, or None.
        reach: what it spans above and below its middle, one of `REACHES`; None where the values
            have no common sign, and span what they span.
    """

    line: str
    mark: int | None
    reach: float | None


def sparkline(
    values: Floats, positions: Ints, changed_at: int | None, *, reach: float = 0.0
) -> Sparkline:
    """Draw the last points as characters.

    Where the change came earlier, points are left out at even distances, from before it on.
    The range is a fixed share of the level, so that noise looks as small as it is; *reach* is the
    least.
    """
    drawn = _drawn(values.size, positions, changed_at)
    tail = values[drawn]
    if not tail.size:
        return Sparkline("", None, None)
    low, high = float(tail.min()), float(tail.max())
    has_gaps = not math.isfinite(high - low)
    if has_gaps:
        finite = np.isfinite(tail)
        if not finite.any():
            return Sparkline(" " * len(tail), None, None)
        low, high = float(tail[finite].min()), float(tail[finite].max())
        tail = np.where(finite, tail, low / 2 + high / 2)
    middle = low / 2 + high / 2
    fitting = _reach(low, high, reach)
    spread = 2 * fitting * abs(middle) if fitting else max(high - low, 1e-300)
    levels = (tail - middle) / spread
    levels += 0.5
    levels *= len(SPARK_DIGITS) - 1
    line = _DIGIT_BYTES.take(np.rint(levels).astype(np.int64), mode="clip")
    if has_gaps:
        line[~finite] = ord(" ")
    text = line.tobytes().decode("ascii")
    mark = len(text) if changed_at is None else int(positions[drawn].searchsorted(changed_at))
    return Sparkline(text, None if mark >= len(text) else mark, fitting)


def _reach(low: float, high: float, least: float) -> float | None:
    """Return the first of `REACHES`, from *least* on, that holds everything; None for none."""
    middle = low / 2 + high / 2
    needed = (high - low) / 2 / abs(middle) if middle else math.inf
    return next((reach for reach in REACHES if reach >= max(least, needed)), None)


def _drawn(size: int, positions: Ints, changed_at: int | None) -> Ints | slice:
    """Return which of *size* points a sparkline has, the newest always among them."""
    change = size if changed_at is None else int(positions.searchsorted(changed_at))
    after = size - change
    first = max(0, size - max(SPARK_POINTS, math.ceil(after / (1 - SPARK_LEAD))))
    if size - first <= SPARK_POINTS:
        return slice(first, size)
    steps = np.linspace(first, size - 1, min(size, SPARK_POINTS))
    return np.rint(steps).astype(np.int64)

"""Durations as people write them: 90s, 15m, 1.5h."""

import re

from tracker.errors import UsageError

_UNITS_S = {"s": 1, "m": 60, "h": 3600}


def parse_duration(text: str) -> float:
    """Return seconds.

    >>> parse_duration("15m"), parse_duration("90s"), parse_duration("1.5h")
    (900.0, 90.0, 5400.0)

    Raises:
        UsageError: it is none, or zero.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if match is None or not float(match[1]):
        raise UsageError(f"{text!r} is not a duration", "write 90s, 15m or 1h")
    return float(match[1]) * _UNITS_S[match[2]]

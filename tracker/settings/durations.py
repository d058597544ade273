"""Durations as people write them: 90s, 15m, 1.5h."""

import re

from tracker.errors import UsageError

_UNITS_S = {"s": 1, "m": 60, "h": 3600}


def write_duration(seconds: float) -> str:
    """Return the text that `parse_duration` reads as *seconds*, in the largest unit that fits.

    >>> write_duration(900.0), write_duration(90.0), write_duration(5400.0), write_duration(0.5)
    ('15m', '90s', '90m', '0.5s')
    """
    unit = next(name for name in reversed(_UNITS_S) if not seconds % _UNITS_S[name] or name == "s")
    return f"{seconds / _UNITS_S[unit]:.10g}{unit}"


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

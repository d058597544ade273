"""The units that benchmark tools write, turned into base units with a direction.

Powers of ten are shifts of the decimal point, so that "159.63 ns" is the float nearest to
1.5963e-7 and a value that leaves and comes back is the same to the bit.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tracker.model import Better

_SECONDS = {
    0: ("s", "sec", "secs", "second", "seconds"),
    -3: ("ms", "msec", "msecs", "millisecond", "milliseconds", "millis"),
    -6: ("us", "µs", "μs", "usec", "usecs", "microsecond", "microseconds", "micros"),
    -9: ("ns", "nsec", "nsecs", "nanosecond", "nanoseconds", "nanos"),
    -12: ("ps", "psec", "picosecond", "picoseconds"),
}
_LONG_TIMES = {"min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600, "hours": 3600}
_PREFIXES = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_BYTE_WORDS = {"byte": 0, "bytes": 0, "kilobytes": 3, "megabytes": 6, "gigabytes": 9}
_COUNTS = ("ops", "op", "qps", "rps", "iops", "tps", "req", "reqs", "requests", "bit", "bits",
           "FLOP", "FLOPS", "flops", "elem", "elements", "items", "rows", "tasks")  # fmt: skip
# What a duration is of, where it is the benchmark itself: "ns/iter" is a time and no rate.
_ONE_RUN = {"iter", "iteration", "op", "operation", "call", "run", "loop", "round", "exec"}


@dataclass(frozen=True, slots=True)
class BaseUnit:
    """How values in some unit become values in a base unit.

    Attributes:
        name: of the base unit.
        better: the good direction, as far as the unit tells.
        shift: places that the decimal point moves to the right.
        factor: what they are multiplied by besides.
    """

    name: str
    better: Better = Better.LOWER
    shift: int = 0
    factor: int = 1

    def scale(self, value: float) -> float:
        """Return *value* in the base unit."""
        return shift_point(value, self.shift) * self.factor


def shift_point(value: float | Decimal, places: int) -> float:
    """Move the decimal point of *value* by *places* to the right.

    >>> shift_point(159.63, -9), shift_point(0.1, 3)
    (1.5963e-07, 100.0)
    """
    if not places or not math.isfinite(value):
        return float(value)
    return float(Decimal(str(value)).scaleb(places))


@lru_cache(maxsize=4096)
def base_unit(text: str) -> BaseUnit:
    """Return the base unit of the unit *text*; one that is not known is its own.

    >>> base_unit("ns/iter"), base_unit("MiB/s").name, base_unit("ops/ms").shift
    (BaseUnit(name='s', better=<Better.LOWER: 'lower'>, shift=-9, factor=1), 'B/s', 3)
    """
    text = text.strip()
    amount, slash, per = _split_rate(text)
    if not slash:
        return _amount(text) or BaseUnit(text or "unit")
    period = _duration(per)
    if period is not None:
        return _rate(amount, per, period)
    base = _duration(amount) or _bytes(amount)
    if base is None:
        return BaseUnit(text)
    name = base.name if per in _ONE_RUN else f"{base.name}/{per}"
    return BaseUnit(name, shift=base.shift, factor=base.factor)


def _split_rate(text: str) -> tuple[str, str, str]:
    """Return (amount, "/", per what) of *text*; ("", "", "") for what is no quotient."""
    parts = re.fullmatch(r"([^/]+?)\s*(/|\bper\b)\s*([^/]+)", text)
    return (parts[1], "/", parts[3].strip()) if parts else ("", "", "")


def _amount(text: str) -> BaseUnit | None:
    whole = _scaled_word(text, ("Hz", "ops", "qps", "rps", "fps", "tps", "iops", "FLOPS", "flops"))
    if whole is not None:
        word, shift = whole
        return BaseUnit(word, Better.HIGHER, shift)
    bits = re.fullmatch(r"([kKMGT]?)bps", text)
    if bits:
        return BaseUnit("bit/s", Better.HIGHER, _PREFIXES[bits[1]])
    return _duration(text) or _bytes(text)


def _duration(text: str) -> BaseUnit | None:
    shift = next((shift for shift, names in _SECONDS.items() if text.lower() in names), None)
    if shift is not None:
        return BaseUnit("s", shift=shift)
    factor = _LONG_TIMES.get(text.lower())
    return None if factor is None else BaseUnit("s", factor=factor)


def _bytes(text: str) -> BaseUnit | None:
    if text.lower() in _BYTE_WORDS:
        return BaseUnit("B", shift=_BYTE_WORDS[text.lower()])
    small = re.fullmatch(r"([kmgt])(i?)b", text)  # in small letters all the same no bits
    text = f"{small[1].upper()}{small[2]}B" if small else text
    parts = re.fullmatch(r"([kKMGT]?|[KMGT]i)(B|[Bb]ytes?)", text)
    if parts is None:
        return None
    factor = _BINARY.get(parts[1])
    return BaseUnit("B", factor=factor) if factor else BaseUnit("B", shift=_PREFIXES[parts[1]])


def _rate(amount: str, per: str, period: BaseUnit) -> BaseUnit:
    """Return the unit of so much per time; more is better."""
    if period.factor != 1:  # per minute: dividing would round
        return BaseUnit(f"{amount}/{per}", Better.HIGHER)
    if _duration(amount) is not None:  # seconds per second is a load, not a rate
        return BaseUnit(f"{amount}/{per}")
    size = _bytes(amount)
    if size is not None:
        return BaseUnit("B/s", Better.HIGHER, size.shift - period.shift, size.factor)
    word, shift = _scaled_word(amount, _COUNTS) or (amount, 0)
    return BaseUnit(f"{word}/s", Better.HIGHER, shift - period.shift)


def _scaled_word(text: str, words: tuple[str, ...]) -> tuple[str, int] | None:
    """Return (word, power of ten) of a word with a prefix, such as "Mops"; None for others."""
    for word in words:
        if text.endswith(word) and text.removesuffix(word).rstrip() in _PREFIXES:
            return word, _PREFIXES[text.removesuffix(word).rstrip()]
    return None

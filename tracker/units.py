"""Base units inside, human units at the exit: the only formatter of quantities and ratios."""

import math

_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
_BYTES = ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B"))
_COUNTED = frozenset({
    "lines", "calls", "instructions", "allocations", "commands", "round trips", "transactions",
    "modules",
})  # fmt: skip
_UNSPOKEN = {"ratio": ""}  # "0.392 ratio" says no more than "0.392"
_MANY = 1_000  # counted: from here on tenths say nothing
_TWO_DIGITS = 10  # of the smaller of two values, below it
_WHOLE_PERCENT = 99.95  # from here on percents have no decimals, and three digits that count
_LEAST_LEFT = 1e-6  # percent: so little is nothing
_ONE_DECIMAL, _LEAST_PERCENT = 0.05, 0.001  # below, more decimals; and below that, nothing
_SMALLEST, _LARGEST = 1e-5, 1e15  # beyond, digits are counted rather than read
_PAST_TIE = 1 + 2**-50  # what lies halfway, but for the error of a product, is rounded up


def quantity(value: float, unit: str) -> str:
    """Write *value*, given in the base *unit*, for people: three significant digits and a unit.

    >>> quantity(0.01234, "s"), quantity(1536, "B"), quantity(2345.6, "tasks/s")
    ('12.3 ms', '1.50 KiB', '2,350 tasks/s')
    >>> quantity(0.392, "ratio"), quantity(-1e40, "widgets"), quantity(1e-40, "s")
    ('0.392', '-1.00e+40 widgets', '1.00e-40 s')
    >>> quantity(1071.0, "lines"), quantity(4.0, "round trips"), quantity(391.24, "calls")
    ('1,071 lines', '4 round trips', '391.2 calls')
    """
    if not math.isfinite(value):
        return "n/a"
    if unit in _COUNTED and not _is_extreme(value):
        return f"{_whole_digits(value)} {unit}"
    scales = {"s": _SECONDS, "B": _BYTES}.get(unit)
    if scales is None or _is_extreme(value / scales[-1][0]):
        return f"{_three_digits(value)} {_UNSPOKEN.get(unit, unit)}".rstrip()
    for factor, name in scales:
        if abs(value) >= factor:
            return f"{_three_digits(value / factor)} {name}"
    factor, name = scales[-1] if value else scales[0]
    return f"{_three_digits(value / factor)} {name}"


def _whole_digits(value: float) -> str:
    """Write what is counted: no digit before the point is rounded, and no zero says nothing."""
    size = abs(value)
    least = 0 if size >= _MANY else 1
    decimals = max(least, min(2 - math.floor(math.log10(size or 1.0)), 6))
    text = f"{value * _PAST_TIE:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def pair(base: float, head: float, unit: str) -> tuple[str, str]:
    """Write two values to be compared: in the same scale, with the same number of decimals.

    >>> pair(0.00098, 0.00112, "s"), pair(2345.6, 99.2, "tasks/s"), pair(6.4, 401.2, "it/s")
    (('0.980 ms', '1.120 ms'), ('2,346 tasks/s', '99 tasks/s'), ('6.4 it/s', '401.2 it/s'))
    """
    sizes = [abs(value) for value in (base, head) if math.isfinite(value)]
    if any(map(_is_extreme, sizes)):
        return quantity(base, unit), quantity(head, unit)
    largest = max(sizes, default=0.0)
    factor, name = 1.0, _UNSPOKEN.get(unit, unit)
    for scale, scale_name in {"s": _SECONDS, "B": _BYTES}.get(unit, ()):
        factor, name = scale, scale_name
        if largest >= scale:
            break
    smallest = min((size for size in sizes if size), default=1.0) / factor
    decimals = max(0, min(2 - math.floor(math.log10(largest / factor or 1.0)), 6))
    if smallest < _TWO_DIGITS:
        digits = 3 if smallest < 1 else 2
        decimals = max(decimals, min(digits - 1 - math.floor(math.log10(smallest)), 6))
    return (_fixed(base, factor, decimals, name), _fixed(head, factor, decimals, name))


def exact(value: float, unit: str) -> str:
    """Write a count as it is: in its own unit, to the last of six decimals that is not zero.

    >>> exact(391.2, "lines"), exact(4.0, "round trips"), exact(6465.123456, "B")
    ('391.2 lines', '4 round trips', '6,465.123456 B')
    """
    if _is_extreme(value):
        return quantity(value, unit)
    number = f"{value:,.6f}".rstrip("0").rstrip(".")
    return f"{number} {_UNSPOKEN.get(unit, unit)}".rstrip()


def change(ratio: float) -> str:
    """Write the *ratio* after / before as a signed percentage.

    >>> change(0.5), change(2.0), change(1.0123), change(15.0), change(1.0002), change(0.00004)
    ('-50.0 %', '+100 %', '+1.2 %', '+1,400 %', '+0.02 %', '-99.996 %')
    """
    return _percent((ratio - 1) * 100, "+")


def step(before: float, after: float, unit: str) -> str:
    """Write the step between two values: relative, or in units where that is no size.

    >>> step(2.0, 3.0, "s"), step(0.0, 3.0, "tasks"), step(-5.0, -10.0, "s")
    ('+50.0 %', '+3.00 tasks', '-5.00 s')
    """
    if before > 0 and after > 0:
        return change(after / before)
    if not math.isfinite(after - before):
        return "n/a"
    sign = "+" if after >= before else "-"
    return sign + quantity(abs(after - before), unit)


def share(value: float) -> str:
    """Write a relative size without a sign.

    >>> share(0.0312)
    '3.1 %'
    """
    return _percent(value * 100, "")


def count(number: int, noun: str) -> str:
    """Write *number* of what one of is called *noun*.

    >>> count(1, "round"), count(1200, "round"), count(2, "series")
    ('1 round', '1,200 rounds', '2 series')
    """
    plural = "" if number == 1 or noun.endswith("s") else "s"
    return f"{number:,} {noun}{plural}"


def since(points: int, noun: str) -> str:
    """Write how many *points* came after a change, of those since, its own included.

    >>> since(3, "measured commit"), since(1, "point")
    ('2 measured commits since', '0 points since')
    """
    return f"{count(points - 1, noun)} since"


def agree(number: int, one: str, many: str) -> str:
    """Return the word that goes with *number*.

    >>> agree(1, "was", "were"), agree(0, "was", "were")
    ('was', 'were')
    """
    return one if number == 1 else many


def _percent(value: float, sign: str) -> str:
    if not math.isfinite(value):
        return "n/a"
    if abs(value) < _WHOLE_PERCENT:
        shown = value * _PAST_TIE if abs(value) >= _LEAST_PERCENT else 0.0
        return f"{shown:{sign},.{_decimals(abs(shown))}f} %"
    if _LEAST_LEFT <= 100 + value <= 100 - _WHOLE_PERCENT:
        return f"{value:.{_first_digit(100 + value)}f} %"
    if _is_extreme(value):
        return f"{value:{sign}.2e} %"
    unit = 10 ** max(0, math.floor(math.log10(abs(value))) - 2)
    return f"{math.floor(value / unit + 0.5) * unit:{sign},.0f} %"


def _decimals(percent: float) -> int:
    """One; more where a step that was counted would read as none."""
    return _first_digit(percent) if 0 < percent < _ONE_DECIMAL else 1


def _first_digit(number: float) -> int:
    """Return the decimals that *number* needs to have one digit."""
    return -math.floor(math.log10(float(f"{number:.1g}")))


def _is_extreme(value: float) -> bool:
    return value != 0 and not _SMALLEST <= abs(value) < _LARGEST


def _three_digits(value: float) -> str:
    if value == 0:
        return "0"
    if _is_extreme(value):
        return f"{value:.2e}"
    decimals = min(2 - math.floor(math.log10(abs(value))), 6)
    return f"{round(value * _PAST_TIE, decimals):,.{max(0, decimals)}f}"


def _fixed(value: float, factor: float, decimals: int, name: str) -> str:
    return f"{value / factor:,.{decimals}f} {name}".rstrip() if math.isfinite(value) else "n/a"

"""Units of other tools, against what the words mean."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.base_units import base_unit, shift_point
from tracker.model import Better

CASES = [
    ("ns/iter", "s", Better.LOWER, 1e-9),
    ("usec", "s", Better.LOWER, 1e-6),
    ("µs", "s", Better.LOWER, 1e-6),
    ("ms/op", "s", Better.LOWER, 1e-3),
    ("ms / op", "s", Better.LOWER, 1e-3),
    ("min", "s", Better.LOWER, 60),
    ("iter/sec", "iter/s", Better.HIGHER, 1),
    ("ops/ms", "ops/s", Better.HIGHER, 1e3),
    ("Mops/s", "ops/s", Better.HIGHER, 1e6),
    ("requests per second", "requests/s", Better.HIGHER, 1),
    ("MB/s", "B/s", Better.HIGHER, 1e6),
    ("MiB/s", "B/s", Better.HIGHER, 2**20),
    ("Gbps", "bit/s", Better.HIGHER, 1e9),
    ("MiB", "B", Better.LOWER, 2**20),
    ("KB", "B", Better.LOWER, 1e3),
    ("mb", "B", Better.LOWER, 1e6),
    ("kib", "B", Better.LOWER, 2**10),
    ("Mb", "Mb", Better.LOWER, 1),
    ("B/op", "B", Better.LOWER, 1),
    ("ns/byte", "s/byte", Better.LOWER, 1e-9),
    ("kHz", "Hz", Better.HIGHER, 1e3),
    ("allocs/op", "allocs/op", Better.LOWER, 1),
    ("ops/min", "ops/min", Better.HIGHER, 1),
    ("s/s", "s/s", Better.LOWER, 1),
    ("bananas", "bananas", Better.LOWER, 1),
    ("", "unit", Better.LOWER, 1),
]


@pytest.mark.parametrize(("text", "name", "better", "factor"), CASES)
def test_each_unit_has_its_base_its_direction_and_its_size(text, name, better, factor):
    """A value of 7.5 in the unit is 7.5 times its size in the base unit."""
    unit = base_unit(text)
    assert (unit.name, unit.better) == (name, better)
    assert math.isclose(unit.scale(7.5), 7.5 * factor, rel_tol=1e-15)


@given(st.text(max_size=12), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_is_a_unit(text, value):
    """No text is refused, and a value stays a number."""
    assert isinstance(base_unit(text).scale(value), float)


@given(st.floats(min_value=1e-3, max_value=1e12))
def test_a_shifted_point_is_the_nearest_float(value):
    """159.63 ns is the float that the text 159.63e-9 reads as."""
    assert shift_point(value, -9) == float(f"{value!r}e-9")

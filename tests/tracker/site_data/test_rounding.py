"""The columns of the site data: their rounding, and their samples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.site_histories import make_history
from tracker.site_data.rounding import number, sample_columns

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@given(finite)
def test_rounding_keeps_six_digits(value: float) -> None:
    """Rounding to six digits errs by at most half of the sixth digit."""
    short = number(value)
    assert short is not None
    assert abs(short - value) <= abs(value) * 5.0000001e-6 + 1e-300


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_rounded_numbers_are_short(value: float) -> None:
    """No number of a column has more than six significant digits in JSON."""
    text = f"{number(value):.15g}"
    digits = text.partition("e")[0].replace(".", "").replace("-", "").strip("0")
    assert len(digits) <= 6


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_becomes_null(value: float) -> None:
    """NaN and the infinities are null in JSON."""
    assert number(value) is None


def test_samples_survive_quantising() -> None:
    """Samples read back within half a step, and a step is far below their spread."""
    series = make_history().series[0].series
    steps, counts, step = sample_columns(series)
    sizes = np.diff(series.offsets) if len(counts) > 1 else counts[0]
    values = np.repeat(series.values, sizes)
    read = values + np.array(steps, dtype=float) * step
    assert np.max(np.abs(read - series.samples)) <= step / 2 + 1e-12
    assert step < 0.001 * float(np.nanmedian(series.values))

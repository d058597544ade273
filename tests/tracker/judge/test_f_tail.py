"""The tail of the F distribution, beside scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import fdtrc

from tracker.judge.f_tail import f_tail

FREEDOMS = st.floats(0.5, 5000)


@given(st.floats(1e-6, 1e6), FREEDOMS, FREEDOMS)
def test_it_is_what_scipy_says(statistic: float, numerator: float, denominator: float):
    """To nine digits, whole degrees of freedom or not, however small the tail."""
    expected = float(fdtrc(numerator, denominator, statistic))

    assert f_tail(statistic, numerator, denominator) == pytest.approx(
        expected, rel=1e-9, abs=1e-300
    )


def test_no_statistic_is_no_evidence():
    """Everything is above zero, and nothing above everything."""
    assert f_tail(0.0, 3, 20) == 1.0
    assert f_tail(float("inf"), 3, 20) == 0.0

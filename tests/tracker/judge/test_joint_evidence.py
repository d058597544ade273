"""The chance of joint evidence, beside the library that could compute it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import fdtrc

from tracker.judge.joint_evidence import _at_least, _beyond
from tracker.judge.policy import JOINT_SERIES

SERIES = st.integers(2, JOINT_SERIES)
FREEDOM = st.floats(0.5, 60)
STATISTIC = st.floats(0.5, 1e4)


@given(STATISTIC, SERIES, FREEDOM)
def test_hotellings_tail_is_scipys(statistic: float, series: int, freedom: float):
    """The series gives the tail of the F distribution that Hotelling's statistic has, to 1e-12."""
    rest = freedom - series + 1
    f = statistic * rest / (series * freedom)
    expected = float(fdtrc(series, rest, f)) if rest > 0 else 1.0

    assert _beyond(statistic, series, freedom) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@given(STATISTIC, SERIES, FREEDOM)
def test_hotellings_tail_is_never_below_its_quick_bound(
    statistic: float, series: int, freedom: float
):
    """So what the bound leaves out would not have passed."""
    bound = _at_least(statistic, freedom)

    assert _beyond(statistic, series, freedom) >= bound * (1 - 1e-9)

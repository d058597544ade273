"""Sparklines: a character per point, back to the newest change, noise as small as it is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tracker.site_data.sparklines import SPARK_DIGITS, sparkline

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@given(arrays(np.float64, st.integers(1, 90), elements=finite | st.just(math.nan)))
def test_sparklines_have_one_character_per_point(values: np.ndarray) -> None:
    """A sparkline has at most sixty characters, a space for each gap, known digits for the rest."""
    drawn = sparkline(values, np.arange(values.size), values.size - 1)
    line, mark = drawn.line, drawn.mark
    tail = values[-60:]
    assert len(line) == len(tail)
    assert [c == " " for c in line] == [not math.isfinite(v) for v in tail.tolist()]
    assert set(line) <= {*SPARK_DIGITS, " "}
    assert mark is None or 0 <= mark < len(line)


@pytest.mark.parametrize("since", [3, 55, 170, 1900])
def test_a_sparkline_reaches_back_to_the_change(since: int) -> None:
    """The level before the newest change is drawn too, however many points came since."""
    values = np.where(np.arange(2000) < 2000 - since, 10.0, 20.0)
    drawn = sparkline(values, np.arange(2000) * 2, 2 * (2000 - since))
    line, mark = drawn.line, drawn.mark
    assert len(line) == 60
    assert mark is not None
    assert mark >= 3
    (before,), (after,) = set(line[:mark]), set(line[mark:])
    assert SPARK_DIGITS.index(before) < SPARK_DIGITS.index(after)


def test_noise_looks_as_small_as_it_is() -> None:
    """A wobble of one percent uses a tenth of the height of a sparkline."""
    line = sparkline(np.array([1.0, 1.01] * 10), np.arange(20), None).line
    levels = [SPARK_DIGITS.index(c) for c in line]
    assert max(levels) - min(levels) <= 7

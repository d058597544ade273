"""The distribution of Hotelling's statistic, beside that of scipy."""

import itertools

import pytest
from scipy.special import fdtrc

from tracker.judge.hotelling import beyond

SERIES = (1, 2, 3, 7, 12, 30)
FREEDOM = (2.5, 8.0, 31.7, 60.0)
STATISTICS = (0.0, 0.01, 0.7, 3.0, 20.0, 150.0, 4000.0)


@pytest.mark.parametrize(("series", "freedom"), list(itertools.product(SERIES, FREEDOM)))
def test_it_is_that_of_f_but_for_a_factor(series: int, freedom: float):
    """Twelve digits, from certainty down to what never happens by chance."""
    rest = freedom - series + 1
    for statistic in STATISTICS:
        expected = 1.0
        if rest > 0:
            expected = fdtrc(series, rest, statistic * rest / (series * freedom))
        assert beyond(statistic, series, freedom) == pytest.approx(expected, rel=1e-12, abs=1e-300)

"""What a change means."""

from dataclasses import replace

from tests.support.judged_histories import make_change
from tests.support.signals import TIME, history, noisy, series
from tracker.judge import judge
from tracker.judge.relevance import stands, verdict_of
from tracker.model import Verdict

SIXTEEN_TIMES = replace(make_change(3, 16.0, Verdict.WORSE).change, before=1.0, after=16.0)


def test_a_regression_of_which_next_to_nothing_is_left_is_undone():
    """Sixteen times as slow, and 6 % slower than before since: that is another matter."""
    assert stands(SIXTEEN_TIMES, 15.0, TIME)
    assert stands(SIXTEEN_TIMES, 3.0, TIME)
    assert not stands(SIXTEEN_TIMES, 1.06, TIME)


def test_what_only_the_controls_show_is_suspected():
    """They got 7 % quicker under load, and the series stood still: nobody measured a slowdown."""
    still = replace(make_change(3, 1.002, Verdict.WORSE).change, before=1.0, after=1.002)
    slower = replace(still, after=1.07, ratio=1.07)
    assert verdict_of(still, TIME, 0.93) is Verdict.SUSPECTED
    assert verdict_of(slower, TIME, 1.0) is Verdict.WORSE


def test_a_newest_level_that_its_newest_value_has_left_is_not_worse():
    """Two values 8 % up, and the newest is back: an excursion, if anything."""
    values = noisy(60, 4, noise=0.005)
    held = values.copy()
    held[-3:] *= 1.08
    left = held.copy()
    left[-1] = values[-1]

    assert judge(history(series(held, "b"))).series[0].verdict is Verdict.WORSE
    assert judge(history(series(left, "b"))).series[0].verdict is not Verdict.WORSE

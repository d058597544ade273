"""How far changes are from the medians of what was measured."""

from dataclasses import replace

import numpy as np
import pytest

from tests.evaluation.public_histories import distances
from tests.support.signals import history, noisy, series
from tracker.judge import judge
from tracker.model import Verdict


def test_levels_as_measured_are_at_no_distance():
    """Two changes, and gaps."""
    values = noisy(90, 1, steps={30: 1.3, 60: 0.8})
    values[[5, 31, 70]] = np.nan
    (one,) = judge(history(series(values, "b"))).series
    assert [(each.off, each.is_against) for each in distances(one)] == [(0.0, False)] * 2


def test_a_level_nobody_measured_and_a_turned_direction_are_seen():
    """The check itself can fail."""
    (one,) = judge(history(series(noisy(60, 1, steps={30: 1.3}), "b"))).series
    (judged,) = one.changes
    shifted = replace(judged, change=replace(judged.change, before=judged.change.before * 1.05))
    turned = replace(judged, direction=Verdict.BETTER)

    assert distances(replace(one, changes=(shifted,)))[0].off == pytest.approx(0.05)
    assert distances(replace(one, changes=(turned,)))[0].is_against

"""A newest value that lies far out: when that is said, and that it is no verdict."""

import math

import numpy as np
import pytest

from tests.support.judged_histories import make_change
from tests.support.signals import history, noisy, series
from tracker.judge import judge
from tracker.judge.newest_value import far_out
from tracker.model import JudgedChange, Verdict
from tracker.report.history.json_document import build_document
from tracker.report.history.markdown import render_markdown
from tracker.report.history.overview import build_overview
from tracker.report.history.text import render_text

LEVEL = [100.0, 101.0, 99.0, 100.0, 101.0]


def found(values: list[float], *changes: JudgedChange, effect: float = 0.04) -> float | None:
    """The ratio that is far out in *values*, a series that could establish a step of *effect*."""
    out = far_out(series(np.array(values), "b"), [each.change for each in changes], effect)
    return out and out.ratio


@pytest.mark.parametrize(
    ("newest", "ratio"), [([193.0], 1.93), ([50.0], 0.5), ([60, 193], 1.93), ([190.0, 193.0], 1.93)]
)
def test_a_value_far_from_all_before_it_is_told(newest: list[float], ratio: float):
    """The size is that over the median before, either way; no neighbour hides it."""
    assert found(LEVEL + newest) == pytest.approx(ratio, rel=0.02)


@pytest.mark.parametrize(
    ("newest", "points"), [([193.0], 1), ([190.0, 193.0], 2), ([60.0, 193.0], 1)]
)
def test_it_began_where_the_first_value_lies_that_is_as_far_out(newest: list[float], points: int):
    """That commit is suspected, not the newest, and the level before it is that of the others."""
    values = np.array([*LEVEL, *LEVEL, *newest])
    out = far_out(series(values, "b"), [], 0.04)
    assert out
    assert (out.index, out.points) == (values.size - points, points)
    assert (out.change().index, out.change().points_since) == (out.index, points)
    assert out.before == 100.0


def test_a_step_that_two_commits_hold_is_put_down_to_the_first():
    """By every report, with what is still missing to be sure."""
    judged = judge(history(series(np.append(noisy(12, 1, noise=0.004), [1.92, 1.93]), "b")))
    (one,) = judged.series
    (event,) = judged.events
    assert event.position == 12
    assert one.notes[0].endswith("1 more commit would settle it")


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([*LEVEL, 102.0], id="within reach of the others"),
        pytest.param([100.0, 130.0, 80.0, 100.0, 120.0, 150.0], id="no further than the others"),
        pytest.param([*LEVEL * 2, 190.0, 192.0, 193.0], id="three: these the detector judges"),
        pytest.param([100.0, 100.0, 100.0, 193.0], id="too few before it"),
        pytest.param([0.0, 0.0, 0.0, 0.0, 1.0], id="no ratio to zero"),
        pytest.param([], id="never measured"),
        pytest.param([math.nan] * 6, id="always failed"),
    ],
)
def test_another_newest_value_is_not(values: list[float]):
    """What may be noise, what the detector has judged, and what has no level before it."""
    out = found(values)
    assert out is None or math.isnan(out)


def test_what_is_too_small_to_matter_or_to_be_established_is_not_told():
    """On a flat line every difference is far out; the floor (3 %) and the noise are the measure."""
    flat = [100.0] * 6
    assert found([*flat, 102.0], effect=0.001) is None
    assert found([*flat, 110.0], effect=0.2) is None
    assert found([*flat, 110.0], effect=math.nan) == pytest.approx(1.1)


def test_the_level_before_begins_at_the_last_change_that_stands():
    """The newest value is compared with the present level, not with what was before that."""
    values = [50.0] * 4 + [100.0] * 5 + [193.0]
    change = make_change(4, 2.0, Verdict.BETTER)
    assert found(values, change) == pytest.approx(1.93)
    assert found([*values[:-1], 103.0], change) is None


def test_every_report_says_it_beside_the_verdict():
    """It is suspected; text, Markdown and JSON say its size and what settles it."""
    judged = judge(history(series(np.append(noisy(30, 1, noise=0.004), 1.93), "b")))
    (one,) = judged.series
    assert one.verdict is Verdict.SUSPECTED
    assert one.far_out == pytest.approx(1.93, rel=0.01)
    (said,) = one.notes
    assert said.startswith("newest value far out: +9")
    overview = build_overview(judged)
    assert f"suspected ({said})" in render_text(overview)
    assert f"suspected; `{said}`" in render_markdown(overview)
    assert build_document(overview).series[0].notes == (said,)


def test_what_several_values_went_as_far_as_before_is_no_news():
    """On rented runners a quarter of the values may be fast ones; two of them are outliers yet."""
    steady = [100.0, 101.0, 99.0, 100.5] * 6
    fast = [100.0, 62.0, 99.0, 61.0, 100.0, 60.0, 101.0]
    assert found([*steady, *fast, 60.5]) is None
    assert found([*steady, *fast[:4], 100.0, 101.0, 60.5]) == pytest.approx(0.605, rel=0.02)

"""A newest value that lies far out: when that is said, and that it is no verdict."""

import math
from dataclasses import replace

import pytest

from tests.judged_histories import judge_as, make_change, make_judged, make_series
from tracker.model import JudgedSeries, Status, Verdict
from tracker.report.document import build_document
from tracker.report.markdown import render_markdown
from tracker.report.newest import far_out, notes_of
from tracker.report.overview import build_overview
from tracker.report.text import render_text

LEVEL = [100.0, 101.0, 99.0, 100.0, 101.0]


def judged(values: list[float], effect: float = 0.04) -> JudgedSeries:
    """A series of *values* without a change, that could establish a step of *effect*."""
    flat = judge_as(make_series(values), Verdict.NO_CHANGE)
    return replace(flat, minimum_detectable_effect=effect)


@pytest.mark.parametrize(
    ("newest", "ratio"), [([193.0], 1.93), ([50.0], 0.5), ([102.0, 193.0], 1.93), ([60, 193], 1.93)]
)
def test_a_value_far_from_all_before_it_is_told(newest: list[float], ratio: float):
    """The size is that over the median before, either way; an opposite neighbour hides nothing."""
    assert far_out(judged(LEVEL + newest)) == pytest.approx(ratio, rel=0.02)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([*LEVEL, 102.0], id="within reach of the others"),
        pytest.param([100.0, 130.0, 80.0, 100.0, 120.0, 150.0], id="no further than the others"),
        pytest.param([*LEVEL, 190.0, 193.0], id="two of them: these the detector judges"),
        pytest.param([100.0, 100.0, 100.0, 193.0], id="too few before it"),
        pytest.param([0.0, 0.0, 0.0, 0.0, 0.0, 1.0], id="no ratio to zero"),
        pytest.param([], id="never measured"),
        pytest.param([math.nan] * 6, id="always failed"),
    ],
)
def test_another_newest_value_is_not(values: list[float]):
    """What may be noise, what the detector has judged, and what has no level before it."""
    assert math.isnan(far_out(judged(values)))
    assert notes_of(judged(values)) == ()


def test_what_is_too_small_to_matter_or_to_be_established_is_not_told():
    """On a flat line every difference is far out; the floor (3 %) and the noise are the measure."""
    flat = [100.0] * 6
    assert math.isnan(far_out(judged([*flat, 102.0], effect=0.001)))
    assert math.isnan(far_out(judged([*flat, 110.0], effect=0.2)))
    assert far_out(judged([*flat, 110.0], effect=math.nan)) == pytest.approx(1.1)


def test_the_level_before_begins_at_the_last_change_that_stands():
    """The newest value is compared with the present level; a withdrawn change begins none."""
    values = [50.0] * 4 + [100.0] * 5 + [193.0]
    change = make_change(4, 2.0, Verdict.BETTER)
    withdrawn = replace(change, change=replace(change.change, status=Status.WITHDRAWN))
    stands, fell = (replace(judged(values), changes=(one,)) for one in (change, withdrawn))
    assert far_out(stands) == pytest.approx(1.93)
    assert math.isnan(far_out(fell))


def test_every_report_says_it_beside_the_verdict():
    """The verdict stays; text, Markdown and JSON say what it does not speak of, notes after it."""
    noted = replace(judged([*LEVEL, 193.0]), notes=("drifts",))
    overview = build_overview(make_judged(noted))
    said = "newest value far out: +93.0 %; one commit alone is not judged yet"
    assert f"no change ({said}; drifts)" in render_text(overview)
    assert f"no change; `{said}`; `drifts`" in render_markdown(overview)
    assert build_document(overview).series[0].notes == (said, "drifts")

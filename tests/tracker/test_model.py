"""The model's own behaviour: marks are a mapping, keys have lasting names."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judged_histories import make_series
from tracker.model import Marks, SeriesKey

CODES = st.dictionaries(st.integers(0, 50), st.integers(0, 3), max_size=20)


@given(CODES)
def test_marks_are_the_mapping_of_what_is_marked(codes: dict[int, int]):
    """Code 0 and a code without a meaning are unmarked; all else is as in a dict."""
    positions = sorted(codes)
    marks = Marks(
        np.array(positions, dtype=np.int64),
        np.array([codes[p] for p in positions], dtype=np.int8),
        (None, "a", None, "c"),
    )
    expected = {p: {1: "a", 3: "c"}[codes[p]] for p in positions if codes[p] in {1, 3}}

    assert dict(marks) == expected
    assert len(marks) == len(expected)
    assert [marks.get(p) for p in range(52)] == [expected.get(p) for p in range(52)]


def test_a_key_keeps_its_name():
    """Links into the site and files of series outlive a release: this id must never change."""
    key = SeriesKey(
        benchmark="a.B.track_c", params=(("library", "'celery'"),), machine="m", environment="e"
    )

    assert key.id == "ffbc42e06600"


def test_commits_that_were_not_measured_are_suspects_too():
    """What point 2 is the first to show came after point 0: point 1 has no value."""
    series = make_series([1.0, np.nan, 2.0, 2.0], positions=np.array([0, 3, 5, 9]))

    assert [series.first_suspect(i) for i in range(4)] == [0, 1, 1, 6]


@given(st.lists(st.sampled_from((1.0, math.nan)), max_size=8))
def test_the_newest_measured_point_is_the_last_finite_one(values: list[float]):
    """Gaps at the end, and nothing but gaps, are no news."""
    series = replace(make_series([1.0]), values=np.array(values))
    finite = [i for i, value in enumerate(values) if math.isfinite(value)]

    assert series.newest_measured == (finite[-1] if finite else None)


def test_a_series_is_called_by_its_scenario_only_where_the_rest_is_told_apart():
    """Library and metric say the rest of our own names; nothing does of other projects'."""
    ours = make_series([1.0])
    foreign = replace(ours, library="", key=replace(ours.key, benchmark="suite.Suite.time_keys"))

    assert ours.title == "basic_throughput"
    assert foreign.title == "suite.Suite.time_keys"
    assert replace(ours, library="").title == ours.key.benchmark

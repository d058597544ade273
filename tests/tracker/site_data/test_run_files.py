"""Run records on the site: what they become, and that strange ones break nothing."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.run_records import typed
from tests.support.site_histories import SMALL
from tests.support.site_records import make_record
from tracker.model.run_record import decode_run_record
from tracker.site_data.encoding import encode
from tracker.site_data.run_files import run_file
from tracker.site_data.schema import RunFile

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_figures_of_the_record_alone_have_units() -> None:
    """What is in no catalogue, such as the broker's memory, is still a quantity."""
    record = make_record(SMALL, library="asynctasq", scenario="mixed", commit="a" * 40)
    figures = {"broker_memory_peak": 7_430_000, "foreign_cpu": 0.1}
    run = run_file(typed({**record, "runs": [{"phases": [{"metrics": figures}]}]}))
    assert run.units == {"broker_memory_peak": "B", "foreign_cpu": "cores"}


def test_the_histogram_holds_every_task() -> None:
    """Percent per millisecond, times the milliseconds between latencies, are all tasks."""
    run = run_file(
        typed(make_record(SMALL, library="asynctasq", scenario="mixed", commit="a" * 40))
    )
    assert run.histogram
    assert run.histogram.unit == "%"
    assert run.percentiles
    edges_s = sorted({latency for latency in run.percentiles.y if latency is not None})
    widths_ms = [(high - low) * 1000 for low, high in pairwise(edges_s)]
    assert run.histogram.x == edges_s
    assert run.histogram.y[0] == 0
    parts = zip(run.histogram.y[1:], widths_ms, strict=True)
    assert sum((y or 0) * width for y, width in parts) == pytest.approx(100, rel=1e-3)


def test_a_record_becomes_a_run_file() -> None:
    """A measured record keeps its percentiles, its curves, its runs with their warm-up verdicts."""
    record = make_record(SMALL, library="asynctasq", scenario="mixed", commit="a" * 40)
    run = run_file(typed(record))
    assert run.percentiles
    assert run.percentiles.y[3] == pytest.approx(0.00538629)
    assert [one.warmup for one in run.runs[:3]] == ["flat", "warmed_up", "no_steady_state"]
    assert list(run.units) == ["throughput", "latency_p50", "latency_p99", "cpu_percent"]
    assert {curve.name for curve in run.curves} >= {"queue depth", "memory"}
    assert len(next(c for c in run.curves if c.name == "broker backlog").x) == 15


@given(
    st.dictionaries(
        st.sampled_from(sorted(make_record(SMALL, library="a", scenario="b", commit="c"))),
        json_values,
    )
)
def test_a_strange_record_is_refused_or_shown(changes: dict[str, object]) -> None:
    """What decodes as a record becomes a run file that reads back; what does not is refused."""
    record = {**make_record(SMALL, library="a", scenario="b", commit="c"), **changes}
    try:
        decoded = decode_run_record(msgspec.json.encode(record))
    except msgspec.MsgspecError:
        return
    msgspec.json.decode(encode(run_file(decoded)), type=RunFile)


@pytest.mark.parametrize("value", [True, "7", {}, []])
def test_a_figure_that_is_no_number_makes_the_record_no_record(value: object) -> None:
    """A record is refused whole: half of it might be shown as if it were all."""
    run = {"round": 0, "phases": [{"metrics": {"depth": value}}]}
    record = make_record(SMALL, library="a", scenario="b", commit="c")
    with pytest.raises(msgspec.ValidationError, match="runs"):
        decode_run_record(msgspec.json.encode({**record, "runs": [run]}))

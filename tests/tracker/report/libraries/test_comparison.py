"""The libraries side by side."""

import json

from tests.support.run_records import run_record, typed
from tracker.model import Tier
from tracker.model.run_record import RunRecord
from tracker.report.libraries.comparison import compare_libraries, encode, render


def record(*args, **changes) -> RunRecord:
    """A typed run record."""
    return typed(run_record(*args, **changes))


FAST = record("asynctasq", {"throughput": [200.0, 202.0, 198.0, 201.0]})
SLOW = record("celery", {"throughput": [100.0, 101.0, 99.0, 100.0]})


def test_half_the_throughput_is_worse_with_an_interval_and_an_effect():
    """A library at half the base's throughput has ratio 0.5, all of its interval below 1."""
    (table,) = compare_libraries([FAST, SLOW], base="asynctasq").tables
    best, other = table.rows
    assert (best.library, other.library) == ("asynctasq", "celery")
    assert other.ratio is not None
    assert abs(other.ratio - 0.5) < 0.01
    assert other.ratio_high is not None
    assert other.ratio_high < 1
    assert (other.better, other.effect, other.delta) == ("worse", "large", -1.0)


def test_lower_is_better_is_respected():
    """Half the latency is better, not worse, and comes first."""
    fast = record("celery", {"latency_p50": [0.1, 0.11, 0.1]})
    slow = record("asynctasq", {"latency_p50": [0.2, 0.21, 0.2]})
    (table,) = compare_libraries([slow, fast], base="asynctasq").tables
    assert [row.library for row in table.rows] == ["celery", "asynctasq"]
    assert table.rows[0].better == "better"


def test_one_run_gives_no_interval_and_no_effect():
    """With a single run there is a ratio, but nothing is said about how sure it is."""
    one = record("celery", {"throughput": [100.0]})
    (table,) = compare_libraries([FAST, one], base="asynctasq").tables
    row = table.rows[1]
    assert (row.low, row.ratio_low, row.delta, row.effect) == (None, None, None, "unknown")
    assert row.better == "unknown"


def test_beside_a_library_that_never_fails_one_is_alike_or_worse():
    """Two failure rates of zero do not differ; one above zero is worse, though it has no ratio."""
    records = [
        record("asynctasq", {"failure_rate": [0.0, 0.0, 0.0, 0.0]}),
        record("celery", {"failure_rate": [0.0, 0.0, 0.0, 0.0]}),
        record("rq", {"failure_rate": [0.02, 0.01, 0.02, 0.03]}),
    ]
    (table,) = compare_libraries(records, base="asynctasq").tables
    told = {row.library: (row.better, row.ratio) for row in table.rows}
    assert told["celery"] == ("alike", None)
    assert told["rq"] == ("worse", None)


def test_what_was_not_measured_stays_with_its_reason():
    """An unsupported library is listed with the reason and without a number."""
    gone = record(
        "arq",
        {},
        outcome="unsupported",
        reason="no priorities",
    )
    (table,) = compare_libraries([FAST, SLOW, gone], base="asynctasq").tables
    row = table.rows[-1]
    assert (row.library, row.median, row.reason) == ("arq", None, "no priorities")
    assert "arq            unsupported: no priorities" in render(
        compare_libraries([FAST, SLOW, gone], base="asynctasq"), first=("asynctasq", "celery")
    )


def test_tier_and_scenario_choose_tables():
    """Secondary metrics and other scenarios are left out when they are not asked for."""
    extra = {"throughput": [1.0], "enqueue_rate": [1.0]}
    records = [record("asynctasq", extra), record("celery", extra)]
    tables = compare_libraries(records, base="asynctasq", tier=Tier.PRIMARY).tables
    assert [table.metric for table in tables] == ["throughput"]
    assert not compare_libraries(records, base="asynctasq", scenarios=["cold_start"]).tables


def test_json_holds_null_and_never_nan():
    """The JSON form can be read by strict parsers."""
    document = encode(compare_libraries([FAST, record("rq", {"throughput": [1.0]})], base="x"))
    assert "NaN" not in document
    assert json.loads(document)["tables"][0]["rows"][0]["ratio"] is None

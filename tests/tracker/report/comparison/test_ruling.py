"""Gates: which changes fail a pull request."""

import math
from datetime import date

import pytest
from msgspec.structs import replace

from tests.support.comparison_examples import EXAMPLES, read
from tracker.errors import DataError, ExitCode
from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.model.comparison import Comparison, Conclusion, Row, conclude
from tracker.report.comparison.headline import headline, title
from tracker.report.comparison.ruling import Ruling, rule_on, worsening
from tracker.settings.gates import ALWAYS, NEVER, parse_gates
from tracker.settings.triage import parse_triage

TODAY = date(2026, 11, 24)


def ruled(comparison: Comparison, gates: dict[str, object], triage: str = "") -> Ruling:
    """The ruling under these gates."""
    return rule_on(comparison, parse_gates({"gates": gates}), parse_triage(triage), TODAY)


def with_row(name: str, metric: str, **changes: object) -> Comparison:
    """A stored comparison with one row changed."""
    comparison = read(name)

    def change(row: Row) -> Row:
        return replace(row, **changes) if row.metric == metric else row

    return replace(comparison, rows=tuple(map(change, comparison.rows)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_default_gates_agree_with_the_comparison(name: str):
    """Without settings or triage the ruling is what the comparison itself concluded."""
    comparison = read(name)
    assert ruled(comparison, {}).conclusion is comparison.conclusion


@pytest.mark.parametrize(
    ("gates", "conclusion"),
    [
        ({"throughput": False}, Conclusion.REGRESSION),
        ({"throughput": False, "cpu_per_kilotask": False}, Conclusion.CANNOT_TELL),
        ({"throughput": 0.05, "cpu_per_kilotask": False}, Conclusion.REGRESSION),
        ({"throughput": 0.20, "cpu_per_kilotask": 0.20}, Conclusion.CANNOT_TELL),
        (
            {"throughput": 0.20, "cpu_per_kilotask": 0.20, "latency_p50": False},
            Conclusion.FINE,
        ),
    ],
)
def test_gates_decide_per_metric(gates: dict[str, object], conclusion: Conclusion):
    """Switched off, or below its share, a metric does not fail."""
    assert ruled(read("one_regression"), gates).conclusion is conclusion


def test_spread_that_head_brings_fails():
    """Head alone beyond the CV limit is a regression of stability."""
    comparison = read("clean")
    row = comparison.rows[0]
    unstable = with_row("clean", "throughput", head=replace(row.head, cv=0.2))
    assert ruled(unstable, {}).conclusion is Conclusion.REGRESSION
    assert ruled(unstable, {"throughput_cv": {"max": 0.25}}).conclusion is Conclusion.FINE


def test_spread_of_both_sides_cannot_tell():
    """Base and head beyond the CV limit: the machine, not the commit."""
    row = read("clean").rows[0]
    sides = {"base": replace(row.base, cv=0.2), "head": replace(row.head, cv=0.3)}
    assert ruled(with_row("clean", "throughput", **sides), {}).conclusion is Conclusion.CANNOT_TELL


def test_accepted_failure_of_a_benchmark_does_not_fail():
    """A benchmark that was given up on purpose can be accepted like a change."""
    rule = '[[accept]]\nbenchmark = "real_world.*"\nreason = "gone"\nauthor = "ann"\n'
    assert ruled(read("failed_benchmark"), {}).exit_code is ExitCode.DATA
    assert ruled(read("failed_benchmark"), {}, rule).exit_code is ExitCode.FINE


@pytest.mark.parametrize("side", ["base", "both"])
def test_what_base_cannot_do_either_is_open(side: str):
    """A scenario that was not measured at all is no reason to say that nothing got worse."""
    entry = replace(read("failed_benchmark").failed[0], side=side, reason="out of time")
    comparison = replace(read("clean"), failed=(entry,), conclusion=Conclusion.CANNOT_TELL)
    ruling = ruled(comparison, {})
    sides = comparison.base, comparison.head
    assert ruling.conclusion is conclude(*sides, comparison.rows, comparison.failed)
    assert title(ruling) == "❔ Cannot tell: 1 benchmark could not be measured"
    assert "run it again with a larger `budget`" in headline(ruling)
    rule = f'[[accept]]\nbenchmark = "{entry.benchmark}"\nreason = "gone"\nauthor = "ann"\n'
    assert ruled(comparison, {}, rule).conclusion is Conclusion.FINE


def test_where_nothing_gates_nothing_is_told():
    """Rows that all cannot fail say as little as no rows."""
    comparison = read("clean")
    switched_off = {row.metric: False for row in comparison.rows} | {"throughput_cv": False}
    assert ruled(comparison, switched_off).conclusion is Conclusion.CANNOT_TELL


def test_worst_comes_first_by_effect_over_noise():
    """A small change of a quiet metric stands before a larger one of a noisy metric."""
    comparison = read("one_regression")
    quiet, noisy = comparison.rows[0], comparison.rows[1]
    rows = (
        replace(noisy, ratio=1.30, low=1.2, high=1.4, noise_floor=0.20),
        replace(quiet, ratio=0.90, low=0.8, high=0.95, noise_floor=0.01),
    )
    assert ruled(replace(comparison, rows=rows), {}).rows[0].row.metric == quiet.metric


def test_row_without_ratio_counts_as_large():
    """From zero to something has no ratio, and is not below any share."""
    row = replace(read("clean").rows[0], ratio=None, low=None, high=None, verdict=Verdict.WORSE)
    assert worsening(row) == math.inf


@pytest.mark.parametrize(
    ("gates", "what"),
    [
        ({"throughputt": True}, "unknown metric 'throughputt'"),
        ({"throughput": "yes"}, "cannot be 'yes'"),
        ({"throughput": -0.1}, "cannot be -0.1"),
        ({"throughput": {"max": True}}, "cannot be"),
        ({"throughput": {"min": 1}}, "cannot be"),
        ({"throughput": math.nan}, "cannot be nan"),
    ],
)
def test_misspelt_gates_are_errors(gates: dict[str, object], what: str):
    """A gate that nobody asks stands open."""
    with pytest.raises(DataError, match=what):
        parse_gates({"gates": gates})


def test_gates_must_be_a_table():
    """`gates = true` is refused."""
    with pytest.raises(DataError, match="not a table"):
        parse_gates({"gates": True})


def test_metrics_gate_as_the_catalogue_says():
    """Without settings; foreign metrics as the comparison says."""
    gates = parse_gates({})
    for name, metric in METRICS.items():
        if name != "throughput_cv":
            assert gates.of(name) == (ALWAYS if metric.gates else NEVER)
    assert gates.of("time", otherwise=True) == ALWAYS
    assert gates.of("time") == NEVER

"""Counted costs: exact where counts are exact, and careful where they scatter."""

import pytest

from tracker.counts.count_changes import compare_counts, join_counts
from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.model.counts import CountedMetric


def counted(*samples: float, spread: float = 0.0) -> CountedMetric:
    """A counted metric with these samples."""
    return CountedMetric(unit="", value=min(samples), spread=spread, samples=samples)


@pytest.mark.parametrize(
    ("name", "base", "head", "moved", "verdict"),
    [
        ("lines_per_task", 396.0, 396.0, False, Verdict.NO_CHANGE),
        ("lines_per_task", 396.0, 397.0, True, Verdict.WORSE),
        ("lines_per_task", 397.0, 396.0, True, Verdict.BETTER),
        ("round_trips_per_task", 2.03, 3.03, True, Verdict.WORSE),
        ("round_trips_per_task", 2.03, 2.035, False, Verdict.NO_CHANGE),
        ("broker_commands_per_task", 0.0, 1.0, True, Verdict.WORSE),
        ("instructions_per_task", 1_000_000, 1_012_000, True, Verdict.WORSE),
        ("instructions_per_task", 1_000_000, 1_006_000, False, Verdict.NO_CHANGE),
        ("allocations_per_task", 1000.0, 1010.0, True, Verdict.NO_CHANGE),
    ],
)
def test_one_count_more_is_seen_and_scatter_is_not(name, base, head, moved, verdict):
    """A line more moves; instructions within their scatter do not; below the floor is no change."""
    change = compare_counts(METRICS[name], counted(base), counted(head))
    assert (change.moved, change.verdict) == (moved, verdict)


def test_what_the_run_says_of_itself_widens_the_tolerance():
    """A count that differed between its own bursts says nothing about a smaller difference."""
    base, head = counted(396.0, spread=4.0), counted(400.0, spread=0.0)
    assert not compare_counts(METRICS["lines_per_task"], base, head).moved


def test_every_sample_of_head_must_lie_beyond_its_sample_of_base():
    """One set of workers that happened to cost more is no change."""
    base = counted(1_000_000.0, 1_015_000.0)
    head = counted(1_013_000.0, 1_014_000.0)
    assert not compare_counts(METRICS["instructions_per_task"], base, head).moved


def test_what_both_sides_share_in_another_layout_is_no_doubt():
    """Both cost 1 % more where memory is laid out otherwise: head's own 1 % stays what it is."""
    base, head = counted(544_000.0, 549_500.0), counted(549_500.0, 555_000.0)
    change = compare_counts(METRICS["enqueue_instructions_per_task"], base, head)
    assert (change.moved, change.verdict) == (True, Verdict.WORSE)


def test_samples_that_disagree_on_a_difference_widen_the_tolerance():
    """3 % in one layout and 1.5 % in the other: equal code has shown as much in Dramatiq."""
    base, head = counted(850_000.0, 850_000.0), counted(876_000.0, 863_000.0)
    change = compare_counts(METRICS["instructions_per_task"], base, head)
    assert not change.moved
    assert change.tolerance == pytest.approx(13_000)


def test_both_counts_of_a_commit_have_the_doubts_of_both():
    """The spread of what was counted twice is the sum of theirs."""
    joined = join_counts(counted(10.0, spread=1.0), counted(11.0, spread=2.0))
    assert (joined.samples, joined.spread, joined.value) == ((10.0, 11.0), 3.0, 10.0)


def test_a_cost_that_appears_has_no_ratio():
    """From nothing to something: worse, by so many, without a quotient."""
    change = compare_counts(METRICS["broker_commands_per_task"], counted(0.0), counted(1.0))
    assert (change.ratio, change.base, change.head) == (None, 0.0, 1.0)


def test_only_counted_metrics_have_a_scatter():
    """Whatever is timed or sampled has none, and every counted metric has one."""
    assert METRICS["throughput"].count_scatter is None
    counted_names = {name for name, metric in METRICS.items() if metric.is_counted}
    assert {"lines_per_task", "instructions_per_task", "round_trips_per_task"} <= counted_names
    assert not any("latency" in name or "cpu" in name for name in counted_names)

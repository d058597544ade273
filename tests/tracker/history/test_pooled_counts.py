"""Counted series do not know machines; everything else does."""

import numpy as np

from tracker.history.pooled_counts import ANY_MACHINE, join_machines
from tracker.model import Outcome, Series, SeriesKey
from tracker.model.catalogue import METRICS

NAN = float("nan")


def series(metric: str, machine: str, points: dict[int, float], **changes: object) -> Series:
    """A series of one machine; every point has its value twice as its repeats."""
    values = np.array(list(points.values()))
    fields = {
        "key": SeriesKey(
            benchmark=f"s.S.track_{metric}", params=(), machine=machine, environment="py3.13"
        ),
        "metric": METRICS[metric], "scenario": "s", "library": "", "version": "1",
        "positions": np.array(list(points), dtype=np.int64), "values": values,
        "low": np.full(len(values), NAN), "high": np.full(len(values), NAN),
        "samples": np.repeat(values, 2), "offsets": 2 * np.arange(len(values) + 1),
    }  # fmt: skip
    return Series(**{**fields, **changes})


def test_two_runners_make_one_counted_series_without_holes():
    """Commits that either runner counted are there, each once, with its own repeats."""
    one = series("lines_per_task", "amd", {0: 396.0, 2: 398.0})
    two = series("lines_per_task", "intel", {1: 396.0, 2: 397.0, 3: 398.0})
    (joined,) = join_machines([one, two])
    assert joined.key.machine == ANY_MACHINE
    assert joined.positions.tolist() == [0, 1, 2, 3]
    assert joined.values.tolist() == [396.0, 396.0, 397.0, 398.0]
    assert joined.samples_at(2).tolist() == [397.0, 397.0]


def test_each_count_keeps_its_own_spread():
    """Where a commit was counted twice, that of the count that stands; NaN where none is known."""
    one = series("lines_per_task", "amd", {0: 396.0, 2: 398.0}, spreads=np.array([0.5, 2.0]))
    two = series("lines_per_task", "intel", {1: 396.0, 2: 397.0}, spreads=np.array([NAN, 0.0]))
    three = series("lines_per_task", "arm", {3: 397.0})
    (joined,) = join_machines([one, two, three])
    assert np.array_equal(joined.spreads, [0.5, NAN, 0.0, NAN], equal_nan=True)


def test_a_timed_series_stays_with_its_machine():
    """Seconds of two CPU models are never one series."""
    both = [series("throughput", machine, {0: 1.0}) for machine in ("amd", "intel")]
    assert [one.key.machine for one in join_machines(both)] == ["amd", "intel"]


def test_a_failure_stands_only_where_no_machine_counted():
    """What failed on one runner and was counted on another is no failure."""
    failed = {0: Outcome.FAILED, 1: Outcome.FAILED}
    one = series(
        "lines_per_task", "amd", {0: NAN, 1: NAN}, outcomes=failed, reasons={0: "x", 1: "x"}
    )
    two = series("lines_per_task", "intel", {1: 396.0})
    (joined,) = join_machines([one, two])
    assert dict(joined.outcomes) == {0: Outcome.FAILED}
    assert dict(joined.reasons) == {0: "x"}


def test_one_machine_keeps_its_permalink_when_a_second_joins():
    """The key names no machine from the first commit on."""
    one = series("lines_per_task", "amd", {0: 396.0})
    two = series("lines_per_task", "intel", {1: 396.0})
    (alone,), (joined,) = join_machines([one]), join_machines([one, two])
    assert alone.key == joined.key

"""Latency histograms survive their encoding and agree with the samples."""

import base64

import numpy as np
from hdrh.histogram import HdrHistogram

from benchmarks.harness.lab.results import histogram


def latencies(seed: int, count: int = 5_000):
    """Skewed latencies around 3 ms, in seconds."""
    return np.random.default_rng(seed).gamma(2.0, 0.0015, count)


def test_encoding_is_the_librarys_own():
    """Another HdrHistogram reads the same counts from the text."""
    made = histogram.merged([latencies(1)])
    other = HdrHistogram.decode(histogram.encoded(made))

    assert other.get_total_count() == 5_000
    assert other.get_value_at_percentile(99) == made.get_value_at_percentile(99)
    assert base64.b64decode(histogram.encoded(made))


def test_percentiles_hold_three_digits():
    """A percentile of the histogram is within 0.1 % (or the microsecond) of the exact one."""
    values = latencies(2, 20_001)
    made = histogram.merged([values])
    for percent in (50, 90, 99):
        exact = float(np.percentile(values, percent, method="higher"))
        assert abs(made.get_value_at_percentile(percent) / 1e6 - exact) <= exact * 2e-3 + 1e-6


def test_merging_runs_is_pooling_their_samples():
    """Two runs merged are the histogram of both."""
    one, two = latencies(3), latencies(4)

    assert histogram.encoded(histogram.merged([one, two])) == histogram.encoded(
        histogram.merged([np.concatenate([one, two])])
    )


def test_curve_rises_to_the_maximum():
    """The curve is monotone in both axes and ends in the tail."""
    points = histogram.curve(histogram.merged([latencies(5)]))
    quantiles, values = zip(*points, strict=True)

    assert list(quantiles) == sorted(quantiles)
    assert list(values) == sorted(values)
    assert quantiles[-1] > 0.999
    assert histogram.curve(histogram.merged([])) == []


def test_values_out_of_range_are_counted_at_the_ends():
    """Nothing is dropped: a negative latency counts as 1 us, a day as an hour."""
    made = histogram.merged([np.array([-1.0, 86_400.0])])

    assert made.get_total_count() == 2

"""Latency distributions that can be merged: HdrHistogram, three significant digits.

The unit is the microsecond; the format is that of G. Tene's HdrHistogram (hdrhistogram.github.io),
compressed, so that other tools can read it. It spans one microsecond to one hour; shorter values
count as one, longer as the hour.
"""

from collections.abc import Iterable

import numpy as np
from hdrh.histogram import HdrHistogram

from benchmarks.harness.lab.results.stamps import Floats

LOWEST_US = 1
HIGHEST_US = 3_600_000_000
DIGITS = 3
"""Latencies are kept to 0.1 %."""
CURVE_POINTS = 100


def merged(latencies_s: Iterable[Floats]) -> HdrHistogram:
    """One histogram of all *latencies_s* (arrays of seconds)."""
    histogram = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
    for values in latencies_s:
        micros = np.clip(np.rint(values * 1e6), LOWEST_US, HIGHEST_US).astype(np.int64)
        for value, count in zip(*np.unique(micros, return_counts=True), strict=True):
            histogram.record_value(int(value), int(count))
    return histogram


def encoded(histogram: HdrHistogram) -> str:
    """HdrHistogram's compressed form, base64."""
    return str(histogram.encode().decode("ascii"))


def curve(histogram: HdrHistogram) -> list[tuple[float, float]]:
    """(quantile, latency in s) pairs, denser towards the tail as in HdrHistogram's own plots."""
    if not histogram.get_total_count():
        return []
    tail = min(np.log10(histogram.get_total_count()), 5.0)
    quantiles = 1 - np.logspace(0, -tail, CURVE_POINTS)
    values_us = histogram.get_percentile_to_value_dict([100 * float(q) for q in quantiles])
    return [(float(q), values_us[100 * float(q)] / 1e6) for q in quantiles]

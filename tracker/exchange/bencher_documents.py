"""A history in Bencher's metric format: one file per commit, machine and environment.

The format has no place for commit, machine and repeats; the first two are in the file's path.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

from tracker.exchange.commit_results import CommitResults, list_commit_results
from tracker.exchange.formats.bencher import MAIN_MEASURE, MEASURES
from tracker.exchange.result_file import COMMIT_DIGITS
from tracker.exchange.safe_names import printable
from tracker.model import Better, History, Series

type Metrics = dict[str, dict[str, dict[str, Decimal]]]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_MEASURE_OF = {"s": MAIN_MEASURE, "B": "memory"}


def bencher_documents(history: History) -> Iterator[tuple[str, bytes]]:
    """Give (path, content) of every file; what was not measured is not in them."""
    for place in list_commit_results(history):
        metrics = _metrics(place)
        if metrics:
            yield place.path(COMMIT_DIGITS[-1]), _ENCODER.encode(metrics)


def _metrics(place: CommitResults) -> Metrics:
    metrics: Metrics = {}
    for series, i in place.cells:
        if isfinite(series.values[i]):
            measure = _measure(series)
            name = printable(series.key.label).removesuffix(f".{measure}")
            metrics.setdefault(name, {})[measure] = _metric(series, i, measure)
    return metrics


def _measure(series: Series) -> str:
    """Return Bencher's own measure of that unit, else the unit in the form of one."""
    unit = series.metric.unit
    if unit.endswith("/s") and series.metric.better is Better.HIGHER:
        return "throughput"
    slug = re.sub(r"[^a-z0-9]+", "-", unit.lower().replace("%", "percent")).strip("-")
    return _MEASURE_OF.get(unit) or slug or "unit"


def _metric(series: Series, i: int, measure: str) -> dict[str, Decimal]:
    theirs = MEASURES.get(measure)
    numbers: dict[str, Any] = {
        "value": series.values[i],
        "lower_value": series.low[i],
        "upper_value": series.high[i],
    }
    return {
        name: Decimal(repr(float(number))).scaleb(-theirs.shift if theirs else 0)
        for name, number in numbers.items()
        if isfinite(number)
    }

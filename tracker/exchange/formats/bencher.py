"""Bencher's metric format (BMF), both versions of it.

Version 0 is {benchmark: {measure: {value, lower_value, upper_value}}}. In version 1 a benchmark has
a list of {parameters, measures}, and a measure any metrics, such as p99.

The format names no unit and no direction: those of Bencher's own measures are known, others are
taken from the word.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.exchange.base_units import BaseUnit, base_unit, shift_point
from tracker.exchange.formats.document import Document, Json, listing, number, table, text
from tracker.exchange.measurement import ImportedRun, Measurement, Parsed, UnreadableFileError
from tracker.model import Better

NAME = "bencher"

MAIN_MEASURE = "latency"
MEASURES = {
    MAIN_MEASURE: BaseUnit("s", shift=-9),
    "throughput": BaseUnit("ops/s", Better.HIGHER),
    "build-time": BaseUnit("s"),
    "file-size": BaseUnit("B"),
    "memory": BaseUnit("B"),
}
_MORE_IS_BETTER = re.compile(r"throughput|per-second|(^|-)(rate|ops|fps|qps|rps)(-|$)")
_UNIT_AT_END = re.compile(r"-(ns|us|ms|s|seconds|bytes|kb|mb|gb|kib|mib|gib)$")
_MAIN_METRIC = "value"
_BOUNDS = ("lower_value", "upper_value")


def recognise(document: Document) -> bool:
    """Say whether *document* has measures, and metrics in every one."""
    content = document.content
    if not isinstance(content, dict) or not content:
        return False
    if all(isinstance(each, list) for each in content.values()):
        entries = [entry for each in content.values() for entry in each]
        return bool(entries) and all("measures" in table(entry) for entry in entries)
    measures = [measure for each in content.values() for measure in table(each).values()]
    return all(isinstance(each, dict) for each in content.values()) and (
        bool(measures) and all(_MAIN_METRIC in table(measure) for measure in measures)
    )


def parse(document: Document) -> Parsed:
    """Return the run of the file: one measurement per benchmark, measure and metric."""
    content = document.exact_content()
    if not isinstance(content, dict):
        raise UnreadableFileError("it has no benchmarks")
    measurements = tuple(
        each
        for benchmark, measures in _by_variant(content).items()
        for measure, metrics in measures.items()
        for each in _measure(benchmark, measure, metrics)
    )
    return Parsed(runs=(ImportedRun(tool=NAME, measurements=measurements),))


def _by_variant(content: Json) -> dict[str, dict[str, Json]]:
    """Return the metrics by measure, by the benchmark with its parameters; the last one wins."""
    variants: dict[str, dict[str, Json]] = {}
    for benchmark, value in content.items():
        entries = listing(value) if isinstance(value, list) else [{"measures": value}]
        for entry in map(table, entries):
            parameters = sorted(table(entry.get("parameters")).items())
            words = ", ".join(f"{key}={text(each)}" for key, each in parameters)
            variant = variants.setdefault(f"{benchmark} [{words}]" if words else benchmark, {})
            for measure, metrics in table(entry.get("measures")).items():
                variant.setdefault(measure, {}).update(table(metrics))
    return variants


def _measure(benchmark: str, measure: str, metrics: Json) -> Iterator[Measurement]:
    unit = MEASURES.get(measure) or _unknown_measure(measure)
    name = benchmark if measure == MAIN_MEASURE else f"{benchmark}.{measure}"
    further = [metric for metric in metrics if metric not in {_MAIN_METRIC, *_BOUNDS}]
    low, high = (_scale(metrics.get(bound), unit) for bound in _BOUNDS)
    for metric in ([_MAIN_METRIC] if _MAIN_METRIC in metrics or not further else []) + further:
        is_main = metric == _MAIN_METRIC
        yield Measurement(
            benchmark=name if is_main else f"{name}.{metric}",
            value=_scale(metrics.get(metric), unit),
            unit=unit.name,
            better=unit.better,
            low=low if is_main else None,
            high=high if is_main else None,
        )


def _unknown_measure(measure: str) -> BaseUnit:
    """Return the unit of a measure of somebody's own: `latency_p50_ns` is a time."""
    words = measure.lower().replace("_", "-")
    if _MORE_IS_BETTER.search(words):
        return BaseUnit(measure, Better.HIGHER)
    end = _UNIT_AT_END.search(words)
    return base_unit(end[1]) if end else BaseUnit(measure)


def _scale(value: Any, unit: BaseUnit) -> float | None:
    """Return *value* in the base unit; a decimal keeps all its digits until then."""
    amount = number(value)
    if amount is None:
        return None
    exact = value if isinstance(value, Decimal) else amount
    return shift_point(exact, unit.shift) * unit.factor

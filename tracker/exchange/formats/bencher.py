"""Bencher's metric format (BMF): {benchmark: {measure: {value, lower_value, upper_value}}}.

The format names no unit and no direction: those of Bencher's own measures are known, others are
taken from the word.
"""

import re
from decimal import Decimal

from tracker.exchange.base_units import BaseUnit, shift_point
from tracker.exchange.formats.document import Document, number, table
from tracker.exchange.measurement import Measurement, Omissions, Parsed, Run, UnreadableFileError
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


def recognise(document: Document) -> bool:
    """Say whether every value of *document* is an object of objects with a value."""
    content = document.content
    if not isinstance(content, dict) or not content:
        return False
    measures = [measure for each in content.values() for measure in table(each).values()]
    return all(isinstance(each, dict) for each in content.values()) and (
        bool(measures) and all("value" in table(measure) for measure in measures)
    )


def parse(document: Document) -> Parsed:
    """Return the run of the file: one measurement per benchmark and measure."""
    if not isinstance(document.content, dict):
        raise UnreadableFileError("it holds no object of benchmarks")
    omissions = Omissions()
    measurements = []
    for benchmark, measures in document.exact_content().items():
        for measure, metric in table(measures).items():
            fields = table(metric)
            name = benchmark if measure == MAIN_MEASURE else f"{benchmark}.{measure}"
            unit = MEASURES.get(measure) or _unknown_measure(measure)
            measurements.append(
                Measurement(
                    benchmark=name,
                    value=_scale(fields.get("value"), unit),
                    unit=unit.name,
                    better=unit.better,
                    low=_scale(fields.get("lower_value"), unit),
                    high=_scale(fields.get("upper_value"), unit),
                )
            )
            omissions.add_fields(
                fields, sorted(fields.keys() - {"value", "lower_value", "upper_value"}), name
            )
    run = Run(tool=NAME, measurements=tuple(measurements))
    return Parsed(runs=(run,), omissions=omissions.listing())


def _unknown_measure(measure: str) -> BaseUnit:
    is_rate = _MORE_IS_BETTER.search(measure.lower())
    return BaseUnit(measure, Better.HIGHER if is_rate else Better.LOWER)


def _scale(value: object, unit: BaseUnit) -> float | None:
    """Return *value* in the base unit; a decimal keeps all its digits until then."""
    amount = number(value)
    if amount is None:
        return None
    return shift_point(value if isinstance(value, Decimal) else amount, unit.shift)

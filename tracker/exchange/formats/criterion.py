"""criterion: the folders of `target/criterion`, and the messages of cargo-criterion.

A folder comes as one document: {"estimates": ..., "sample": ..., "benchmark": ...}, the contents
of its three files. Times are in ns there; a message names its unit.
"""

from collections.abc import Sequence

from tracker.exchange.base_units import base_unit
from tracker.exchange.formats.document import Document, Json, listing, number, numbers, table, text
from tracker.exchange.measurement import (
    ImportedRun,
    Measurement,
    Omissions,
    Parsed,
    UnreadableFileError,
)

NAME = "criterion"

_MESSAGE = "benchmark-complete"
# The first that is there: the median, as asv has it. Before version 0.3 names were capitalised.
_CENTRES = ("median", "Median", "typical", "slope", "Slope", "mean", "Mean")


def recognise(document: Document) -> bool:
    """Say whether *document* is a folder of criterion's, or has a message of cargo-criterion."""
    if not isinstance(document.content, list):
        return bool(_estimates(document)) or _is_message(document.content)
    return any(_is_message(each) for each in document.content)


def parse(document: Document) -> Parsed:
    """Return the run: one benchmark of a folder, or all that there are messages of."""
    omissions = Omissions()
    content = document.content
    if _estimates(document):
        measurements = [_from_folder(document, omissions)]
    else:
        messages = content if isinstance(content, list) else [content]
        measurements = [_from_message(each, omissions) for each in messages if _is_message(each)]
    if not measurements:
        raise UnreadableFileError("it has no criterion benchmark")
    run = ImportedRun(tool=NAME, measurements=tuple(measurements))
    return Parsed(runs=(run,), omissions=omissions.listing())


def _is_message(fields: object) -> bool:
    return table(fields).get("reason") == _MESSAGE


def _estimates(document: Document) -> Json:
    return table(table(document.content).get("estimates"))


def _from_folder(document: Document, omissions: Omissions) -> Measurement:
    benchmark = table(document.content.get("benchmark"))
    name = text(benchmark.get("full_id")) or _join(benchmark) or document.title
    sample = document.content.get("sample")
    if isinstance(sample, list):  # before version 0.3: counts and times, nothing else
        counts, times = (*sample, (), ())[:2]
    else:
        counts, times = table(sample).get("iters"), table(sample).get("times")
    omissions.add_fields(benchmark, ("throughput",), name)
    return _measurement(name, _estimates(document), "ns", (counts, times), omissions)


def _join(benchmark: Json) -> str:
    parts = (text(benchmark.get(key)) for key in ("group_id", "function_id", "value_str"))
    return "/".join(part for part in parts if part)


def _from_message(fields: Json, omissions: Omissions) -> Measurement:
    name, unit = text(fields.get("id")), text(fields.get("unit"))
    repeats = (fields.get("iteration_count"), fields.get("measured_values"))
    omissions.add_fields(fields, ("throughput",), name)
    return _measurement(name, fields, unit, repeats, omissions)


def _measurement(
    name: str, estimates: Json, unit: str, repeats: tuple[object, object], omissions: Omissions
) -> Measurement:
    estimate = next((table(estimates[key]) for key in _CENTRES if table(estimates.get(key))), {})
    base = base_unit(text(estimate.get("unit")) or unit or "ns")
    value = number(estimate.get("point_estimate", estimate.get("estimate")))
    samples = [base.scale(each) for each in _per_call(*repeats)]
    omissions.add("repeats", "without a count of calls", name, _size(repeats[1]) - len(samples))
    return Measurement(
        benchmark=name,
        value=None if value is None else base.scale(value),
        unit=base.name,
        better=base.better,
        samples=tuple(samples),
    )


def _per_call(counts: object, times: object) -> Sequence[float]:
    """Return the time of one call in each repeat, which times more calls than the one before."""
    if len(numbers(counts)) != _size(times) or len(numbers(times)) != _size(times):
        return ()
    pairs = zip(numbers(times), numbers(counts), strict=True)
    return [time / count for time, count in pairs if count > 0]


def _size(values: object) -> int:
    return len(listing(values))

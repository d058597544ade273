"""pyperf: a benchmark or a suite of them, packed or not; and what its ancestor perf wrote."""

from statistics import median

from tracker.exchange.base_units import BaseUnit
from tracker.exchange.formats.document import (
    Document,
    Json,
    commit_id,
    facts,
    listing,
    moment_ms,
    number,
    numbers,
    python_name,
    table,
    text,
)
from tracker.exchange.measurement import (
    NO_PLACE,
    ImportedRun,
    Measurement,
    Omissions,
    Parsed,
    UnreadableFileError,
)
from tracker.model import Better

NAME = "pyperf"

_UNITS = {"second": BaseUnit("s"), "byte": BaseUnit("B"), "integer": BaseUnit("unit")}


def recognise(document: Document) -> bool:
    """Say whether *document* has benchmarks made of runs."""
    benchmarks = listing(table(document.content).get("benchmarks"))
    return bool(benchmarks) and all("runs" in table(each) for each in benchmarks)


def parse(document: Document) -> Parsed:
    """Return the run of the file: one measurement per benchmark, the median of its values."""
    content = table(document.content)
    benchmarks = [table(each) for each in listing(content.get("benchmarks"))]
    if not benchmarks:
        raise UnreadableFileError("it has no benchmarks")
    omissions = Omissions()
    common = _metadata(content) | _metadata(benchmarks[0])
    dates = [date for each in benchmarks for date in _dates(each)]
    run = ImportedRun(
        tool=NAME,
        commit=commit_id(common.get("commit_id")),
        commit_ms=moment_ms(common.get("commit_date")),
        started_ms=min(dates, default=None),
        machine=facts(
            {
                "os": common.get("platform"),
                "cpu": common.get("cpu_model_name"),
                "num_cpu": common.get("cpu_count"),
            }
        ),
        python=python_name(
            text(common.get("python_implementation")), text(common.get("python_version"))
        ),
        measurements=tuple(
            _measurement(each, _metadata(content) | _metadata(each), document.stem, omissions)
            for each in benchmarks
        ),
    )
    return Parsed(runs=(run,), omissions=omissions.listing())


def _metadata(fields: Json) -> Json:
    return table(fields.get("common_metadata")) | table(fields.get("metadata"))


def _runs(fields: Json) -> list[Json]:
    return [table(run) for run in listing(fields.get("runs"))]


def _dates(fields: Json) -> list[int]:
    moments = (moment_ms(table(run.get("metadata")).get("date")) for run in _runs(fields))
    return [moment for moment in moments if moment is not None]


def _measurement(fields: Json, metadata: Json, file: str, omissions: Omissions) -> Measurement:
    name = text(metadata.get("name")) or text(fields.get("name")) or file
    raw: list[object] = []
    warmups = 0
    for run in _runs(fields):
        raw += listing(run.get("values")) or listing(run.get("samples"))
        warmups += len(listing(run.get("warmups")))
    samples = numbers(raw)
    omissions.add("warm-up values", NO_PLACE, name, warmups)
    omissions.add("repeats", "not finite numbers", name, len(raw) - len(samples))
    unit = text(metadata.get("unit")) or "second"
    return Measurement(
        benchmark=name,
        value=median(samples) if samples else None,
        unit=_UNITS.get(unit, BaseUnit(unit)).name,
        better=Better.LOWER,
        samples=samples,
        loops=int(number(metadata.get("loops")) or 1),
    )

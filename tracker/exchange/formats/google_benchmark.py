"""Google Benchmark: what `--benchmark_out_format=json` writes."""

from collections.abc import Iterator, Sequence
from statistics import median

from tracker.exchange.base_units import BaseUnit, base_unit
from tracker.exchange.formats.document import (
    Document,
    Json,
    facts,
    listing,
    moment_ms,
    number,
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

NAME = "google-benchmark"

_MAIN_MEASURE = "real_time"
_TIMES = (_MAIN_MEASURE, "cpu_time")
_COUNTERS = {
    "bytes_per_second": BaseUnit("B/s", Better.HIGHER),
    "items_per_second": BaseUnit("items/s", Better.HIGHER),
    "max_bytes_used": BaseUnit("B"),
    "total_allocated_bytes": BaseUnit("B"),
    "net_heap_growth": BaseUnit("B"),
}
# What describes the run; every other number of a benchmark is a counter of its author.
_DESCRIPTION = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions",
    "repetition_index", "threads", "iterations", "time_unit", "label", "error_occurred",
    "error_message", "skipped", "skip_message", "aggregate_name", "aggregate_unit",
}  # fmt: skip
_AGGREGATES = {"mean", "median", "stddev", "cv"}
_CENTRES = ("median", "mean")


def recognise(document: Document) -> bool:
    """Say whether *document* has benchmarks with a real time, or Google Benchmark's context."""
    content = table(document.content)
    benchmarks = listing(content.get("benchmarks"))
    is_timed = any(_MAIN_MEASURE in table(each) for each in benchmarks)
    return isinstance(content.get("benchmarks"), list) and (
        is_timed or "library_build_type" in table(content.get("context"))
    )


def parse(document: Document) -> Parsed:
    """Return the run of the file: per benchmark its times and counters, repetitions as samples."""
    content = table(document.content)
    if not isinstance(content.get("benchmarks"), list):
        raise UnreadableFileError("it has no list of benchmarks")
    omissions = Omissions()
    context = table(content.get("context"))
    groups: dict[str, list[Json]] = {}
    for fields in _with_aggregates([table(each) for each in content["benchmarks"]]):
        groups.setdefault(_name(fields), []).append(fields)
    run = ImportedRun(
        tool=NAME,
        started_ms=moment_ms(context.get("date")),
        machine=facts({"num_cpu": context.get("num_cpus")}),
        measurements=tuple(
            each for name, members in groups.items() for each in _measure(name, members, omissions)
        ),
    )
    return Parsed(runs=(run,), omissions=omissions.listing())


def _with_aggregates(benchmarks: Sequence[Json]) -> Iterator[Json]:
    """Give *benchmarks*; before version 1.5 only their names told which are aggregates."""
    names = {text(fields.get("name")) for fields in benchmarks}
    for fields in benchmarks:
        base, _, kind = text(fields.get("name")).rpartition("_")
        is_old = "run_type" not in fields and kind in _AGGREGATES and base in names
        yield {**fields, "aggregate_name": kind} if is_old else fields


def _name(fields: Json) -> str:
    """Return the name without that of the aggregate."""
    name = text(fields.get("run_name")) or text(fields.get("name"))
    aggregate = text(fields.get("aggregate_name"))
    return name.removesuffix(f"_{aggregate}") if aggregate else name


def _measure(name: str, members: Sequence[Json], omissions: Omissions) -> Iterator[Measurement]:
    """Give the measures of one benchmark: of its repetitions, or of an aggregate without them."""
    failures = [each for each in members if each.get("error_occurred") or each.get("skipped")]
    for fields in failures:
        reason = text(fields.get("error_message")) or text(fields.get("skip_message"))
        omissions.add("values", f"failed: {reason or 'no reason given'}", name)
    aggregates = [each for each in members if _is_aggregate(each)]
    repetitions = [each for each in members if each not in failures and each not in aggregates]
    if not repetitions and aggregates:
        centre = _centre(aggregates)
        repetitions = [centre] if centre else []
        omissions.add("aggregates", NO_PLACE, name, len(aggregates) - len(repetitions))
    if failures and not repetitions:
        yield _measurement(name, _MAIN_MEASURE, [], 1)
    for measure in dict.fromkeys(key for each in repetitions for key in each):
        if measure in _DESCRIPTION or all(number(each.get(measure)) is None for each in members):
            continue
        first = repetitions[0]
        loops = 1 if _is_aggregate(first) else int(number(first.get("iterations")) or 1)
        yield _measurement(name, measure, [each for each in repetitions if measure in each], loops)
    omissions.add_fields(members[0], ("label",), name)


def _is_aggregate(fields: Json) -> bool:
    return fields.get("run_type") == "aggregate" or bool(fields.get("aggregate_name"))


def _centre(aggregates: Sequence[Json]) -> Json | None:
    """Return the median of the aggregates, else the mean; None for those of other kinds only."""
    named = {text(each.get("aggregate_name")): each for each in aggregates}
    return next((named[kind] for kind in _CENTRES if kind in named), None)


def _measurement(name: str, measure: str, runs: Sequence[Json], loops: int) -> Measurement:
    values = []
    unit = _COUNTERS.get(measure, BaseUnit("unit"))
    for fields in runs:
        if measure in _TIMES:
            unit = base_unit(text(fields.get("time_unit")) or "ns")
        value = number(fields.get(measure))
        if value is not None:
            values.append(unit.scale(value))
    return Measurement(
        benchmark=name if measure == _MAIN_MEASURE else f"{name}.{measure}",
        value=median(values) if values else None,
        unit="s" if measure in _TIMES else unit.name,
        better=unit.better,
        samples=tuple(values) if len(values) > 1 else (),
        loops=loops if measure in _TIMES else 1,
    )

"""pytest-benchmark: what `--benchmark-json` and `--benchmark-save` write."""

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
    ImportedRun,
    Measurement,
    Omissions,
    Parsed,
    UnreadableFileError,
)
from tracker.model import Better

NAME = "pytest-benchmark"

_REDUNDANT = ("min", "max", "mean", "stddev")  # with the repeats they can be had again
_BOTH = 2
_DIRTY = "the values stand at the last commit"


def recognise(document: Document) -> bool:
    """Say whether *document* has pytest-benchmark's machine, commit and benchmarks."""
    content = document.content
    return (
        isinstance(content, dict)
        and isinstance(content.get("benchmarks"), list)
        and ("machine_info" in content or "commit_info" in content)
    )


def parse(document: Document) -> Parsed:
    """Return the run of the file."""
    content = table(document.content)
    if not isinstance(content.get("benchmarks"), list):
        raise UnreadableFileError("it has no list of benchmarks")
    omissions = Omissions()
    machine, commit = table(content.get("machine_info")), table(content.get("commit_info"))
    measurements = [
        each
        for fields in map(table, content["benchmarks"])
        if (each := _measurement(fields, omissions)) is not None
    ]
    if commit.get("dirty") is True:
        omissions.add("uncommitted changes", _DIRTY, document.name)
    run = ImportedRun(
        tool=NAME,
        commit=commit_id(commit.get("id")),
        commit_ms=moment_ms(commit.get("author_time")) or moment_ms(commit.get("time")),
        started_ms=moment_ms(content.get("datetime")),
        machine=_machine(machine),
        python=python_name(
            text(machine.get("python_implementation")), text(machine.get("python_version"))
        ),
        measurements=tuple(measurements),
    )
    return Parsed(runs=(run,), omissions=omissions.listing())


def _measurement(fields: Json, omissions: Omissions) -> Measurement | None:
    """Return the median of one benchmark, as asv has it, with all repeats that the file keeps."""
    name = text(fields.get("fullname")) or text(fields.get("name"))
    if not name:
        omissions.add("values", "without a name", text(fields.get("group")) or "a benchmark")
        return None
    stats = table(fields.get("stats"))
    # Before version 3 the repeats were beside the statistics.
    raw = listing(stats.get("data")) or listing(fields.get("data"))
    samples = numbers(raw)
    omissions.add("repeats", "not finite numbers", name, len(raw) - len(samples))
    omissions.add_fields(fields, ("extra_info",), name)
    if not samples:
        omissions.add_fields(stats, _REDUNDANT, name)
    value = number(stats.get("median"))
    if value is None:
        value = number(stats.get("mean"))
    quartiles = numbers([stats.get("q1"), stats.get("q3")])
    return Measurement(
        benchmark=name,
        value=value,
        unit="s",
        better=Better.LOWER,
        samples=samples,
        loops=int(number(stats.get("iterations")) or 1),
        quartiles=(quartiles[0], quartiles[1]) if len(quartiles) == _BOTH else None,
        rounds=int(number(stats.get("rounds")) or 0) or None,
    )


def _machine(machine: Json) -> dict[str, str]:
    cpu = table(machine.get("cpu"))
    return facts(
        {
            "os": f"{text(machine.get('system'))} {text(machine.get('release'))}".strip(),
            "arch": machine.get("machine"),
            "cpu": cpu.get("brand_raw") or cpu.get("brand"),
            "num_cpu": cpu.get("count"),
        }
    )

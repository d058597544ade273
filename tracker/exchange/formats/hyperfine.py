"""hyperfine: what `--export-json` writes."""

from collections.abc import Iterator
from statistics import median

from tracker.exchange.formats.document import Document, Json, listing, number, numbers, table, text
from tracker.exchange.measurement import (
    ImportedRun,
    Measurement,
    Omissions,
    Parsed,
    UnreadableFileError,
)
from tracker.model import Better

NAME = "hyperfine"

_FAILED = "the exit code was not 0; the times are kept"


def recognise(document: Document) -> bool:
    """Say whether *document* has results of commands."""
    results = listing(table(document.content).get("results"))
    return bool(results) and all("command" in table(each) for each in results)


def parse(document: Document) -> Parsed:
    """Return the run of the file."""
    results = table(document.content).get("results")
    if not isinstance(results, list):
        raise UnreadableFileError("it has no results")
    omissions = Omissions()
    measurements = [each for fields in map(table, results) for each in _measure(fields, omissions)]
    return Parsed(
        runs=(ImportedRun(tool=NAME, measurements=tuple(measurements)),),
        omissions=omissions.listing(),
    )


def _measure(fields: Json, omissions: Omissions) -> Iterator[Measurement]:
    """Give the median time of a command, and what else hyperfine measures of it."""
    command = text(fields.get("command"))
    parameters = ", ".join(f"{k}={text(v)}" for k, v in table(fields.get("parameters")).items())
    name = f"{command} [{parameters}]" if parameters else command
    samples = numbers(fields.get("times"))
    omissions.add(
        "repeats", "not finite numbers", name, len(listing(fields.get("times"))) - len(samples)
    )
    failures = [code for code in listing(fields.get("exit_codes")) if code != 0]
    omissions.add("failed commands", _FAILED, name, len(failures))
    if not samples:
        omissions.add_fields(fields, ("min", "max", "stddev"), name)
    value = number(fields.get("median"))
    yield Measurement(
        benchmark=name,
        value=number(fields.get("mean")) if value is None else value,
        unit="s",
        better=Better.LOWER,
        samples=samples,
    )
    for kind in ("user", "system"):
        if kind in fields:
            yield Measurement(
                benchmark=f"{name}.{kind}",
                value=number(fields[kind]),
                unit="s",
                better=Better.LOWER,
            )
    memory = numbers(fields.get("memory_usage_byte"))
    if memory:
        yield Measurement(
            benchmark=f"{name}.memory",
            value=median(memory),
            unit="B",
            better=Better.LOWER,
            samples=memory,
        )

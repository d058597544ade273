"""github-action-benchmark: the history in `data.js`, its JSON, and a tool's own list of values."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tracker.exchange.base_units import BaseUnit, base_unit
from tracker.exchange.formats.document import (
    Document,
    commit_id,
    listing,
    moment_ms,
    number,
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

NAME = "github-action-benchmark"

# What the author of the benchmark says is stronger than what the unit tells.
_SAID = {"customBiggerIsBetter": Better.HIGHER, "customSmallerIsBetter": Better.LOWER}
# Their values are rates, "iter/sec"; but who writes the file may have put times into it.
_OF_RATES = frozenset({"pytest", "benchmarkjs"})
_NEVER_RATES = frozenset({"s", "B"})
_COMMIT_IN_URL = re.compile(r"/commits?/([0-9a-fA-F]{7,64})\b")
_KNOWN = {"name", "value", "unit"}
_GROUPS = ("group", "plot_group")


def recognise(document: Document) -> bool:
    """Say whether *document* is a history, or a list of {name, unit, value}."""
    content = document.content
    if isinstance(content, dict):
        return isinstance(content.get("entries"), dict)
    if document.is_lines or not isinstance(content, list) or not content:
        return False
    return all(isinstance(each, dict) and {"name", "value"} <= each.keys() for each in content)


def parse(document: Document) -> Parsed:
    """Return one run per entry of each suite."""
    omissions = Omissions()
    if isinstance(document.content, list):
        run = ImportedRun(
            tool=NAME, measurements=tuple(_measure(document.content, "", "", omissions))
        )
        return Parsed(runs=(run,), omissions=omissions.listing())
    suites = table(document.content).get("entries")
    if not isinstance(suites, dict):
        raise UnreadableFileError("it has no entries")
    runs = [
        run
        for suite, entries in suites.items()
        for run in _parse_suite(suite, listing(entries), omissions)
    ]
    return Parsed(runs=tuple(runs), omissions=omissions.listing())


def _parse_suite(
    suite: str, entries: Sequence[object], omissions: Omissions
) -> Iterator[ImportedRun]:
    alike = _named_alike(entries)
    for entry in entries:
        fields = table(entry)
        commit = table(fields.get("commit"))
        benches = listing(fields.get("benches"))
        sha = commit_id(commit.get("id")) or _commit_in(text(commit.get("url")))
        if not sha:
            why = "the entry names no commit" if fields else "the entry is not an object"
            omissions.add("values", why, f"an entry of {suite}", max(1, len(benches)))
            continue
        tool = text(fields.get("tool"))
        yield ImportedRun(
            tool=NAME,
            commit=sha,
            commit_ms=moment_ms(commit.get("timestamp")),
            started_ms=moment_ms(fields.get("date")),
            measurements=tuple(_measure(_told_apart(benches, alike), suite, tool, omissions)),
        )


def _named_alike(entries: Sequence[object]) -> set[str]:
    """Return the names that several benchmarks of one entry have, in groups of their own."""
    alike: set[str] = set()
    for entry in entries:
        groups: dict[str, set[str]] = {}
        for bench in map(table, listing(table(entry).get("benches"))):
            groups.setdefault(text(bench.get("name")), set()).add(_group(bench))
        alike |= {name for name, of in groups.items() if len(of) > 1}
    return alike


def _told_apart(benches: Sequence[object], alike: set[str]) -> list[object]:
    """Return *benches*, the group before the name where others of a run have the same name."""
    return [
        bench | {"name": ".".join(filter(None, (_group(bench), bench["name"])))}
        if isinstance(bench, dict) and bench.get("name") in alike
        else bench
        for bench in benches
    ]


def _group(bench: Mapping[str, object]) -> str:
    """What a benchmark belongs to, as those who write the file themselves call it."""
    return ".".join(filter(None, (text(bench.get(field)) for field in _GROUPS)))


def _commit_in(url: str) -> str:
    match = _COMMIT_IN_URL.search(url)
    return match[1].lower() if match else ""


def _measure(
    benches: Sequence[object], suite: str, tool: str, omissions: Omissions
) -> Iterator[Measurement]:
    names = {text(table(bench).get("name")) for bench in benches}
    prefix = f"{suite}." if suite else ""
    for bench in benches:
        fields = table(bench)
        name = text(fields.get("name"))
        if not name or "value" not in fields:
            omissions.add("values", "without a name or a value", f"an entry of {suite}")
            continue
        # Of several measures older versions wrote the first alone, the others into its unit.
        unit, _, tail = text(fields.get("unit")).partition("\t")
        yield _measurement(prefix + name, fields.get("value"), unit, tool)
        for more, value, of in _pairs(name, tail):
            if more not in names:
                yield _measurement(prefix + more, value, of, tool)
        omissions.add_fields(fields, sorted(fields.keys() - _KNOWN), prefix + name)


def _pairs(name: str, tail: str) -> Iterator[tuple[str, str, str]]:
    """Give (name, value, unit) of the further measures in *tail*, named as newer versions do."""
    words = tail.split()
    for value, unit in zip(words[::2], words[1::2], strict=False):
        yield f"{name} - {unit}", value, unit


def _measurement(name: str, value: object, unit: str, tool: str) -> Measurement:
    base = base_unit(unit)
    amount = number(value)
    return Measurement(
        benchmark=name,
        value=None if amount is None else base.scale(amount),
        unit=base.name,
        better=_SAID.get(tool) or _by_unit(base, tool),
    )


def _by_unit(base: BaseUnit, tool: str) -> Better:
    is_rate = tool in _OF_RATES and base.name not in _NEVER_RATES
    return Better.HIGHER if is_rate else base.better

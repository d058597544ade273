"""What a foreign benchmark measures, and which way of it is good.

asv knows no direction. In this order: the user's rules, our catalogue, a `higher_is_better`
attribute that the benchmark function carries into benchmarks.json, words in the unit such as
"seconds (lower is better)", the unit; where that says nothing, the words of the benchmark's name.
"""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import msgspec

from tracker.errors import DataError
from tracker.model import Better, Metric, Tier, catalogue
from tracker.settings.file import WHERE

_BASE_UNITS = {"seconds": "s", "second": "s", "sec": "s", "bytes": "B", "byte": "B", "percent": "%"}
_RATE = re.compile(
    r"(/ ?(s|sec|second|min|minute)$)|(per[ _]second$)"
    r"|(^[kmgtp]?(ops|iops|qps|rps|tps|fps|hz|bps|flopss?|pointss|ptss)$)"
)
_WORDS = re.compile(
    r"\s*[(\[]?\b(lower|higher|smaller|larger|less|more) is better\b[)\]]?", re.IGNORECASE
)
_UPWARDS = frozenset({"higher", "larger", "more"})
_NO_UNIT = "unit"  # what asv writes where a benchmark has none
_OF_ANYTHING = frozenset({_NO_UNIT, "%", "percent"})
_GOOD_NAMES = frozenset({
    "accuracy", "bandwidth", "efficiency", "fps", "hit", "hits", "precision", "qps", "recall",
    "rps", "speed", "speedup", "success", "throughput",
})  # fmt: skip
_BAD_NAMES = frozenset({
    "cost", "duration", "error", "errors", "latency", "loss", "overhead", "penalty", "time",
})  # fmt: skip
_BETWEEN_WORDS = re.compile(r"[._\s-]|(?<=[a-z])(?=[A-Z])")
_FLOOR = 0.05  # asv's own default threshold of a regression


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user says of the benchmarks that match *pattern* (fnmatch); None says nothing."""

    pattern: str
    better: Better | None = None
    floor: Annotated[float, msgspec.Meta(ge=0)] | None = None
    gates: bool | None = None
    unit: str | None = None


type Rules = tuple[Rule, ...]


def parse_rules(settings: Mapping[str, object]) -> Rules:
    """Read `[[metrics]]` of the settings; the last rule that matches wins, field by field."""
    tables = settings.get("metrics", [])
    if not isinstance(tables, list):
        raise DataError(f"{WHERE}: metrics is not a list of tables", "write [[metrics]]")
    return tuple(_parse_rule(table) for table in tables)


def _parse_rule(table: object) -> Rule:
    try:
        return msgspec.convert(table, Rule)
    except msgspec.ValidationError as error:
        raise DataError(
            f"{WHERE}: [[metrics]] {table!r}: {error}",
            'give it a pattern and any of better ("lower" or "higher"), floor, gates, unit',
        ) from error


def describe_metric(name: str, benchmark: Mapping[str, object], rules: Rules) -> Metric:
    """Return what the benchmark *name* measures, given its entry in benchmarks.json."""
    known = catalogue.find(name.rpartition(".")[2])
    foreign = _foreign_metric(name, benchmark)
    metric = known if known is not None and known.unit == foreign.unit else foreign
    for rule in rules:
        if fnmatch.fnmatchcase(name, rule.pattern):
            metric = replace(
                metric,
                unit=rule.unit or metric.unit,
                better=rule.better or metric.better,
                floor=metric.floor if rule.floor is None else rule.floor,
                gates=metric.gates if rule.gates is None else rule.gates,
            )
    return metric


_ASV_KINDS = {
    "time": "Time of a call.",
    "timeraw": "Time of code in a fresh process.",
    "mem": "Memory of an object.",
    "memory": "Memory of an object.",
    "peakmem": "Peak memory of the process.",
    "peakmemory": "Peak memory of the process.",
    "track": "A number that the benchmark returns.",
}


def _foreign_metric(name: str, benchmark: Mapping[str, object]) -> Metric:
    kind = str(benchmark.get("type") or "track")
    told = str(benchmark.get("unit") or _NO_UNIT)
    words = _WORDS.search(told)
    unit = _WORDS.sub("", told).strip(" ,;:-") or _NO_UNIT
    said = benchmark.get("higher_is_better")
    if isinstance(said, bool):
        higher = said
    elif words:
        higher = words[1].lower() in _UPWARDS
    elif unit.lower() in _OF_ANYTHING:
        higher = _is_named_for_more(name)
    else:
        higher = bool(_RATE.search(unit.lower()))
    return Metric(
        name=kind,
        unit=_BASE_UNITS.get(unit.lower(), unit),
        better=Better.HIGHER if higher else Better.LOWER,
        floor=_FLOOR,
        gates=True,
        tier=Tier.PRIMARY,
        description=_ASV_KINDS.get(kind, _ASV_KINDS["track"]),
    )


def _is_named_for_more(name: str) -> bool:
    """Say whether the benchmark's own name, without those of its module and class, wants more.

    >>> _is_named_for_more("io.Plink.track_write_speed"), _is_named_for_more("track_accuracy_loss")
    (True, False)
    """
    words = {word.lower() for word in _BETWEEN_WORDS.split(name.rpartition(".")[2])}
    return bool(words & _GOOD_NAMES) and not words & _BAD_NAMES

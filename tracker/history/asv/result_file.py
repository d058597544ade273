"""The usual result file of asv, decoded by its types: columns that nobody reads are skipped.

Much of a file are quantiles, times and counts; to step over them, to read each other column as one
list of numbers, and to take parameters that were seen before for the same, makes reading three
times as quick. Whatever is not as here goes the general way.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import orjson
from msgspec import Raw

_NAN, _QUOTED_NAN = b"NaN", b'"NaN"'  # asv writes the first, JSON has but the second
_ABSENT = Raw(b"null")
_OF_NUMBERS = {"result", "stats_ci_99_a", "stats_ci_99_b", "stats_number", "samples"}
_OF_OTHERS = (b'"', b"t", b"f", b"{")  # what JSON has beside numbers, null and lists begins so


class _Entry(msgspec.Struct, array_like=True):
    """One benchmark; the fields are asv's columns, in the order of asv 0.6."""

    result: Raw
    params: Raw = _ABSENT
    version: str | None = None
    started_at: Raw = _ABSENT
    duration: Raw = _ABSENT
    stats_ci_99_a: Raw = _ABSENT
    stats_ci_99_b: Raw = _ABSENT
    stats_q_25: Raw = _ABSENT
    stats_q_75: Raw = _ABSENT
    stats_number: Raw = _ABSENT
    stats_repeat: Raw = _ABSENT
    samples: Raw = _ABSENT
    profile: Raw = _ABSENT


class _Document(msgspec.Struct):
    """A file of format 2; what else is in it is skipped."""

    version: int
    result_columns: list[str]
    results: dict[str, _Entry]
    commit_hash: Any
    env_name: Any = None
    date: Any = None
    params: Any = None
    python: Any = ""
    requirements: Any = None
    env_vars: Any = None


@dataclass(frozen=True, slots=True)
class UsualFile:
    """One file.

    Attributes:
        document: everything but the results.
        benchmarks: their names.
        columns: by asv's names, with one entry per benchmark. Those of values hold ints, floats,
            None and the text "NaN", and lists of them; what nobody reads is left raw.
    """

    document: dict[str, Any]
    benchmarks: tuple[str, ...]
    columns: dict[str, tuple[Any, ...]]


_NAMES = _Entry.__struct_fields__
_FACTS = tuple(name for name in _Document.__struct_fields__ if name != "results")
_DECODER = msgspec.json.Decoder(_Document)
_PARAMS = msgspec.json.Decoder(list[list[str]] | None)


class _UnusualError(Exception):
    """A file is not as this module reads it."""


def decode_usual(content: bytes) -> UsualFile | None:
    """Return what a file holds; None for an unusual one."""
    try:
        return _read(_DECODER.decode(content.replace(_NAN, _QUOTED_NAN)))
    except (_UnusualError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _read(document: _Document) -> UsualFile:
    entries = zip(*map(msgspec.structs.astuple, document.results.values()), strict=True)
    columns: dict[str, tuple[Any, ...]] = dict(zip(_NAMES, entries, strict=False))
    facts, benchmarks = {n: getattr(document, n) for n in _FACTS}, tuple(document.results)
    if document.result_columns != list(_NAMES):
        raise _UnusualError
    versions = filter(None, columns.get("version", ()))
    if _NAN.decode() in "\n".join((str(facts), *benchmarks, *versions)):
        raise _UnusualError
    for name in _OF_NUMBERS & columns.keys():
        columns[name] = _read_numbers(columns[name], is_nested=name == "samples")
    columns["params"] = tuple(map(_read_params, map(bytes, columns.get("params", ()))))
    return UsualFile(facts, benchmarks, columns)


def _read_numbers(column: tuple[Raw, ...], *, is_nested: bool) -> tuple[Any, ...]:
    """Return a column whose entries are numbers, or lists of them, or of such lists if nested."""
    text = b"[%b]" % b",".join(column)
    numbers = text.replace(_QUOTED_NAN, b"")
    if any(letter in numbers for letter in _OF_OTHERS):
        raise _UnusualError
    entries = orjson.loads(text)
    if not is_nested and text.count(b"[") != 1 + list(map(type, entries)).count(list):
        raise _UnusualError
    return tuple(entries)


@lru_cache(maxsize=4096)
def _read_params(text: bytes) -> list[list[str]] | None:
    if _NAN in text:
        raise _UnusualError
    params: list[list[str]] | None = _PARAMS.decode(text)
    return params

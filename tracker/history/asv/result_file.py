"""The usual result file of asv, decoded by its types: columns that nobody reads are skipped.

Much of a file are quantiles, times and counts; to step over them, to know that the rest are
numbers, and to take parameters that were seen before for the same, makes reading twice as quick.
Whatever is not as here goes the general way.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

type _Numbers = list[float | None] | None
_ABSENT = Raw(b"null")


class _Entry(msgspec.Struct, array_like=True):
    """One benchmark; the fields are asv's columns, in the order of asv 0.6."""

    result: list[float | None] | float | None
    params: Raw = _ABSENT
    version: str | None = None
    started_at: Raw = _ABSENT
    duration: Raw = _ABSENT
    stats_ci_99_a: _Numbers = None
    stats_ci_99_b: _Numbers = None
    stats_q_25: Raw = _ABSENT
    stats_q_75: Raw = _ABSENT
    stats_number: _Numbers = None
    stats_repeat: Raw = _ABSENT
    samples: list[list[float] | None] | None = None
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
        columns: by asv's names, with one entry per benchmark; what nobody reads is left raw.
    """

    document: dict[str, Any]
    benchmarks: tuple[str, ...]
    columns: dict[str, tuple[Any, ...]]


_NAMES = _Entry.__struct_fields__
_DECODER = msgspec.json.Decoder(_Document)
_PARAMS = msgspec.json.Decoder(list[list[str]] | None)


def decode_usual(content: bytes) -> UsualFile | None:
    """Return what a file holds; None for an unusual one."""
    try:
        document = _DECODER.decode(content)
        entries = map(msgspec.structs.astuple, document.results.values())
        columns = dict(zip(_NAMES, zip(*entries, strict=True), strict=False))
        columns["params"] = tuple(map(_decode_params, map(bytes, columns.get("params", ()))))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if document.result_columns != list(_NAMES):
        return None
    return UsualFile(msgspec.structs.asdict(document), tuple(document.results), columns)


@lru_cache(maxsize=4096)
def _decode_params(text: bytes) -> list[list[str]] | None:
    params: list[list[str]] | None = _PARAMS.decode(text)
    return params

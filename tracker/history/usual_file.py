"""The usual result file of asv, decoded by its types: columns that nobody reads are skipped.

Half of a file are quantiles and counts of repeats; to step over them, and to know that the rest are
numbers, makes reading a third quicker. Whatever is not as here goes the general way.
"""

from typing import Any

import msgspec
from msgspec import Raw

type _Numbers = list[float | None] | None
_ABSENT = Raw(b"null")


class _Row(msgspec.Struct, array_like=True):
    """One benchmark; the fields are asv's columns, in the order of asv 0.6."""

    result: list[float | None] | float | None
    params: list[list[str]] | None = None
    version: str | None = None
    started_at: Raw = _ABSENT
    duration: Raw = _ABSENT
    stats_ci_99_a: _Numbers = None
    stats_ci_99_b: _Numbers = None
    stats_q_25: Raw = _ABSENT
    stats_q_75: Raw = _ABSENT
    stats_number: Raw = _ABSENT
    stats_repeat: Raw = _ABSENT
    samples: list[list[float] | None] | None = None
    profile: Raw = _ABSENT


class _Document(msgspec.Struct):
    """A file of format 2; what else is in it is skipped."""

    version: int
    result_columns: list[str]
    results: dict[str, _Row]
    commit_hash: Any
    env_name: Any = None
    date: Any = None
    params: Any = None
    python: Any = ""
    requirements: Any = None
    env_vars: Any = None


_DECODER = msgspec.json.Decoder(_Document)


def decode_usual(content: bytes) -> dict[str, Any] | None:
    """Return the document, its rows as tuples in the order of its columns; None for another one."""
    try:
        document = _DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if document.result_columns != list(_Row.__struct_fields__):
        return None
    rows = {name: msgspec.structs.astuple(row) for name, row in document.results.items()}
    return msgspec.structs.asdict(document) | {"results": rows}

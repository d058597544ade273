"""The comparison's file: one versioned JSON object.

It may come from a pull request of a stranger, so `decode` takes nothing on trust: sizes are
limited, unknown or missing fields, numbers that are not finite, and a conclusion that does not
follow from the rows are refused. `encode` writes nothing that `decode` would refuse.
"""

import math
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from tracker.errors import DataError
from tracker.model import Verdict
from tracker.model.comparison import (
    MAX_NOTES,
    MAX_ROWS,
    VERSION,
    Comparison,
    Row,
    Summary,
    Unpaired,
    conclude,
)
from tracker.report.comparison.strict_json import decode_strictly

MAX_BYTES = 16 * 2**20
_RANKS = (Verdict.WORSE, Verdict.CANNOT_TELL, Verdict.BETTER, Verdict.NO_CHANGE)


def encode(comparison: Comparison) -> bytes:
    """Write the file: indented, keys in the order of `Comparison`, ending in a newline.

    What would be too much for `decode` is left out in a fixed order: indents and the values of
    single rounds, then the rows that say least, which the notes and `left_out` own up to.
    """
    data = _indented(_with_rows(comparison, MAX_ROWS))
    if len(data) <= MAX_BYTES:
        return data
    slim = replace(comparison, rows=tuple(map(_without_samples, comparison.rows)))
    most = MAX_ROWS
    while len(data) > MAX_BYTES:
        data = msgspec.json.encode(_with_rows(slim, most)) + b"\n"
        most //= 2
    return data


def _indented(comparison: Comparison) -> bytes:
    return msgspec.json.format(msgspec.json.encode(comparison), indent=1) + b"\n"


def _with_rows(comparison: Comparison, most: int) -> Comparison:
    """Return *comparison* with at most *most* entries of each kind; what gates comes first."""
    lists = {name: getattr(comparison, name) for name in ("new", "vanished", "failed")}
    count = sum(max(0, len(entries) - most) for entries in (comparison.rows, *lists.values()))
    if not count:
        return comparison
    note = f"the {count:,} least informative rows or names were left out to keep the file small"
    return replace(
        comparison,
        rows=_most_telling(comparison.rows, most),
        left_out=max(0, len(comparison.rows) - most),
        notes=(note, *comparison.notes[: MAX_NOTES - 1]),
        **{name: tuple(sorted(entries, key=_failed_in_head)[:most])
           for name, entries in lists.items()},
    )  # fmt: skip


def _most_telling(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """Return the *most* rows on which the conclusion rests, in their order."""
    ranked = sorted(range(len(rows)), key=lambda i: _rank(rows[i]))
    return tuple(rows[i] for i in sorted(ranked[:most]))


def _rank(row: Row) -> tuple[bool, int, float]:
    size = abs(math.log(row.ratio)) if row.ratio else 0.0
    return not row.gates, _RANKS.index(row.verdict), -size


def _failed_in_head(entry: Unpaired) -> bool:
    return entry.side != "head"


def _without_samples(row: Row) -> Row:
    return replace(row, base=_bare(row.base), head=_bare(row.head))


def _bare(summary: Summary) -> Summary:
    return replace(summary, samples=())


def decode(data: bytes) -> Comparison:
    """Read the file; raise DataError with one line that says what is wrong with it."""
    if len(data) > MAX_BYTES:
        raise _refuse(f"is larger than {MAX_BYTES} bytes")
    comparison = decode_strictly(data, Comparison, VERSION, _refuse)
    sides = comparison.base, comparison.head
    if comparison.conclusion is not conclude(*sides, comparison.rows, comparison.failed):
        raise _refuse("has a conclusion that does not follow from its rows")
    for row in comparison.rows:
        ends = (row.low, row.ratio, row.high)
        known = tuple(end for end in ends if end is not None)
        if len(known) not in {0, 3} or known != tuple(sorted(known)):
            raise _refuse(f"has an impossible interval: {row.benchmark!r}")
    return comparison


def _refuse(why: str) -> DataError:
    return DataError(f"the comparison {why}", "measure again with `tracker compare`")

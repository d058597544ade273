"""The only file that knows asv's formats: result files of versions 1 and 2, benchmarks.json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, zip_longest
from typing import Any

import numpy as np
import orjson

from tracker.errors import DataError
from tracker.history.asv.cells import Cells, Code, Codes, Counts, Entries, Layout, ParsedFile
from tracker.history.asv.file_facts import read_facts
from tracker.history.asv.result_file import UsualFile, decode_usual
from tracker.model import Floats

_HUGE = 1e150
_NEWEST = 2
_MOST_LOOPS = 2**31 - 1
# RecursionError: lists within lists; OverflowError: an endless date.
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
type Json = dict[str, Any]


class DamagedFileError(Exception):
    """A result file that is not what asv writes: cut short, not JSON, or a field is missing."""


def read_benchmarks(content: bytes) -> dict[str, Json]:
    """Return benchmarks.json: name to what asv knows of that benchmark."""
    try:
        document = parse_json(content)
        why = "" if isinstance(document, dict) else "it is not a JSON object"
    except (ValueError, RecursionError) as error:
        document, why = {}, str(error)
    if why:
        raise DataError(
            f"benchmarks.json cannot be read: {why}",
            "write it again: asv run --bench just-discover, or restore it from git",
        )
    return {name: entry for name, entry in document.items() if isinstance(entry, dict)}


def parse_result_file(path: str, content: bytes, entries: Entries) -> ParsedFile:
    """Read the result file *path* (`<machine>/<commit8>-<environment>.json`).

    *entries* gains the entries that it has not seen yet. Raises DamagedFileError.
    """
    try:
        usual = decode_usual(content)
        if usual is not None:
            parsed = _parse_usual(path, usual, entries)
            if not (parsed.cells.codes == Code.INFINITE).any():  # an endless integer, perhaps
                return parsed
        return _parse_document(path, parse_json(content), entries)
    except _DAMAGED as error:
        raise DamagedFileError(f"{type(error).__name__}: {error}") from error


def parse_json(content: bytes) -> Any:
    """Return the document; the standard parser takes what asv writes and others refuse: NaN."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return json.loads(content)


def _parse_usual(path: str, usual: UsualFile, entries: Entries) -> ParsedFile:
    layout, flat = _flatten(usual.benchmarks, usual.columns, entries)
    cells, dropped = _to_arrays(flat, are_numbers=True)
    return ParsedFile(facts=read_facts(path, usual.document, dropped), layout=layout, cells=cells)


def _parse_document(path: str, document: Json, entries: Entries) -> ParsedFile:
    version = document.get("version", 1)
    if version not in {1, _NEWEST}:
        raise DamagedFileError(f"written in version {version} of asv's format, newer than 2")
    results = _entries_of_v1(document) if version == 1 else document["results"]
    names = document["result_columns"] if version == _NEWEST else _V1_COLUMNS
    if not set(map(type, results.values())) <= {list, tuple}:
        raise TypeError("a row of the results is not a list")
    columns = dict(zip(names, zip_longest(*results.values()), strict=False))
    layout, flat = _flatten(tuple(results), columns, entries)
    cells, dropped = _to_arrays(flat)
    return ParsedFile(facts=read_facts(path, document, dropped), layout=layout, cells=cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flat:
    """The columns of one file as plain lists, one entry per cell.

    Attributes:
        misshapen: cells of entries whose length is wrong.
    """

    values: list[Any]
    low: list[Any]
    high: list[Any]
    samples: list[Any]
    loops: list[Any]
    misshapen: list[slice]


def _flatten(
    benchmarks: tuple[str, ...], columns: Mapping[str, tuple[Any, ...]], entries: Entries
) -> tuple[Layout, _Flat]:
    """Return the layout and the cells of a file, from *columns* with one entry per benchmark.

    Column by column: most files have the entries of the one before, and then no row is looked at.
    """

    def column(name: str) -> tuple[Any, ...]:
        return columns.get(name) or (None,) * len(benchmarks)

    layout, sizes = entries.number(benchmarks, column("params"), column("version"))
    values, misshapen = _fit_results(column("result"), sizes)
    flat = _Flat(
        values=_join(values, sizes),
        low=_join(column("stats_ci_99_a"), sizes),
        high=_join(column("stats_ci_99_b"), sizes),
        samples=_join(column("samples"), sizes),
        loops=_join(column("stats_number"), sizes),
        misshapen=misshapen,
    )
    return layout, flat


def _join(column: Sequence[Any], sizes: Sequence[int]) -> list[Any]:
    """Return the cells of all entries of one column; None for those of a row that does not fit."""
    if _are_lists(column, sizes):
        return list(chain.from_iterable(column))
    if not any(column):
        return [None] * sum(sizes)
    joined: list[Any] = []
    for row, size in zip(column, sizes, strict=True):
        joined += row if type(row) is list and len(row) == size else [None] * size
    return joined


def _are_lists(column: Sequence[Any], sizes: Sequence[int]) -> bool:
    return set(map(type, column)) == {list} and list(map(len, column)) == sizes


def _fit_results(column: Sequence[Any], sizes: Sequence[int]) -> tuple[Sequence[Any], list[slice]]:
    """Return each row's results as a list or None, and the cells of entries whose length is wrong.

    A single null stands for all cells of a benchmark that failed, and is as good as any length.
    """
    if _are_lists(column, sizes):
        return column, []
    entries = [row if row is None or type(row) is list else [row] for row in column]
    ends = list(accumulate(sizes))
    misshapen = [
        slice(end - size, end)
        for row, size, end in zip(entries, sizes, ends, strict=True)
        if row is not None and len(row) != size and any(value is not None for value in row)
    ]
    return entries, misshapen


def _to_arrays(flat: _Flat, *, are_numbers: bool = False) -> tuple[Cells, int]:
    """Return the cells, and how many repeats were dropped.

    *are_numbers* says that everything is a number, None, or the text "NaN".
    """
    samples, counts, dropped = _repeats(flat.samples)
    if are_numbers:
        values, low, high = _floats(flat.values + flat.low + flat.high).reshape(3, -1)
        codes = np.zeros(len(values), dtype=np.int8)
        unknown = np.flatnonzero(np.isnan(values)).tolist()
        codes[[i for i in unknown if flat.values[i] is None]] = Code.FAILED
        loops = _floats(flat.loops)
    else:
        values, codes = _values(flat.values)
        low, high, loops = map(_known, (flat.low, flat.high, flat.loops))
    _code(values, codes)
    for ends in (low, high):
        ends[~(np.abs(ends) <= _HUGE)] = np.nan
    for misshapen in flat.misshapen:
        codes[misshapen] = Code.MISSHAPEN
    if not (codes == Code.MEASURED).any():
        codes[codes == Code.FAILED] = Code.NOTHING_MEASURED
    cells = Cells(
        values=values,
        low=low,
        high=high,
        codes=codes,
        samples=samples,
        counts=counts,
        loops=np.clip(np.nan_to_num(loops), 0, _MOST_LOOPS).astype(np.int32),
    )
    return cells, dropped


def _values(raw: list[Any]) -> tuple[Floats, Codes]:
    """Return (values, codes) of one file's results, as far as their types tell."""
    codes = np.zeros(len(raw), dtype=np.int8)
    kinds = set(map(type, raw))
    if not kinds <= {float, int, type(None)}:
        codes[:] = [_code_of(value) for value in raw]
        raw = [None if code else value for value, code in zip(raw, codes, strict=True)]
    elif type(None) in kinds:
        codes[:] = [value is None for value in raw]  # FAILED is 1
    return _floats(raw), codes


def _code(values: Floats, codes: Codes) -> None:
    """Mark, among the cells that may be measured, those with no number that can be worked with."""
    codes[np.isnan(values) & (codes == Code.MEASURED)] = Code.SKIPPED
    beyond = ~(np.abs(values) <= _HUGE) & (codes == Code.MEASURED)
    if beyond.any():
        codes[beyond] = np.where(np.isinf(values[beyond]), Code.INFINITE, Code.TOO_LARGE)
        values[beyond] = np.nan


def _code_of(value: object) -> int:
    match value:
        case None:
            return Code.FAILED
        case bool():
            return Code.TRUE_FALSE
        case int() | float():
            return Code.MEASURED
        case _:
            return Code.NOT_A_NUMBER


def _floats(raw: list[Any]) -> Floats:
    """Return *raw* as floats: numbers, None and "NaN" become NaN, an endless integer infinite."""
    try:
        return np.fromiter(raw, np.float64, len(raw))
    except OverflowError:
        return np.fromiter(map(_float, raw), np.float64, len(raw))


def _float(value: float | None) -> float:
    try:
        return float("nan") if value is None else float(value)
    except OverflowError:
        return _HUGE * 10 * (1 if value is None or value > 0 else -1)


def _known(raw: list[Any]) -> Floats:
    """Return what of *raw* are numbers; everything else becomes NaN."""
    if not set(map(type, raw)) <= {float, int, type(None)}:
        raw = [value if type(value) in {float, int} else None for value in raw]
    return _floats(raw)


def _repeats(raw: list[Any]) -> tuple[Floats, Counts, int]:
    """Return (samples, count per cell, dropped) of the stored repeats of one file."""
    counts = np.zeros(len(raw), dtype=np.int32)
    if not any(raw):
        return np.zeros(0), counts, 0
    lists = [cell if type(cell) is list else [] for cell in raw]
    dropped = 0
    if not set(map(type, chain.from_iterable(lists))) <= {float, int}:
        lists = [[v for v in cell if type(v) in {float, int}] for cell in lists]
    counts[:] = [len(cell) for cell in lists]
    dropped = sum(len(c) for c in raw if type(c) is list) - int(counts.sum())
    samples = _floats(list(chain.from_iterable(lists)))
    usable = np.abs(samples) <= _HUGE
    if not usable.all():
        owners = np.repeat(np.arange(len(raw)), counts)
        counts = np.bincount(owners[usable], minlength=len(raw)).astype(np.int32)
        dropped += int((~usable).sum())
        samples = samples[usable]
    return samples, counts, dropped


_V1_COLUMNS = [
    "result", "params", "version", "stats_ci_99_a", "stats_ci_99_b", "samples", "stats_number",
]  # fmt: skip


def _entries_of_v1(document: Json) -> Json:
    """Return the results of a version 1 file as entries of `_V1_COLUMNS`."""
    versions = document.get("benchmark_version") or {}
    return {
        name: _entry_of_v1(
            entry if isinstance(entry, dict) else {"result": entry}, versions.get(name)
        )
        for name, entry in document["results"].items()
    }


def _entry_of_v1(entry: Json, version: object) -> list[Any]:
    result, stats, samples = entry["result"], entry.get("stats"), entry.get("samples")
    if not isinstance(result, list):
        result, stats, samples = [result], [stats], [samples]
    intervals = [(cell or {}).get("ci_99") or (None, None) for cell in stats or ()]
    return [
        result,
        entry.get("params") or [],
        version,
        [low for low, _ in intervals],
        [high for _, high in intervals],
        samples,
        [(cell or {}).get("number") for cell in stats or ()],
    ]

"""A result file of asv's format 2 that gains the runs of an import, each once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import Any

from asv_runner.statistics import compute_stats

from tracker.exchange.measurement import ImportedRun, Measurement

type Json = dict[str, Any]

COLUMNS = [
    "result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b",
    "stats_q_25", "stats_q_75", "stats_number", "stats_repeat", "samples", "profile",
]  # fmt: skip
COMMIT_DIGITS = (8, 16, 40)
"""Of a commit in the name of a file: asv's eight, more where another commit begins like it."""
VERSION = "1"
"""Version of every imported benchmark: other tools have none."""
_MARK = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What all runs of one result file share."""

    machine: str
    environment: str
    python: str
    commit: str
    date_ms: int

    @property
    def paths(self) -> Iterator[str]:
        """The places of the file in a results tree: asv's, then those with more of the commit."""
        for digits in COMMIT_DIGITS:
            yield f"{self.machine}/{self.commit[:digits]}-{self.environment}.json"


def new_document(origin: Origin, machine: Mapping[str, str]) -> Json:
    """Return a result file without results; *machine* are fields of asv's machine.json."""
    params = {**machine, "machine": origin.machine}
    return {
        "commit_hash": origin.commit,
        "env_name": origin.environment,
        "date": origin.date_ms,
        "params": {**params, "python": origin.python} if origin.python else params,
        "python": origin.python,
        "requirements": {},
        "env_vars": {},
        "result_columns": COLUMNS,
        "results": {},
        "durations": {},
        "version": 2,
        _MARK: [],
    }


def is_ours(document: Json, origin: Origin) -> bool:
    """Say whether *document* is a result file that an import wrote for *origin*."""
    marks, results = document.get(_MARK), document.get("results")
    return (
        isinstance(marks, list)
        and all(isinstance(mark, dict) for mark in marks)
        and isinstance(results, dict)
        and all(isinstance(row, list) for row in results.values())
        and document.get("commit_hash") == origin.commit
        and document.get("result_columns") == COLUMNS
    )


def add_run(document: Json, run: ImportedRun, named: Iterable[tuple[str, Measurement]]) -> int:
    """Add *run* to *document*; return how many values that were. 0 when it is in there.

    *named* are its measurements with the names that they have in benchmarks.json. A benchmark
    that was measured before at this commit gains repeats: its value is the median of all.
    """
    measurements = list(named)
    identity = _identity(run, measurements)
    if any(entry.get("run") == identity for entry in document[_MARK]):
        return 0
    document[_MARK].append({"run": identity, "tool": run.tool, "started_at": run.started_ms})
    results = document["results"]
    for name, measurement in measurements:
        before = results.get(name)
        results[name] = _row(measurement, run.started_ms, _repeats(before))
    return len(measurements)


def _identity(run: ImportedRun, measurements: Sequence[tuple[str, Measurement]]) -> str:
    values = [(name, each.value, each.samples) for name, each in measurements]
    content = repr((run.tool, run.started_ms, values))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _repeats(row: Sequence[Any] | None) -> list[float]:
    """Return the repeats of a *row*, its value where it has none; empty when it failed."""
    padded = [*(row or ()), *([None] * len(COLUMNS))]
    cells = dict(zip(COLUMNS, padded, strict=False))
    if cells["samples"]:
        return list(cells["samples"][0])
    return [value for value in cells["result"] or () if value is not None]


def _row(measurement: Measurement, started_ms: int | None, before: Sequence[float]) -> list[Any]:
    """Return the row of one benchmark, trailing nulls cut as asv cuts them."""
    value, samples = measurement.value, list(measurement.samples)
    if before:
        samples = [*before, *(samples or ([] if value is None else [value]))]
        value = None
    statistics = _given_statistics(measurement)
    if len(samples) > 1:
        middle, statistics = _statistics(samples, measurement.loops)
        value = middle if value is None else value
    elif samples and value is None:
        value = samples[0]
    if value is not None and not isfinite(value):  # the mean of two numbers beyond all others
        value = None
    row: list[Any] = [None if value is None else [value], [], VERSION, started_ms, None]
    row += [_cell(statistics.get(name.removeprefix("stats_"))) for name in COLUMNS[5:11]]
    row.append([samples] if samples else None)
    while row[-1] is None:
        row.pop()
    return row


def _statistics(samples: list[float], loops: int) -> tuple[float, Json]:
    """Return the median and asv's statistics, none where its formulas overflow."""
    try:
        value, statistics = compute_stats(samples, loops)
    except ArithmeticError:
        return median(samples), {}
    return value, statistics


def _given_statistics(measurement: Measurement) -> Json:
    """Return what a tool says of repeats that it does not keep, by asv's names."""
    low, high = measurement.quartiles or (None, None)
    number = None if measurement.rounds is None else measurement.loops
    return {
        "ci_99_a": measurement.low,
        "ci_99_b": measurement.high,
        "q_25": low,
        "q_75": high,
        "repeat": measurement.rounds,
        "number": number,
    }


def _cell(value: float | None) -> list[float] | None:
    return None if value is None or not isfinite(value) else [value]

"""A history as the files of an asv results tree, format 2."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, isnan
from typing import Any

from tracker.exchange.commit_results import CommitResults, list_commit_results
from tracker.exchange.result_file import COLUMNS, COMMIT_DIGITS
from tracker.model import Better, History, Outcome, Series

type Json = dict[str, Any]
type Grids = Mapping[str, Sequence[Sequence[str]]]

_NO_BOUNDS = {"low": float("-inf"), "high": float("inf")}  # asv's interval of a single repeat
_ASV_UNITS = {"s": "seconds", "B": "bytes"}


def asv_documents(history: History) -> Iterator[tuple[str, Json]]:
    """Give (path, content) of every file: benchmarks.json, machine.json, result files.

    Every result file has all combinations of its benchmarks' parameters: what was not measured
    is NaN, as asv writes it.
    """
    grids = _grids(history)
    yield "benchmarks.json", _benchmarks(history, grids)
    facts = {(e.machine, e.environment, e.position): dict(e.facts) for e in history.environments}
    machines: set[str] = set()
    taken: set[str] = set()
    for place in list_commit_results(history):
        own_facts = facts.get((place.machine, place.environment, place.position), {})
        path = next(name for name in map(place.path, COMMIT_DIGITS) if name not in taken)
        taken.add(path)
        folder = path.partition("/")[0]
        if folder not in machines:
            machines.add(folder)
            fields = {n: own_facts.get(n, "") for n in ("arch", "cpu", "num_cpu", "os", "ram")}
            yield f"{folder}/machine.json", {**fields, "machine": place.machine, "version": 1}
        yield path, _result_file(place, own_facts, grids)


def _grids(history: History) -> dict[str, list[list[str]]]:
    """Return the values of each parameter of each benchmark, in the order of the series."""
    values: dict[str, list[dict[str, None]]] = {}
    for series in history.series:
        grid = values.setdefault(series.key.benchmark, [{} for _ in series.key.params])
        for known, (_, value) in zip(grid, series.key.params, strict=True):
            known[value] = None
    return {name: [list(known) for known in grid] for name, grid in values.items()}


def _benchmarks(history: History, grids: Grids) -> Json:
    entries: Json = {"version": 2}
    for series in history.series:
        name, metric = series.key.benchmark, series.metric
        entries[name] = {
            "code": "",
            "name": name,
            "param_names": [parameter for parameter, _ in series.key.params],
            "params": grids[name],
            "type": metric.name if metric.name in {"time", "memory", "peakmemory"} else "track",
            "unit": _ASV_UNITS.get(metric.unit, metric.unit),
            "version": series.version,
            "higher_is_better": metric.better is Better.HIGHER,
        }
    return entries


def _result_file(place: CommitResults, facts: Mapping[str, str], grids: Grids) -> Json:
    rows: dict[str, dict[tuple[str, ...], tuple[Series, int]]] = {}
    for series, i in place.cells:
        combination = tuple(value for _, value in series.key.params)
        rows.setdefault(series.key.benchmark, {})[combination] = (series, i)
    params = {name: value for name, value in facts.items() if name != "python"}
    python = facts.get("python", "")
    return {
        "commit_hash": place.commit.sha,
        "env_name": place.environment,
        "date": place.commit.date_ms,
        "params": {**params, "machine": place.machine, "python": python},
        "python": python,
        "requirements": {},
        "env_vars": {},
        "result_columns": COLUMNS,
        "results": {name: _row(cells, grids[name]) for name, cells in rows.items()},
        "durations": {},
        "version": 2,
    }


def _row(
    cells: Mapping[tuple[str, ...], tuple[Series, int]], grid: Sequence[Sequence[str]]
) -> list[Any]:
    ordered = [cells.get(combination) for combination in itertools.product(*grid)]
    columns = {
        "result": [_value(cell) for cell in ordered],
        "params": list(grid),
        "version": next(series.version for series, _ in cells.values()),
        "stats_ci_99_a": _none_if_empty([_end(cell, "low") for cell in ordered]),
        "stats_ci_99_b": _none_if_empty([_end(cell, "high") for cell in ordered]),
        "stats_number": _none_if_empty([_calls(cell) for cell in ordered]),
        "samples": _none_if_empty([_samples(cell) for cell in ordered]),
    }
    row = [columns.get(name) for name in COLUMNS]
    while row[-1] is None:
        row.pop()
    return row


def _value(cell: tuple[Series, int] | None) -> float | None:
    """Return the value; None for a failure, NaN for what was not measured or is not supported."""
    if cell is None:
        return float("nan")
    series, i = cell
    value = float(series.values[i])
    failed = series.outcomes.get(int(series.positions[i])) is Outcome.FAILED
    return None if isnan(value) and failed else value


def _end(cell: tuple[Series, int] | None, name: str) -> float | None:
    if cell is None:
        return None
    value = float(getattr(cell[0], name)[cell[1]])
    if isfinite(value):
        return value
    return _NO_BOUNDS[name] if _calls(cell) else None


def _calls(cell: tuple[Series, int] | None) -> int | None:
    """Return asv's calls per repeat, beside which it always stores an interval."""
    return int(cell[0].loops[cell[1]]) or None if cell and cell[0].loops.size else None


def _samples(cell: tuple[Series, int] | None) -> list[float] | None:
    values = cell[0].samples_at(cell[1]).tolist() if cell else None
    return values or None


def _none_if_empty(values: list[Any]) -> list[Any] | None:
    return values if any(value is not None for value in values) else None

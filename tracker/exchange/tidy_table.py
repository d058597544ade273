"""A history as a tidy table: one row per series and commit, as columns or as CSV."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import isfinite
from types import SimpleNamespace
from typing import Any

from tracker.model import Commit, History, Outcome, Series

type Columns = dict[str, list[Any]]

COLUMNS = (
    "benchmark", "params", "machine", "environment", "position", "commit", "date",
    "outcome", "value", "unit", "better", "low", "high", "samples", "reason", "version",
)  # fmt: skip


def series_columns(series: Series, commits: tuple[Commit, ...]) -> Columns:
    """Return the rows of one series, oldest first. Unknown numbers are None, values in base units.

    `params` is a JSON object of asv's reprs, `date` a datetime in UTC, `samples` a list.
    """
    key, positions = series.key, series.positions.tolist()
    count = len(positions)
    fixed = {
        "benchmark": key.benchmark,
        "params": json.dumps(dict(key.params), ensure_ascii=False) if key.params else "",
        "machine": key.machine,
        "environment": key.environment,
        "unit": series.metric.unit,
        "better": series.metric.better.value,
        "version": series.version,
    }
    return {name: [value] * count for name, value in fixed.items()} | {
        "position": positions,
        "commit": [commits[position].sha for position in positions],
        "date": [
            datetime.fromtimestamp(commits[position].date_ms / 1000, tz=UTC)
            for position in positions
        ],
        "outcome": [
            series.outcomes.get(position, Outcome.MEASURED).value for position in positions
        ],
        "value": _known(series.values.tolist()),
        "low": _known(series.low.tolist()),
        "high": _known(series.high.tolist()),
        "samples": [series.samples_at(i).tolist() for i in range(count)],
        "reason": [series.reasons.get(position, "") for position in positions],
    }


def csv_lines(history: History) -> Iterator[bytes]:
    """Give the CSV of *history*, a series at a time: UTF-8, samples as JSON, dates in ISO 8601."""
    yield _csv([COLUMNS])
    for series in history.series:
        columns = series_columns(series, history.commits)
        columns["date"] = [date.isoformat() for date in columns["date"]]
        columns["samples"] = [json.dumps(each) if each else "" for each in columns["samples"]]
        yield _csv(zip(*(columns[name] for name in COLUMNS), strict=True))


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    lines: list[str] = []
    csv.writer(SimpleNamespace(write=lines.append), lineterminator="\n").writerows(rows)
    return "".join(lines).encode("utf-8", "backslashreplace")


def _known(values: list[float]) -> list[float | None]:
    return [value if isfinite(value) else None for value in values]

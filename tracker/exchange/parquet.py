"""A history as a Parquet file."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import IO, Any

from tracker.errors import UsageError
from tracker.exchange.tidy_table import COLUMNS, series_columns
from tracker.model import History, Series

_SERIES_PER_GROUP = 500  # row groups of some 100,000 rows, whatever the history's size


def write_parquet(history: History, file: IO[bytes]) -> None:
    """Write the table of *history* to *file*; UsageError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed",
            "pip install 'asynctasq-tracker[parquet]'",
        ) from error
    word = pa.dictionary(pa.int32(), pa.string())
    kinds = {
        "position": pa.int64(),
        "date": pa.timestamp("ms", tz="UTC"),
        "value": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "samples": pa.list_(pa.float64()),
    }
    schema = pa.schema([(name, kinds.get(name, word)) for name in COLUMNS])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for columns in _groups(history):
            writer.write_table(pa.table(columns, schema=schema))


def _groups(history: History) -> Iterator[dict[str, list[Any]]]:
    for some in batched(history.series, _SERIES_PER_GROUP, strict=False):
        yield _join(some, history)


def _join(some: Sequence[Series], history: History) -> dict[str, list[Any]]:
    joined: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for series in some:
        for name, values in series_columns(series, history.commits).items():
            joined[name] += values
    return joined

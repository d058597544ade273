"""Exports results trees, and compares every cell with what is read of the copy.

    python -m tests.evaluation.exported RESULTS...

Each tree leaves as asv's format 2 and as Parquet. Prints a row per tree; exit code 1 when a cell of
the copy is missing or another one.
"""

import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from tests.support.history_cells import cells
from tracker.cli import run
from tracker.history import Source, read_history


def check(results: str) -> bool:
    """Export one tree, compare, print the row; True when nothing differs."""
    with tempfile.TemporaryDirectory() as name:
        seconds = {}
        for form in ("asv", "parquet"):
            where = ["--results", results, "--skip-damaged", "--quiet"]
            started = time.process_time()
            code = run(["export", *where, "--format", form, "--out", f"{name}/{form}"])
            seconds[form] = time.process_time() - started
            if code:
                return False
        history = read_history(Source(results=results, skip_damaged=True))
        before, after = cells(history), cells(read_history(Source(results=f"{name}/asv")))
        different = [key for key, cell in before.items() if after.get(key) != cell]
        size = Path(name, "parquet").stat().st_size
        rows = pq.read_metadata(f"{name}/parquet").num_rows
    print(  # noqa: T201
        f"| {results} | {len(history.series):,} series, {len(before):,} cells | "
        f"{len(different)} differ | asv {seconds['asv']:.1f} s | "
        f"Parquet {rows:,} rows, {size / 1e6:.1f} MB, {seconds['parquet']:.1f} s |"
    )
    for key in different[:5]:
        print("   ", key, before[key], after.get(key))  # noqa: T201
    return not different and rows == sum(len(series.positions) for series in history.series)


def main() -> int:
    """Check every tree of the command line."""
    results = [check(name) for name in sys.argv[1:]]
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())

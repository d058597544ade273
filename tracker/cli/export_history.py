"""`tracker export`: a history for other tools."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Unpack

import click

from tracker.cli.loading import Where, load, pick_where
from tracker.cli.options import Output, output_options, results_options
from tracker.errors import ExitCode, UsageError
from tracker.exchange.asv_documents import asv_documents
from tracker.exchange.bencher_documents import bencher_documents
from tracker.exchange.parquet import write_parquet
from tracker.exchange.tidy_table import csv_lines
from tracker.model import History
from tracker.system.atomic import replace_file
from tracker.units import count

_FOLDERS = ("asv", "bmf")
_PIECE = 2**20


class Options(Where, Output):
    """Everything but `--format` and `--out`."""


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", *_FOLDERS]),
    default="csv",
    show_default=True,
    help="A table (csv, parquet), or a folder (asv, bmf).",
)
@click.option(
    "--out",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="File to write, or new folder.",
)
@results_options
@output_options
def command(*, form: str, out: Path, **options: Unpack[Options]) -> int:
    """Write a history for other programs.

    csv, parquet: one row per series and commit, in base units, failures included. asv: a new
    results tree in asv's current format. bmf: Bencher's format, one file per machine and commit.
    """
    if form in _FOLDERS and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} already exists", "name a new folder: --out DIR")
    history = load(pick_where(options), quiet=options["quiet"])
    if form in _FOLDERS:
        files = _write_folder(out, _documents(history, form))
        click.echo(f"{out}: {count(files, 'file')} of {count(len(history.series), 'series')}")
        return ExitCode.FINE
    if form == "csv":
        replace_file(out, csv_lines(history))
    else:
        _write_parquet(out, history)
    rows = sum(len(series.positions) for series in history.series)
    click.echo(f"{out}: {count(rows, 'row')} of {count(len(history.series), 'series')}")
    return ExitCode.FINE


def _documents(history: History, form: str) -> Iterator[tuple[str, bytes]]:
    if form == "bmf":
        yield from bencher_documents(history)
        return
    for path, document in asv_documents(history):
        yield path, json.dumps(document).encode()


def _write_folder(out: Path, documents: Iterable[tuple[str, bytes]]) -> int:
    """Write all files beside *out* and rename the folder at the end; return their number."""
    out.parent.mkdir(parents=True, exist_ok=True)
    files = 0
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as name:
        building = Path(name) / "tree"
        building.mkdir()
        for path, content in documents:
            target = building / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            files += 1
        building.rename(out)
    return files


def _write_parquet(out: Path, history: History) -> None:
    with tempfile.TemporaryFile() as file:
        write_parquet(history, file)
        file.seek(0)
        replace_file(out, _pieces(file))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece

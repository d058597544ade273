"""`tracker plan`: shards for a CI matrix."""

import json
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, config_option, output_options, results_option
from tracker.errors import DataError, ExitCode
from tracker.history.asv.tree import open_tree
from tracker.history.config import resolve_source
from tracker.suite.durations import read_durations
from tracker.suite.scenarios import choose, read_suite
from tracker.suite.shards import split


@click.command("plan")
@config_option
@results_option
@click.option(
    "--shards",
    type=click.IntRange(1, 256),
    default=4,
    show_default=True,
    help="Number of shards.",
)
@click.option("--scenarios", default="", help="Only these scenarios, comma-separated.")
@output_options
def command(
    *, config: str, results: str | None, shards: int, scenarios: str, **_output: Unpack[Output]
) -> int:
    """Print shards as JSON, for `strategy.matrix` of GitHub Actions.

    Scenarios are spread by how long they took last time, so that shards end together. Each entry of
    `include` has `shard` (from 1), `scenarios` (comma-separated) and `seconds`.
    """
    suite = read_suite(Path(config))
    folder = resolve_source(config, results=results).results
    parts = split(choose(suite, scenarios), _durations(folder), shards)
    include = [
        {"shard": number, "scenarios": ",".join(part.scenarios), "seconds": part.seconds}
        for number, part in enumerate(parts, start=1)
    ]
    click.echo(json.dumps({"include": include}))
    return ExitCode.FINE


def _durations(folder: str) -> dict[str, float]:
    """Nothing is known before the first results, and that is no error."""
    try:
        return read_durations(open_tree(folder))
    except DataError:
        return {}

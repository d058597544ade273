"""`tracker detect`: the change points of any asv results tree."""

from typing import Unpack

import click

from tracker.cli.judging import judging_options
from tracker.cli.options import output_options, results_options
from tracker.cli.overview import OverviewOptions, exit_code, read_overview
from tracker.report.history.json_document import build_document, encode_document
from tracker.report.history.text import render_changes


@click.command()
@results_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text, or JSON in full precision.",
)
@judging_options
@output_options
def command(form: str, **request: Unpack[OverviewOptions]) -> int:
    """Show the change points of the results of any asv project.

    Exit code 1: a regression has been neither undone nor accepted.
    """
    history, overview = read_overview(request)
    if form == "json":
        click.echo(encode_document(build_document(overview)), nl=False)
    else:
        click.echo(render_changes(overview), nl=False)
    return exit_code(history, overview)

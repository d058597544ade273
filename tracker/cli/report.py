"""`tracker report`: what stands and what changed."""

from collections.abc import Callable
from typing import Unpack

import click

from tracker.cli.judging import judging_options
from tracker.cli.options import output_options, results_options
from tracker.cli.overview import Request, exit_code, read_overview
from tracker.report.history.document import build_document, encode_document
from tracker.report.history.markdown import render_markdown
from tracker.report.history.overview import Overview
from tracker.report.history.text import render_text

_FORMATS: dict[str, Callable[[Overview], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "json": lambda overview: encode_document(build_document(overview)),
}


@click.command()
@results_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_FORMATS)),
    default="text",
    show_default=True,
    help="Text, Markdown for a job summary, or JSON in full precision.",
)
@judging_options
@output_options
def command(form: str, **request: Unpack[Request]) -> int:
    """Show the latest value and verdict of every series, and the changes detected.

    Also shows what failed and what was left out. Exit code 1: something is worse now than it was,
    and nobody has accepted it.
    """
    overview = read_overview(request)
    click.echo(_FORMATS[form](overview), nl=False)
    return exit_code(overview)

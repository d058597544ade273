"""`tracker report`: what happened, and where the series stand."""

from collections.abc import Callable
from typing import Unpack

import click

from tracker.cli.judging import judging_options
from tracker.cli.options import output_options, results_options
from tracker.cli.overview import OverviewOptions, exit_code, read_overview
from tracker.model import Verdict
from tracker.report.history.json_document import build_document, encode_document
from tracker.report.history.markdown import render_markdown
from tracker.report.history.overview import Overview
from tracker.report.history.selection import Wanted
from tracker.report.history.text import LIMIT, render_text

_FORMATS: dict[str, Callable[[Overview, int | None], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "json": lambda overview, _: encode_document(build_document(overview)),
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
@click.option(
    "--since",
    default="",
    metavar="WHEN",
    help="Only events since this commit, release or day (2026-01-31).",
)
@click.option(
    "--verdict",
    type=click.Choice([verdict.value for verdict in Verdict]),
    default=None,
    help="Only events and series with this verdict.",
)
@click.option("--library", default="", metavar="NAME", help="Only series of this library.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=None,
    help=f"Rows of each list, in text and Markdown (default: {LIMIT}, in text as suits a screen).",
)
@judging_options
@output_options
def command(
    *,
    form: str,
    since: str,
    verdict: str | None,
    library: str,
    limit: int | None,
    **request: Unpack[OverviewOptions],
) -> int:
    """Show the events, most urgent first, the verdict of each series, and what failed.

    Exit code 1: a regression, listed or not, has been neither undone nor accepted.
    """
    wanted = Wanted(since=since, verdict=Verdict(verdict) if verdict else None, library=library)
    history, overview = read_overview(request, wanted)
    click.echo(_FORMATS[form](overview, limit), nl=False)
    return exit_code(history, overview)

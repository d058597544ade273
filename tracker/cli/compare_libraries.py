"""`tracker compare-libraries`: the libraries side by side, from run records."""

from typing import Unpack

import click

from tracker.cli.loading import Where, pick_where
from tracker.cli.options import Output, output_options, progress, results_options
from tracker.history import resolve_source
from tracker.history.run_records import read_run_records
from tracker.model import Tier
from tracker.report.libraries import compare_libraries, encode, render


class _Options(Where, Output):
    """All further options, as click hands them over."""


@click.command(short_help="Set the libraries side by side.")
@results_options
@click.option("--base", default="asynctasq", show_default=True, help="Ratios are taken against it.")
@click.option("--against", default="celery", show_default=True, help="Shown right after the base.")
@click.option("--scenarios", default="", metavar="A,B", help="Only these; default: all.")
@click.option(
    "--tier",
    type=click.Choice(["all", *(str(tier) for tier in Tier)]),
    default="primary",
    show_default=True,
    help="Which metrics.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@output_options
def command(
    *, base: str, against: str, scenarios: str, tier: str, form: str, **options: Unpack[_Options]
) -> None:
    """Show every library in every scenario that was measured, newest records first.

    Medians with 95 % bootstrap intervals, the ratio to the base library with its interval, and
    Cliff's delta. What was not measured stands there with its reason.
    """
    source = resolve_source(**pick_where(options))
    progress(f"run records of {source.results}", quiet=options["quiet"])
    comparison = compare_libraries(
        read_run_records(source.results),
        base=base,
        scenarios=[name.strip() for name in scenarios.split(",") if name.strip()],
        tier=None if tier == "all" else Tier(tier),
    )
    text = encode(comparison) if form == "json" else render(comparison, first=(base, against))
    click.echo(text, nl=False)

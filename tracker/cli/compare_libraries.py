"""`tracker compare-libraries`: the libraries side by side, from run records."""

from typing import Unpack

import click

from tracker.cli.loading import Where, pick_where
from tracker.cli.options import Output, output_options, progress, results_options
from tracker.errors import DataError, UsageError, refuse_unknown
from tracker.history import Source, resolve_source
from tracker.history.asv.tree import open_tree
from tracker.history.commits import find_branch, read_branch
from tracker.history.run_records import read_run_records
from tracker.model import Tier
from tracker.model.run_record import RunRecord
from tracker.report.libraries.comparison import compare_libraries, encode, render
from tracker.site_data.libraries import AGAINST, base_of, newest_records


class _Options(Where, Output):
    """All further options, as click hands them over."""


@click.command()
@results_options
@click.option("--base", default="", help="Library that ratios refer to (default: the tracked one).")
@click.option(
    "--against", default="", help=f"Library to show right after the base (default: {AGAINST})."
)
@click.option(
    "--machine", default="", help="Machine whose results are compared; needed if there are several."
)
@click.option("--scenarios", default="", metavar="A,B", help="Only these scenarios.")
@click.option(
    "--tier",
    type=click.Choice(["all", *(str(tier) for tier in Tier)]),
    default="primary",
    show_default=True,
    help="Tier of the metrics.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text, or JSON in full precision.",
)
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    base: str,
    against: str,
    machine: str,
    scenarios: str,
    tier: str,
    form: str,
    **options: Unpack[_Options],
) -> None:
    """Compare the libraries in every scenario that was measured, from the newest commit of each.

    Medians with 95 % bootstrap intervals, the ratio to the base library with its interval, and
    Cliff's delta. What was not measured is shown with its reason.
    """
    source = resolve_source(**pick_where(options))
    progress(f"run records of {source.results}", quiet=options["quiet"])
    records = _newest_records(source, machine, quiet=options["quiet"])
    libraries = sorted({record.library for record in records})
    chosen = [name.strip() for name in scenarios.split(",") if name.strip()]
    refuse_unknown("scenario", chosen, sorted({record.scenario for record in records}))
    refuse_unknown("library", [name for name in (base, against) if name], libraries)
    base = base or base_of(records, source.project)
    comparison = compare_libraries(
        records, base=base, scenarios=chosen, tier=None if tier == "all" else Tier(tier)
    )
    first = (base, against or AGAINST)
    text = encode(comparison) if form == "json" else render(comparison, first=first)
    click.echo(text, nl=False)


def _newest_records(source: Source, machine: str, *, quiet: bool) -> list[RunRecord]:
    """The record of the newest commit of each cell, of one machine; without git the last made."""
    repo = source.repo
    commits = read_branch(repo, find_branch(repo, source.branch)) if repo else ()
    records, damaged = read_run_records(open_tree(source.results))
    for one in damaged:
        progress(f"note: {one.what} is left out: {one.why}", quiet=quiet)
    machines = newest_records(records, [commit.sha for commit in commits])
    if not machines:
        raise DataError(
            f"{source.results} has no run records: only the scenarios of this suite write them",
            "measure first (tracker run), or name another folder: --results DIR",
        )
    if not machine and len(machines) > 1:
        raise UsageError(
            f"results of different machines are not comparable: {', '.join(machines)}",
            "choose one with --machine",
        )
    machine = machine or next(iter(machines))
    refuse_unknown("machine", [machine], machines)
    return machines[machine]

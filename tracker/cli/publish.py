"""`tracker publish`: the trend site."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.judging import How, explain_history, judge_history, judging_options
from tracker.cli.loading import Where, load, pick_where, refuse_damage
from tracker.cli.options import Output, output_options, results_options
from tracker.errors import DataError, ExitCode
from tracker.history import resolve_source
from tracker.history.triage_file import read_triage
from tracker.report.comparison.pull_verdicts import FOLDER, decode_verdicts, one_per_pull
from tracker.site_data.build import Extras
from tracker.site_data.pull_request_score import score_of
from tracker.site_data.schema import Score
from tracker.units import count


class Options(Where, How, Output):
    """Everything but `--out`."""


@click.command("publish")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    help="Folder or fsspec address (s3://, gs://, ...): new, empty, or written by publish.",
)
@results_options
@judging_options
@output_options
def command(*, out: str, **options: Unpack[Options]) -> int:
    """Write the trend site: static files for any web server.

    Only what changed is written; index.html is replaced last.
    """
    where = pick_where(options)
    how = How(scheduler=options["scheduler"], processes=options["processes"])
    source = resolve_source(**where)
    judged = explain_history(judge_history(load(where, quiet=options["quiet"]), how), source.repo)
    extras = Extras(
        triage=read_triage(Path(options["config"]).parent),
        today=datetime.now(tz=UTC).date(),
        score=_score(source.results),
    )
    from tracker.publish.site import publish  # late: it takes the memory that reading has freed

    done = publish(judged, out, extras)
    click.echo(
        f"{out}: {count(done.files, 'file')}, {done.written:,} written, {done.removed:,} removed"
        + ("" if "://" in out else f"; show it with: tracker serve {out}")
    )
    refuse_damage(judged.history)
    return ExitCode.FINE


def _score(address: str) -> Score | None:
    """Return how verdicts on pull requests held: they lie beside the results on their branch."""
    folder = Path(address).parent / FOLDER
    records = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            records.append(decode_verdicts(path.read_bytes()))
        except (OSError, DataError) as error:
            raise DataError(f"{path} cannot be read: {error}", "fix or delete it") from error
    return score_of(one_per_pull(records))

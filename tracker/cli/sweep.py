"""`tracker sweep`: report the runs whose checks were left open."""

import click

from tracker.cli.comment import author_option, check_option, key_option, target_of, workflow_option
from tracker.cli.options import output_options, progress
from tracker.errors import ExitCode
from tracker.github.actions import read_job
from tracker.github.sweep import Sweep


@click.command("sweep")
@click.option(
    "--artifact", default="comparison", show_default=True, help="Artifact that the runs upload."
)
@click.option(
    "--recent",
    type=click.IntRange(min=1, max=1000),
    default=20,
    show_default=True,
    help="Number of newest runs to look at; one request for each commit.",
)
@key_option
@check_option
@workflow_option
@author_option
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    artifact: str,
    recent: int,
    key: str,
    check: str,
    workflow: str,
    author: str,
    verbose: bool,  # noqa: ARG001 - read by the group
    quiet: bool,
) -> int:
    """Report the measuring runs whose checks were left open, as `tracker comment` would have.

    The job that posts may have died, or GitHub may have refused all writes. Runs that ended in the
    last ten minutes are left to their own job.
    """

    def say(text: str) -> None:
        progress(f"tracker: {text}", quiet=quiet)

    job = read_job(say)
    target = target_of(job, key, check, author, say)
    for line in Sweep(target=target, workflow=workflow, artifact=artifact, recent=recent).run():
        say(line)
    return ExitCode.FINE

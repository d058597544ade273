"""`tracker follow-up`: tell pull requests what later commits say of their change."""

from pathlib import Path
from typing import Unpack

import click

from tracker.cli.loading import Where, load, refuse_damage
from tracker.cli.options import output_options, progress, results_options
from tracker.errors import ExitCode
from tracker.github.actions import read_job
from tracker.github.follow_up import FollowUp
from tracker.github.posting import ACTIONS_BOT
from tracker.judge import judge


@click.command("follow-up")
@results_options
@click.option(
    "--verdicts",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of earlier verdicts and what became of them.",
)
@click.option(
    "--recent",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Number of newest commits to look at.",
)
@click.option("--key", default="default", help="Name of the comment, as in `tracker comment`.")
@click.option(
    "--author", default=ACTIONS_BOT, show_default=True, help="Account that the token belongs to."
)
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    verdicts: Path,
    recent: int,
    key: str,
    author: str,
    verbose: bool,  # noqa: ARG001 - read by the group
    quiet: bool,
    **where: Unpack[Where],
) -> int:
    """Tell merged pull requests what later commits show of their change.

    The pull request of each of the newest commits is looked up. If its change is confirmed or
    refuted, or was not expected at all, its comment is updated. The verdicts folder records
    how often the tracker was right.
    """

    def say(text: str) -> None:
        progress(f"tracker: {text}", quiet=quiet)

    job = read_job(say)
    judged = judge(load(where, quiet=quiet))
    follow = FollowUp(api=job.api, folder=verdicts, author=author, key=key, recent=recent)
    for line in follow.run(judged):
        say(line)
    refuse_damage(judged.history)
    return ExitCode.FINE

"""`tracker command`: act on `/benchmark` in a comment, and on the "Re-run" of a check."""

import click

from tracker.cli.comment import workflow_option
from tracker.cli.options import output_options, progress
from tracker.errors import DataError, ExitCode, UsageError
from tracker.github.actions import read_job, write_summary
from tracker.github.benchmark_command import BenchmarkCommand, rerun
from tracker.github.remote_files import command_role
from tracker.report.escape import code, terminal


@click.command("command")
@workflow_option
@output_options
def command(
    *,
    workflow: str,
    verbose: bool,  # noqa: ARG001 - read by the group
    quiet: bool,
) -> int:
    """Start the measurement that a comment asks for: /benchmark [scenarios] [budget].

    The author needs at least the role that `[command] role` names in the settings of the default
    branch; unset, it is write. The measuring workflow starts for the head that the pull request had
    at the time of the comment. "Re-run" on a check starts its run again.
    """

    def say(text: str) -> None:
        progress(f"tracker: {text}", quiet=quiet)

    job = read_job(say)
    if job.event_name == "check_run":
        say(rerun(job.api, job.event, workflow))
        return ExitCode.FINE
    if job.event_name != "issue_comment":
        raise UsageError(
            f"a {job.event_name or 'missing'} event carries no command",
            "run this on issue_comment and check_run; docs/github.md shows the workflow",
        )
    order = BenchmarkCommand(
        api=job.api, event=job.event, workflow=workflow, role=command_role(job.api)
    )
    try:
        what = order.obey()
    except DataError as error:  # a slip of the one who wrote it, not of this job
        what = f"{terminal(error.message)}; {error.next_step}"
    say(what)
    write_summary(job.summary, f"{code(what, 400)}\n")
    return ExitCode.FINE

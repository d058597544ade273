"""`tracker comment`: post the report of a comparison to GitHub."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from tracker.cli.options import output_options, progress
from tracker.errors import DataError, ExitCode, UsageError
from tracker.github.actions import Job, read_job, summary_file, write_summary
from tracker.github.posting import ACTIONS_BOT, Measurement, Target, post
from tracker.github.pulls import pull_of_event, pull_of_number
from tracker.github.remote_files import maintainers_rules
from tracker.github.reporting import begin, decode, report
from tracker.github.runs import run_of_event
from tracker.history.config import read_settings
from tracker.history.triage_file import read_triage
from tracker.model.comparison import Comparison
from tracker.report.comparison.comment import render, render_summary
from tracker.report.comparison.file import MAX_BYTES
from tracker.report.comparison.ruling import rule_on
from tracker.report.links import RunLinks, parse_site
from tracker.settings.gates import parse_gates

WORKFLOW = ".github/workflows/pull-request.yml"
_BEGINNING = frozenset({"requested", "in_progress"})

key_option = click.option(
    "--key", default="default", help="Name of this comment, if a pull request has several."
)
check_option = click.option(
    "--check",
    default="",
    help='Name of the check (default: "performance", or "performance (KEY)").',
)
workflow_option = click.option(
    "--workflow", default=WORKFLOW, show_default=True, help="Path of the workflow that measures."
)
author_option = click.option(
    "--author", default=ACTIONS_BOT, show_default=True, help="Account that the token belongs to."
)


@click.command("comment")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--artifact",
    metavar="NAME",
    help="Take the file from this artifact of the run that just ended.",
)
@click.option("--dry-run", is_flag=True, help="Print the comment and post nothing.")
@click.option(
    "--pull",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pull request to post to, if the event does not name one.",
)
@key_option
@check_option
@workflow_option
@author_option
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    file: Path | None,
    artifact: str | None,
    dry_run: bool,
    number: int | None,
    key: str,
    check: str,
    workflow: str,
    author: str,
    verbose: bool,  # noqa: ARG001 - read by the group
    quiet: bool,
) -> int:
    """Post a comparison to its pull request, as a check and a comment.

    FILE is what `tracker compare --out` wrote. Where to post is read from GitHub's variables:
    GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_EVENT_NAME, GITHUB_EVENT_PATH,
    GITHUB_STEP_SUMMARY. Exit codes with FILE: 0 fine, 1 regression, 3 head cannot be measured,
    5 cannot tell. With --artifact the check is the gate, and 0 means that it was posted. With both:
    3 the file is refused, 4 GitHub refuses.
    """
    if (file is None) == (artifact is None):
        raise UsageError("either a file or an artifact is needed", "give FILE or --artifact NAME")
    if dry_run:
        return _show(file)

    def say(text: str) -> None:
        progress(f"tracker: {text}", quiet=quiet)

    job = read_job(say)
    target = target_of(job, key, check, author, say)
    if file is not None:
        return _post_file(target, job, decode(_read(file)), number)
    run = run_of_event(job.api, job.event, workflow)
    if job.event.get("action") in _BEGINNING:
        begin(target, run)
    else:
        report(target, run, artifact or "", today())
    return ExitCode.FINE


def target_of(job: Job, key: str, check: str, author: str, say: Callable[[str], None]) -> Target:
    """Return where *job* posts; the suites of one repository have a check each."""
    key = key or "default"  # as a workflow's input that nobody has set
    name = "performance" if key == "default" else f"performance ({key})"
    return Target(
        api=job.api,
        home=f"{job.server_url}/{job.api.repository}",
        key=key,
        check=check or name,
        author=author,
        summary=job.summary,
        say=say,
    )


def today() -> date:
    """Return the day on which rules of triage hold or have expired."""
    return datetime.now(UTC).date()


def _show(file: Path | None) -> int:
    """Print what would be posted, under the gates and the triage of the current folder."""
    if file is None:
        raise UsageError("--dry-run cannot fetch an artifact", "give FILE")
    here = Path()
    settings = read_settings(here)
    ruling = rule_on(
        decode(_read(file)),
        parse_gates(settings),
        read_triage(here),
        today(),
        site=parse_site(settings),
    )
    click.echo(render(ruling), nl=False)
    write_summary(summary_file(), render_summary(ruling))
    return ruling.exit_code


def _post_file(target: Target, job: Job, comparison: Comparison, number: int | None) -> int:
    """Post in a job that belongs to the pull request itself."""
    rules = maintainers_rules(job.api)
    ruling = rule_on(comparison, rules.gates, rules.triage, today(), site=rules.site)
    pull = pull_of_number(job.api, number) if number else pull_of_event(job.event)
    if pull is None:
        raise UsageError(
            f"a {job.event_name or 'missing'} event names no pull request", "give --pull N"
        )
    if pull.foreign and job.event_name == "pull_request":
        write_summary(job.summary, render_summary(ruling))
        target.say("the job of a fork may not post; docs/github.md shows the workflow that may")
        return ruling.exit_code
    if comparison.head.sha != pull.sha:
        raise DataError(
            f"the comparison is of {comparison.head.sha[:9]}, "
            f"pull request #{pull.number} is at {pull.sha[:9]}",
            "measure the pull request's head, not its merge commit",
        )
    check = target.check_on(pull.sha, job.run_key, job.page)
    links = RunLinks(run=check.url)
    post(target, check, Measurement(ruling=ruling, pulls=[pull], policy=rules.check, links=links))
    return ruling.exit_code


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"{file} cannot be read: {error.strerror}", "run `tracker compare`"
        ) from error

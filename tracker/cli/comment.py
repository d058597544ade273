"""`tracker comment`: post the report of a comparison to GitHub."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from tracker.cli.options import output_options, progress
from tracker.errors import DataError, ExitCode, NetworkError, UsageError
from tracker.github.actions import Job, read_job, summary_file, write_summary
from tracker.github.api import Json
from tracker.github.artifacts import read_member
from tracker.github.checks import Result
from tracker.github.posting import ACTIONS_BOT, Place, close_check, post, post_unmeasured
from tracker.github.pulls import Pull, pull_of_event, pull_of_number, pull_of_run, workflow_run
from tracker.github.remote_files import remote_settings, remote_triage
from tracker.history.config import read_settings
from tracker.history.triage_file import read_triage
from tracker.model.comparison import Comparison
from tracker.report.comparison.comment import render, render_summary
from tracker.report.comparison.file import MAX_BYTES, decode
from tracker.report.comparison.headline import title
from tracker.report.comparison.ruling import Ruling, judge
from tracker.report.escape import terminal
from tracker.report.links import parse_site
from tracker.settings.gates import parse_gates

MEMBER = "comparison.json"
WORKFLOW = ".github/workflows/pull-request.yml"
# Title and text of a check that ends without a report.
_SUPERSEDED = ("Superseded", "The pull request was closed or has a newer head.")
_UNTOUCHED = ("Nothing to measure", "The tracked code is not changed.")
_WAITING = ("Waiting", "A maintainer must approve the run before anything is measured.")
_REFUSED = ("Result refused", "What the run left was refused; this job's log says why.")
_NOT_JUDGED = (
    "Performance was not judged",
    "The result could not be read; this job's log says why.",
)
_BEGINNING = frozenset({"requested", "in_progress"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options that say what is posted where; see the command's help."""

    number: int | None
    key: str
    check: str
    workflow: str
    author: str
    say: Callable[[str], None]


@click.command("comment")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--artifact", metavar="NAME", help="Artifact of the run that just ended, with the file."
)
@click.option("--dry-run", is_flag=True, help="Print the comment and post nothing.")
@click.option(
    "--pull",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pull request to post to, if the event names none.",
)
@click.option(
    "--key", default="default", help="Name of this comment, if a pull request has several."
)
@click.option("--check", default="performance", show_default=True, help="Name of the check run.")
@click.option(
    "--workflow", default=WORKFLOW, show_default=True, help="Path of the workflow that measures."
)
@click.option(
    "--author", default=ACTIONS_BOT, show_default=True, help="Account that the token belongs to."
)
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
    """Post a comparison to its pull request, as a comment and a check run.

    FILE is what `tracker compare --out` wrote. Where to post is read from GitHub's variables:
    GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_EVENT_NAME, GITHUB_EVENT_PATH,
    GITHUB_STEP_SUMMARY. Exit codes: 0 fine, 1 regression, 3 head cannot be measured or the file is
    refused, 4 GitHub refuses, 5 cannot tell.
    """
    if (file is None) == (artifact is None):
        raise UsageError("either a file or an artifact is needed", "give FILE or --artifact NAME")
    if dry_run:
        return _show(file)
    request = Request(
        number=number,
        key=key,
        check=check,
        workflow=workflow,
        author=author,
        say=lambda text: progress(f"tracker: {text}", quiet=quiet),
    )
    job = read_job(request.say)
    if file is not None:
        return _post_file(request, job, _decode(_read(file)))
    return _post_of_run(request, job, artifact or "")


def _show(file: Path | None) -> int:
    """Print what would be posted, under the gates and the triage of the current folder."""
    if file is None:
        raise UsageError("--dry-run cannot fetch an artifact", "give FILE")
    here = Path()
    settings = read_settings(here)
    ruling = judge(
        _decode(_read(file)),
        parse_gates(settings),
        read_triage(here),
        _today(),
        site=parse_site(settings),
    )
    click.echo(render(ruling), nl=False)
    write_summary(summary_file(), render_summary(ruling))
    return ruling.exit_code


def _post_file(request: Request, job: Job, comparison: Comparison) -> int:
    """Post in a job that belongs to the pull request itself."""
    ruling = _judge_remotely(job, comparison)
    write_summary(job.summary, render_summary(ruling))
    pull = pull_of_number(job.api, request.number) if request.number else pull_of_event(job.event)
    if pull is None:
        raise UsageError(
            f"a {job.event_name or 'missing'} event names no pull request", "give --pull N"
        )
    if pull.foreign and job.event_name == "pull_request":
        request.say("the job of a fork may not post; docs/github.md shows the workflow that may")
        return ruling.exit_code
    return _post(request, _place(request, job, pull, job.run_key), ruling)


def _post_of_run(request: Request, job: Job, artifact: str) -> int:
    """Post in a job that follows the measuring one; nothing of the artifact is trusted."""
    run = workflow_run(job.api, job.event, request.workflow)
    run_key = f"{int(run['id'])}.{run.get('run_attempt', 1)}"
    gone = Pull(number=0, sha=str(run["head_sha"]), foreign=True)
    commit = _place(request, job, gone, run_key)
    with _check_ended(commit):
        pull = pull_of_run(job.api, run)
    if pull is None:
        close_check(commit, Result.NEUTRAL, *_SUPERSEDED)
        request.say("no open pull request has this head now; nothing was posted")
        return ExitCode.FINE
    place = _place(request, job, pull, run_key)
    if job.event.get("action") in _BEGINNING:
        place.open_check()
        request.say(f"check {request.check!r} is in progress on {pull.sha[:9]}")
        return ExitCode.FINE
    with _check_ended(commit):
        data = read_member(job.api, int(run["id"]), artifact, MEMBER, MAX_BYTES)
        comparison = None if data is None else _decode(data)
        ruling = None if comparison is None else _judge_remotely(job, comparison, pull)
    if ruling is None:
        return _post_nothing(request, job, place, run)
    write_summary(job.summary, render_summary(ruling))
    return _post(request, place, ruling)


@contextmanager
def _check_ended(commit: Place) -> Iterator[None]:
    """End the check that began with the measuring when anything stops us, and let that go on."""
    try:
        yield
    except BaseException as error:
        refused = isinstance(error, DataError)
        with suppress(NetworkError):  # what stopped us says more
            close_check(commit, Result.FAILURE, *(_REFUSED if refused else _NOT_JUDGED))
        raise


def _post_nothing(request: Request, job: Job, place: Place, run: Json) -> int:
    """Say that a run failed to measure; say nothing when it had nothing to measure, or waits."""
    conclusion = run.get("conclusion")
    if conclusion == "action_required":
        close_check(place, Result.NEUTRAL, *_WAITING)
        request.say("the run waits for a maintainer's approval; no comment")
        return ExitCode.FINE
    if conclusion in {"success", "skipped"}:
        close_check(place, Result.SUCCESS, *_UNTOUCHED)
        request.say("the run had nothing to measure; no comment")
        return ExitCode.FINE
    url = f"{job.server_url}/{job.api.repository}/actions/runs/{int(run['id'])}"
    request.say(f"the run left no result: comment {post_unmeasured(place, url)}")
    return ExitCode.CANNOT_TELL


def _judge_remotely(job: Job, comparison: Comparison, pull: Pull | None = None) -> Ruling:
    """Judge under the gates and the triage of the default branch."""
    if pull is not None and comparison.head.sha != pull.sha:
        raise DataError(
            f"the comparison is of {comparison.head.sha[:9]}, the run was of {pull.sha[:9]}; "
            "nothing was posted",
            "measure the pull request's head: `tracker compare BASE HEAD`",
        )
    settings = remote_settings(job.api)
    return judge(
        comparison,
        parse_gates(settings),
        remote_triage(job.api),
        _today(),
        site=parse_site(settings),
    )


def _place(request: Request, job: Job, pull: Pull, external_id: str) -> Place:
    return Place(
        api=job.api,
        pull=pull,
        external_id=external_id,
        key=request.key,
        check=request.check,
        author=request.author,
    )


def _post(request: Request, place: Place, ruling: Ruling) -> int:
    if ruling.comparison.head.sha != place.pull.sha:
        raise DataError(
            f"the comparison is of {ruling.comparison.head.sha[:9]}, "
            f"pull request #{place.pull.number} is at {place.pull.sha[:9]}",
            "measure the pull request's head, not its merge commit",
        )
    what = post(place, ruling)
    request.say(f"#{place.pull.number}: comment {what}; {title(ruling)}")
    return ruling.exit_code


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"{file} cannot be read: {error.strerror}", "run `tracker compare`"
        ) from error


def _decode(data: bytes) -> Comparison:
    """Decode; what is quoted from a hostile file must not be taken for a command of the runner."""
    try:
        return decode(data)
    except DataError as error:
        raise DataError(f"{terminal(error.message)}; nothing was posted", error.next_step) from None


def _today() -> date:
    return datetime.now(UTC).date()

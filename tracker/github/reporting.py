"""Reports a measuring run: from GitHub's record of it and its one artifact to check and comment.

1. `runs.read_run`: the record -> `MeasuringRun`.
2. `pulls.pulls_of_run`: the open pull requests that have its head.
3. `artifacts.read_member`: what it left, `Comparison` or `NotMeasured`.
4. `remote_files.maintainers_rules`: gates, triage and policy of the default branch.
5. `posting`: the check, then the comments.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date

from tracker.errors import DataError, NetworkError
from tracker.github.api import Api
from tracker.github.artifacts import Member, read_member
from tracker.github.checks import Check, Ending, Result
from tracker.github.posting import Measurement, Target, post, post_superseded, post_unmeasured
from tracker.github.pulls import Pull, merge_base, pulls_of_run
from tracker.github.remote_files import MaintainersError, maintainers_rules
from tracker.github.runs import MeasuringJob, MeasuringRun, measuring_job
from tracker.model.comparison import Comparison
from tracker.model.not_measured import NotMeasured, Reason
from tracker.report.comparison import file, not_measured
from tracker.report.comparison.ruling import rule_on
from tracker.report.escape import code, terminal
from tracker.report.links import RunLinks

MEMBER = "comparison.json"
_LIMITS = {MEMBER: file.MAX_BYTES, "not-measured.json": not_measured.MAX_BYTES}
_REASONS = {
    "action_required": Reason.WAITING,
    "skipped": Reason.SKIPPED,
    "cancelled": Reason.CANCELLED,
    "success": Reason.NO_RESULT,
}


def begin(target: Target, run: MeasuringRun) -> None:
    """Show that *run* is under way, on the commit that it measures."""
    if run.event != "merge_group" and not pulls_of_run(target.api, run):
        target.say("no open pull request has this head any more; nothing was posted")
        return
    check_of(target, run).begin()
    target.say(f"check {target.check!r} is in progress on {run.sha[:9]}")


def report(target: Target, run: MeasuringRun, artifact: str, today: date) -> None:
    """Say what *run* has found out; *artifact* is the name of what it left, less the attempt.

    Raises:
        MaintainersError: the default branch has a mistake; the check says whose it is.
        DataError: what it left is refused; the check says so, if it had begun.
        NetworkError: GitHub refused, or did not answer in time.
    """
    check = check_of(target, run)
    with _check_ended(check):
        pulls = pulls_of_run(target.api, run)
        if not run.newest or (not pulls and run.event != "merge_group"):
            post_superseded(target, check)
            return
        job = measuring_job(target.api, run, target.key)
        member = _read(target.api, run, job, artifact)
        result = None if member is None else _decode(member, run.sha)
        rules = maintainers_rules(target.api)
        links = _links(target, run, job, member)
        meant = pulls if not isinstance(result, Comparison) else _meant(target.api, pulls, result)
    if isinstance(result, Comparison) and (meant or run.event == "merge_group"):
        ruling = rule_on(result, rules.gates, rules.triage, today, site=rules.site)
        post(target, check, Measurement(
            ruling=ruling, pulls=meant, policy=rules.check, links=links
        ))  # fmt: skip
        return
    reason, text = _reason(run, job, result)
    post_unmeasured(target, check, reason, text, pulls=pulls, policy=rules.check, links=links)


def check_of(target: Target, run: MeasuringRun) -> Check:
    """Return the check of *run*."""
    return target.check_on(run.sha, run.key, run.page)


def decode(data: bytes) -> Comparison:
    """Decode; what is quoted from a hostile file must not be taken for a command of the runner."""
    with _nothing_posted():
        return file.decode(data)


@contextmanager
def _nothing_posted() -> Iterator[None]:
    try:
        yield
    except DataError as error:
        raise DataError(f"{terminal(error.message)}; nothing was posted", error.next_step) from None


@contextmanager
def _check_ended(check: Check) -> Iterator[None]:
    """End the check that began with the measuring when anything stops us, and let that go on."""
    try:
        yield
    except BaseException as error:
        with suppress(NetworkError):  # what stopped us says more
            check.end_begun(_ending_for(error))
        raise


def _ending_for(error: BaseException) -> Ending:
    """What a check says that *error* has stopped."""
    if isinstance(error, MaintainersError):
        return Ending(
            result=Result.ACTION_REQUIRED,
            title="Not judged: a file of the default branch has a mistake",
            summary="For the maintainers, not for the author of this pull request: "
            f"{code(error.message, 400)}",
        )
    if isinstance(error, DataError):
        return Ending(
            result=Result.FAILURE,
            title="Result refused",
            summary="What the run left was refused; this job's log says why.",
        )
    return Ending(
        result=Result.FAILURE,
        title="Performance was not judged",
        summary="The result could not be read; this job's log says why.",
    )


def _read(api: Api, run: MeasuringRun, job: MeasuringJob, artifact: str) -> Member | None:
    """Return what the measuring job left in the attempt in which it ran."""
    members = (
        read_member(api, run.number, f"{artifact}-{attempt}", _LIMITS) for attempt in job.attempts
    )
    return next((member for member in members if member is not None), None)


def _decode(member: Member, sha: str) -> Comparison | NotMeasured:
    with _nothing_posted():
        if member.name != MEMBER:
            return not_measured.decode(member.data)
        comparison = file.decode(member.data)
        if comparison.head.sha != sha:
            raise DataError(
                f"the comparison is of {comparison.head.sha[:9]}, the run was of {sha[:9]}",
                "measure the pull request's head: `tracker compare BASE HEAD`",
            )
        return comparison


def _meant(api: Api, pulls: Sequence[Pull], comparison: Comparison) -> list[Pull]:
    """Return those of *pulls* that begin where the comparison does: the others have another base.

    One that GitHub knows no beginning of is taken when there is no other to be confused with.
    """
    bases = {pull.number: {merge_base(api, pull), pull.base} for pull in pulls}
    alone = len(pulls) == 1
    return [
        pull
        for pull in pulls
        if comparison.base.sha in bases[pull.number] or (alone and "" in bases[pull.number])
    ]


def _links(target: Target, run: MeasuringRun, job: MeasuringJob, member: Member | None) -> RunLinks:
    page = f"{target.home}/actions/runs/{run.number}"
    result = f"{page}/artifacts/{member.artifact}" if member is not None else ""
    return RunLinks(run=f"{target.home}/{run.page}", log=job.log, result=result)


def _reason(
    run: MeasuringRun, job: MeasuringJob, result: Comparison | NotMeasured | None
) -> tuple[Reason, str]:
    """Why nothing was measured, and the measuring job's own sentence."""
    if isinstance(result, NotMeasured):
        return result.reason, result.text
    if result is not None:
        return Reason.RETARGETED, ""
    reason = _REASONS.get(run.conclusion, Reason.CRASHED)
    return (Reason.SKIPPED if reason is Reason.NO_RESULT and not job.ran else reason), ""

"""A measuring run by GitHub's record of it: which attempt, of which commit, for whom."""

import re
from dataclasses import dataclass

from tracker.errors import DataError
from tracker.github.api import Api, Json

_QUEUE = "gh-readonly-queue/"
# How a run is titled that `tracker command` started; only who may write can start one.
_TITLE = re.compile(r"benchmark #([1-9][0-9]{0,8}) ([0-9a-f]{40})")
_MEASURING = "measure base and head"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringRun:
    """One attempt of a run.

    Attributes:
        event: pull_request, merge_group or workflow_dispatch.
        sha: the head that is measured.
        pull: the pull request that a dispatch is for, else 0.
        source: full name of the repository of the head, "" when it was deleted.
        started: when this attempt began, in ISO 8601.
        newest: whether there is no later attempt.
    """

    number: int
    attempt: int
    event: str
    sha: str
    pull: int
    source: str
    branch: str
    status: str
    conclusion: str
    started: str
    newest: bool

    @property
    def key(self) -> str:
        """The run and its attempt, for `external_id` of a check."""
        return f"{self.number}.{self.attempt}"

    @property
    def page(self) -> str:
        """Its page, below the repository's."""
        return f"actions/runs/{self.number}/attempts/{self.attempt}"


def run_of_event(api: Api, event: Json, workflow: str) -> MeasuringRun:
    """Return the run that a `workflow_run` event is about, after a look at what it claims to be.

    Args:
        api: of the repository that this job runs in.
        event: its payload; only the run's number and attempt are taken from it.
        workflow: path of the workflow that measures. The name would not do: a pull request can
            add a workflow of the same name.

    Raises:
        DataError: the run is of another workflow, or of an event that measures nothing.
    """
    named = event.get("workflow_run")
    number = named.get("id") if isinstance(named, dict) else None
    if not isinstance(number, int):
        raise DataError(
            "the event is not a workflow_run", "run it in a job that is started by workflow_run"
        )
    newest = api.get(f"actions/runs/{number}")
    path = str(newest.get("path", "")).split("@", maxsplit=1)[0]
    if path != workflow:
        raise DataError(
            f"run {number} belongs to {path!r}, not to {workflow!r}",
            "name the workflow with --workflow",
        )
    attempt = named.get("run_attempt") if isinstance(named, dict) else None
    if not isinstance(attempt, int) or attempt == newest.get("run_attempt"):
        return read_run(api, newest)
    return read_run(api, api.get(f"actions/runs/{number}/attempts/{attempt}"), newest=False)


def read_run(api: Api, record: Json, *, newest: bool = True) -> MeasuringRun:
    """Return what a record of the measuring workflow says.

    Raises:
        DataError: its event is none of ours, or it is not what such an event leads to.
    """
    event, title = str(record.get("event")), _TITLE.fullmatch(str(record.get("display_title")))
    branch = str(record.get("head_branch") or "")
    source = str((record.get("head_repository") or {}).get("full_name") or "")
    inside = source.casefold() == api.repository.casefold()
    ours = {
        "pull_request": True,
        "merge_group": inside and branch.startswith(_QUEUE),
        "workflow_dispatch": inside and title is not None,
    }
    if not ours.get(event):
        raise DataError(
            f"run {record.get('id')} was started by {event!r}, which measures nothing",
            "only runs of pull requests, merge queues and `/benchmark` are reported",
        )
    named = title if event == "workflow_dispatch" else None
    attempt = int(record.get("run_attempt") or 1)
    return MeasuringRun(
        number=int(record["id"]),
        attempt=attempt,
        event=event,
        sha=named[2] if named else str(record.get("head_sha") or ""),
        pull=int(named[1]) if named else 0,
        source=source,
        branch=branch,
        status=str(record.get("status")),
        conclusion=str(record.get("conclusion") or ""),
        started=str(record.get("run_started_at") or record.get("created_at")),
        newest=newest,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringJob:
    """The measuring job as an attempt has it.

    Attributes:
        attempts: in which it can have left its result: earlier ones, newest first, where only
            other jobs were run again.
        log: address of its log, "" when no such job is known.
        ran: whether there is such a job, and it was not skipped.
    """

    attempts: tuple[int, ...]
    log: str
    ran: bool


def measuring_job(api: Api, run: MeasuringRun, key: str) -> MeasuringJob:
    """Return the job of *run* that measured the suite *key*."""
    suffix = _MEASURING if key == "default" else f"{_MEASURING} ({key})"
    jobs = api.pages(f"actions/runs/{run.number}/attempts/{run.attempt}/jobs", key="jobs")
    job = next((job for job in jobs if str(job.get("name")).endswith(suffix)), {})
    # A job that was not run again keeps its times.
    kept = run.attempt > 1 and bool(job) and str(job.get("started_at")) < run.started
    attempts = range(run.attempt - 1, 0, -1) if kept else (run.attempt,)
    return MeasuringJob(
        attempts=tuple(attempts),
        log=str(job.get("html_url") or ""),
        ran=bool(job) and job.get("conclusion") != "skipped",
    )

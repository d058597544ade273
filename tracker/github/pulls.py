"""Which pull request a run belongs to, by GitHub's records alone."""

from dataclasses import dataclass

from tracker.errors import DataError
from tracker.github.api import Api, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """An open pull request.

    Attributes:
        sha: of its head, for which we speak.
        foreign: its head lies in another repository (a fork, or one since deleted).
    """

    number: int
    sha: str
    foreign: bool


def pull_of_event(event: Json) -> Pull | None:
    """Return the pull request of a `pull_request` event; None for other events."""
    pull = event.get("pull_request")
    return _read(pull) if isinstance(pull, dict) else None


def pull_of_number(api: Api, number: int) -> Pull:
    """Return the pull request *number* as it stands now."""
    return _read(api.get(f"pulls/{number}"))


def workflow_run(api: Api, event: Json, workflow: str) -> Json:
    """Return GitHub's record of the run that ended, after a look at what it claims to be.

    Args:
        api: of the repository that this job runs in.
        event: payload of `workflow_run`; only the run's id is taken from it.
        workflow: path of the workflow that measures. The name would not do: a pull request can
            add a workflow of the same name.

    Raises:
        DataError: the run is of another workflow or event.
    """
    named = event.get("workflow_run")
    number = named.get("id") if isinstance(named, dict) else None
    if not isinstance(number, int):
        raise DataError("the event is not a workflow_run", "run this in a workflow_run job")
    run = api.get(f"actions/runs/{number}")
    path = str(run.get("path", "")).split("@")[0]
    if path != workflow:
        raise DataError(
            f"run {run['id']} is of {path!r}, not of {workflow!r}", "name the right --workflow"
        )
    if run.get("event") != "pull_request":
        raise DataError(
            f"run {run['id']} is of a {run.get('event')!r} event",
            "only runs of pull requests are commented on",
        )
    return run


def pull_of_run(api: Api, run: Json) -> Pull | None:
    """Return the one open pull request whose head is the commit that *run* ran on.

    `workflow_run.pull_requests` is empty for forks, so it is looked up by head branch. None when
    the pull request was closed, or has moved on to a newer head.
    """
    source = run.get("head_repository") or {}
    owner = (source.get("owner") or {}).get("login")
    branch, sha = run.get("head_branch"), str(run.get("head_sha", ""))
    if not owner or not branch or not sha:
        return None
    hits = [
        pull
        for pull in api.pages("pulls", state="open", head=f"{owner}:{branch}")
        if _is_of(pull, sha, str(source.get("full_name")), api.repository)
    ]
    if len(hits) > 1:
        numbers = ", ".join(f"#{int(pull['number'])}" for pull in hits)
        raise DataError(
            f"several open pull requests have the head {sha[:9]}: {numbers}",
            "close all but one, or comment by hand with `tracker comment FILE --pull N`",
        )
    if not hits:
        return None
    return Pull(
        number=int(hits[0]["number"]), sha=sha, foreign=source.get("full_name") != api.repository
    )


def is_current(api: Api, pull: Pull) -> bool:
    """Whether *pull* still stands where it was measured; asked right before writing."""
    now = api.get(f"pulls/{pull.number}")
    return now.get("state") == "open" and (now.get("head") or {}).get("sha") == pull.sha


def pulls_of_commit(api: Api, sha: str) -> list[int]:
    """Return the numbers of the merged pull requests that brought *sha* to its branch.

    None when the commit is not of this repository: the tracked project may be another one.
    """
    pulls = api.list_if_known(f"commits/{sha}/pulls")
    return [int(pull["number"]) for pull in pulls if pull.get("merged_at")]


def _read(pull: Json) -> Pull:
    head, base = pull.get("head") or {}, pull.get("base") or {}
    number, sha = pull.get("number"), head.get("sha")
    if not isinstance(number, int) or not isinstance(sha, str):
        raise DataError("the record of the pull request has no number or head", "run the job again")
    return Pull(number=number, sha=sha, foreign=_repository(head) != _repository(base))


def _is_of(pull: Json, sha: str, source: str, target: str) -> bool:
    head, base = pull.get("head") or {}, pull.get("base") or {}
    return head.get("sha") == sha and _repository(head) == source and _repository(base) == target


def _repository(side: Json) -> str | None:
    """The full name of the repository of a head or base; None when it was deleted."""
    name = (side.get("repo") or {}).get("full_name")
    return None if name is None else str(name)

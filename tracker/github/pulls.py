"""Which pull requests a run speaks of, by GitHub's records alone."""

from dataclasses import dataclass

from tracker.errors import DataError, NetworkError
from tracker.github.api import Api, Json
from tracker.github.runs import MeasuringRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """An open pull request.

    Attributes:
        sha: of its head, for which we speak.
        base: of its base, as GitHub recorded it.
        branch: name of its base.
        foreign: its head lies in another repository (a fork, or one since deleted).
    """

    number: int
    sha: str
    base: str
    branch: str
    foreign: bool


def pull_of_event(event: Json) -> Pull | None:
    """Return the pull request of a `pull_request` event; None for other events."""
    pull = event.get("pull_request")
    return _read(pull) if isinstance(pull, dict) else None


def pull_of_number(api: Api, number: int) -> Pull:
    """Return the pull request *number* as it stands now."""
    return _read(api.get(f"pulls/{number}"))


def pulls_of_run(api: Api, run: MeasuringRun) -> list[Pull]:
    """Return the open pull requests whose head is the commit that *run* measures.

    `workflow_run.pull_requests` is empty for forks, so they are looked up by head branch. Several
    when one branch is proposed for several others; none in a merge queue, or when all were closed
    or have moved on to a newer head.
    """
    if run.event == "merge_group":
        return []
    if run.pull:
        record = api.find(f"pulls/{run.pull}") or {}
        is_it = record.get("state") == "open" and (record.get("head") or {}).get("sha") == run.sha
        return [_read(record)] if is_it else []
    owner = run.source.partition("/")[0]
    if not owner or not run.branch or not run.sha:
        return []
    records = api.pages("pulls", state="open", head=f"{owner}:{run.branch}")
    return [_read(record) for record in records if _is_of(record, run, api.repository)]


def merge_base(api: Api, pull: Pull) -> str:
    """Return the commit at which *pull* began; "" when GitHub does not know it."""
    try:
        compared = api.find(f"compare/{pull.base}...{pull.sha}", per_page=1)
    except NetworkError:
        return ""
    return str(((compared or {}).get("merge_base_commit") or {}).get("sha") or "")


def is_current(api: Api, pull: Pull) -> bool:
    """Whether *pull* still stands where it was measured; asked right before writing."""
    now = api.get(f"pulls/{pull.number}")
    head, base = now.get("head") or {}, now.get("base") or {}
    same = (head.get("sha"), base.get("ref")) == (pull.sha, pull.branch)
    return now.get("state") == "open" and same


def has_head(api: Api, number: int, sha: str) -> bool:
    """Whether pull request *number* is open and has this head."""
    now = api.find(f"pulls/{number}") or {}
    return now.get("state") == "open" and (now.get("head") or {}).get("sha") == sha


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPull:
    """A pull request that was merged.

    Attributes:
        head: its last head, before the merge.
        commit: the last commit that it became on its branch.
    """

    number: int
    head: str
    commit: str


def pulls_of_commit(api: Api, sha: str) -> list[MergedPull]:
    """Return the merged pull requests that *sha* belongs to.

    None when the commit is not of this repository: the tracked project may be another one.
    """
    return [
        MergedPull(
            number=int(pull["number"]),
            head=str((pull.get("head") or {}).get("sha")),
            commit=str(pull.get("merge_commit_sha")),
        )
        for pull in api.list_if_known(f"commits/{sha}/pulls")
        if pull.get("merged_at")
    ]


def _read(pull: Json) -> Pull:
    head, base = pull.get("head") or {}, pull.get("base") or {}
    number, sha = pull.get("number"), head.get("sha")
    if not isinstance(number, int) or not isinstance(sha, str):
        raise DataError(
            "GitHub's record of the pull request has no number or head", "run the job again"
        )
    return Pull(
        number=number,
        sha=sha,
        base=str(base.get("sha")),
        branch=str(base.get("ref")),
        foreign=_repository(head) != _repository(base),
    )


def _is_of(pull: Json, run: MeasuringRun, target: str) -> bool:
    head, base = pull.get("head") or {}, pull.get("base") or {}
    names = _repository(head), _repository(base)
    return head.get("sha") == run.sha and names == (run.source.casefold(), target.casefold())


def _repository(side: Json) -> str | None:
    """The repository of a head or base, whose name knows no case; None when it was deleted."""
    name = (side.get("repo") or {}).get("full_name")
    return None if name is None else str(name).casefold()

"""What GitHub Actions tells a job, read once."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import DataError, UsageError
from tracker.github.api import Api, Json
from tracker.github.session import Session

_REQUIRED = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN")
# GitHub drops the whole upload of a summary beyond 1 MiB.
_MAX_SUMMARY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The job that we run in.

    Attributes:
        event_name: such as `workflow_run`.
        event: the event's payload.
        run_key: the run and its attempt, for `external_id` of a check.
        page: of the run, below the repository's.
        summary: file to which the job summary is appended, None outside Actions.
    """

    api: Api
    event_name: str
    event: Json
    run_key: str
    page: str
    server_url: str
    summary: Path | None


def read_job(say: Callable[[str], None], environment: Mapping[str, str] = os.environ) -> Job:
    """Return the job described by the variables that GitHub sets; *say* is told of every wait.

    Raises:
        UsageError: a variable is missing.
        DataError: the event's payload cannot be read.
    """
    missing = [name for name in _REQUIRED if not environment.get(name)]
    if missing:
        raise UsageError(
            f"{', '.join(missing)} not set, so this is not a GitHub Actions job",
            "set them (in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`); "
            "`tracker comment FILE --dry-run` needs none",
        )
    session = Session(environment["GITHUB_API_URL"], environment["GITHUB_TOKEN"], say=say)
    run = environment.get("GITHUB_RUN_ID", "0"), environment.get("GITHUB_RUN_ATTEMPT", "1")
    return Job(
        api=Api(session, environment["GITHUB_REPOSITORY"]),
        event_name=environment.get("GITHUB_EVENT_NAME", ""),
        event=_read_event(environment.get("GITHUB_EVENT_PATH", "")),
        run_key=".".join(run),
        page=f"actions/runs/{run[0]}/attempts/{run[1]}",
        server_url=environment.get("GITHUB_SERVER_URL", "https://github.com"),
        summary=summary_file(environment),
    )


def summary_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file of the job summary, None outside Actions."""
    name = environment.get("GITHUB_STEP_SUMMARY", "")
    return Path(name) if name else None


def write_summary(path: Path | None, text: str) -> None:
    """Append *text* to the job summary, if there is one and GitHub would take it."""
    if path is None:
        return
    data = text.encode("utf-8", "replace")
    if len(data) <= _MAX_SUMMARY_BYTES:
        with path.open("ab") as file:
            file.write(data)


def _read_event(name: str) -> Json:
    if not name:
        return {}
    try:
        event = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(
            f"GITHUB_EVENT_PATH {name} cannot be read: {error}", "run this inside a workflow"
        ) from error
    if not isinstance(event, dict):
        raise DataError(f"GITHUB_EVENT_PATH {name} is not an object", "run this inside a workflow")
    return event

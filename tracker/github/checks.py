"""A check run on the head commit: opened at once, and completed whatever happens."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote

from tracker.github.api import Api
from tracker.github.session import LostAnswerError

# GitHub takes 65,535 characters; it is not said whether it counts bytes, so stay below both.
_MAX_SUMMARY = 60_000


class Result(StrEnum):
    """How a check run ends; neutral when nothing can be said."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"


@dataclass(slots=True)
class CheckRun:
    """A check run in progress; as a context it completes itself when the body raises."""

    api: Api
    id: int
    done: bool = False

    @classmethod
    def open(cls, api: Api, *, name: str, sha: str, external_id: str) -> Self:
        """Take up the check *name* that *external_id* opened on *sha*, or start it."""
        found = cls.find(api, name=name, sha=sha, external_id=external_id)
        if found is not None:
            return found
        body = {
            "name": name,
            "head_sha": sha,
            "status": "in_progress",
            "external_id": external_id,
        }
        try:
            return cls(api, int(api.post("check-runs", body)["id"]))
        except LostAnswerError:
            found = cls.find(api, name=name, sha=sha, external_id=external_id)
            return found or cls(api, int(api.post("check-runs", body)["id"]))

    @classmethod
    def find(cls, api: Api, *, name: str, sha: str, external_id: str) -> Self | None:
        """Return the check that *external_id* opened; None when it did not."""
        found = api.pages(f"commits/{quote(sha)}/check-runs", key="check_runs", check_name=name)
        ours = (int(run["id"]) for run in found if run.get("external_id") == external_id)
        return next((cls(api, run) for run in ours), None)

    def complete(self, result: Result, title: str, summary: str) -> None:
        """End the check with *result*."""
        output = {"title": title[:200], "summary": summary[:_MAX_SUMMARY]}
        body = {"status": "completed", "conclusion": str(result), "output": output}
        self.api.patch(f"check-runs/{self.id}", body)
        self.done = True

    def __enter__(self) -> Self:
        """Return this run."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        """Complete the run as failed when nobody has completed it."""
        if not self.done:
            what = "The comparison could not be judged or posted; the job's log says why."
            self.complete(Result.FAILURE, "Performance was not judged", what)

"""A check run on the head commit: opened at once, and completed whatever happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote

from tracker.github.api import Api
from tracker.github.session import LOOK_AGAIN_S, LostAnswerError

# GitHub takes 65,535 characters; it is not said whether it counts bytes, so stay below both.
_MAX_SUMMARY = 60_000


class Result(StrEnum):
    """How a check run ends; neutral when nothing can be said."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"


@dataclass(slots=True)
class CheckRun:
    """A check run in progress; as a context it completes itself when the body raises.

    Attributes:
        ids: its numbers: more than one only when it was opened again after a lost answer.
    """

    api: Api
    ids: tuple[int, ...]
    done: bool = False

    @classmethod
    def open(cls, api: Api, *, name: str, sha: str, external_id: str) -> Self:
        """Take up the check *name* that *external_id* opened on *sha*, or start it."""
        known = {"name": name, "sha": sha, "external_id": external_id}
        found = cls.find(api, **known)
        if found is not None:
            return found
        body = {
            "name": name,
            "head_sha": sha,
            "status": "in_progress",
            "external_id": external_id,
        }
        try:
            return cls(api, (int(api.post("check-runs", body)["id"]),))
        except LostAnswerError:
            looks = (cls._look(api, seconds, known) for seconds in (0.0, *LOOK_AGAIN_S))
            found = next((look for look in looks if look is not None), None)
        return found or cls(api, (int(api.post("check-runs", body)["id"]),))

    @classmethod
    def _look(cls, api: Api, seconds: float, known: Mapping[str, str]) -> Self | None:
        api.session.sleep(seconds)
        return cls.find(api, **known)

    @classmethod
    def find(cls, api: Api, *, name: str, sha: str, external_id: str) -> Self | None:
        """Return the check that *external_id* opened; None when it did not."""
        path = f"commits/{quote(sha)}/check-runs"
        # Without `all`, GitHub lists only the newest of each name.
        found = api.pages(path, key="check_runs", check_name=name, filter="all")
        ours = tuple(int(run["id"]) for run in found if run.get("external_id") == external_id)
        return cls(api, ours) if ours else None

    def complete(self, result: Result, title: str, summary: str) -> None:
        """End the check with *result*."""
        output = {"title": title[:200], "summary": summary[:_MAX_SUMMARY]}
        body = {"status": "completed", "conclusion": str(result), "output": output}
        for number in self.ids:
            self.api.patch(f"check-runs/{number}", body)
        self.done = True

    def __enter__(self) -> Self:
        """Return this run."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        """Complete the run as failed when nobody has completed it."""
        if not self.done:
            what = "The comparison could not be judged or posted; the job's log says why."
            self.complete(Result.FAILURE, "Performance was not judged", what)

"""The check of one attempt of a run on one commit; a commit status where checks are refused.

GitHub takes the newest check of a name for a required one. So the newest of ours always says what
is known of its commit: the worst of what was measured for the open pull requests that have it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote

from tracker.github.api import Api, Json, RefusedError
from tracker.github.session import LOOK_AGAIN_S, LostAnswerError

# GitHub takes 65,535 characters; it is not said whether it counts bytes, so stay below both.
_MAX_SUMMARY = 60_000
_MAX_TITLE = 200
_MAX_DESCRIPTION = 140
_DIGITS = 12
# What the `external_id` of a measurement holds: run, base, pull requests, result.
_PARTS = 4
_REFUSALS = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class Result(StrEnum):
    """How a check ends; a required one is satisfied by the first two alone."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"


_STATES = {Result.SUCCESS: "success", Result.FAILURE: "failure"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a check says at its end.

    Attributes:
        chosen: whether the user's settings let this result pass, and not our defaults.
        base: what the commit was measured against; "" when nothing was measured.
        pulls: the pull requests that it was measured for; none in a merge queue.
        worse: what was measured against another base, where that is worse than this.
    """

    result: Result
    title: str
    summary: str
    chosen: bool = False
    base: str = ""
    pulls: tuple[int, ...] = ()
    worse: "Ending | None" = None

    @property
    def blocks(self) -> bool:
        """Whether a required check is not satisfied with it."""
        return self.result not in {Result.SUCCESS, Result.NEUTRAL}

    @property
    def conclusion(self) -> Result:
        """What the check ends as: a commit has one check, however many bases it is held against."""
        return self.worse.result if self.worse is not None else self.result

    @property
    def headline(self) -> str:
        """The title, with what is worse at the same commit."""
        return f"{self.title}. {self.worse.title}" if self.worse is not None else self.title

    @property
    def state(self) -> str:
        """The same as a commit status, which knows no neutral end: only what is fine passes."""
        passes = self.conclusion is Result.NEUTRAL and self.chosen
        return "success" if passes else _STATES.get(self.conclusion, "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The check *name* of one attempt of a run, on the commit *sha*.

    Attributes:
        key: the run and its attempt, such as `99.1`.
        url: where its name leads.
    """

    api: Api
    name: str
    sha: str
    key: str
    url: str

    def begin(self) -> None:
        """Show that something is under way; let be what this attempt has begun or ended."""
        if self._own(self.all()):
            return
        try:
            self._create({"status": "in_progress"})
        except RefusedError as error:
            self._post_status(error, "pending", "in progress")
            return
        self._end_doubles()

    def end(self, ending: Ending) -> None:
        """End what this attempt has begun, or say it at once.

        Raises:
            RefusedError: neither a check nor a commit status may be written.
        """
        try:
            listed = self.all()
            numbers = self._own(listed)
            if not numbers:
                self._create(_completed(ending, self.key))
                return
            for number in numbers:
                self._complete(number, ending)
            for run in _hiding(listed, numbers, ending):
                self._complete(int(run["id"]), ending, _key_of(run))
        except RefusedError as error:
            self._post_status(error, ending.state, ending.headline)

    def end_begun(self, ending: Ending) -> None:
        """End what this attempt has begun, if it has."""
        if self.begun():
            self.end(ending)

    def begun(self) -> bool:
        """Whether this attempt has begun, in a check or in a commit status that still waits."""
        return bool(self._own(self.all())) or self._waits_as_status()

    def standing(self, stands: Callable[[int], bool], *, besides: str = "") -> Ending | None:
        """Return the worst of what is known of this commit; None when nothing was measured.

        Args:
            stands: whether the pull request of a number is open and has this head.
            besides: a base that is not asked for.
        """
        newest: dict[str, Ending] = {}
        for run in self.all():
            ending = _ending_of(run)
            if ending.base and ending.base != besides[: len(ending.base)]:
                newest[ending.base] = ending
        known = [ending for ending in newest.values() if any(map(stands, ending.pulls))]
        return max(known, key=lambda ending: ending.blocks, default=None)

    def open_keys(self) -> set[str]:
        """The attempts of any run that have begun here and not ended."""
        return {_key_of(run) for run in self.all() if run.get("status") != "completed"}

    def all(self) -> list[Json]:
        """All checks of this name on this commit, oldest first."""
        path = f"commits/{quote(self.sha)}/check-runs"
        # Without `all`, GitHub lists only the newest of each name.
        listed = self.api.pages(path, key="check_runs", check_name=self.name, filter="all")
        return sorted(listed, key=lambda run: int(run["id"]))

    def _own(self, listed: Iterable[Json]) -> tuple[int, ...]:
        """Numbers of this attempt's checks: more than one only after an accident."""
        return tuple(int(run["id"]) for run in listed if _key_of(run) == self.key)

    def _create(self, state: Json) -> int:
        """Write a check; after a lost answer look whether it was stored."""
        body = {
            "name": self.name,
            "head_sha": self.sha,
            "details_url": self.url,
            "external_id": self.key,
            **state,
        }
        try:
            return int(self.api.post("check-runs", body)["id"])
        except LostAnswerError:
            looks = (self._look(seconds) for seconds in (0.0, *LOOK_AGAIN_S))
            stored = next((numbers for numbers in looks if numbers), None)
        return stored[0] if stored else int(self.api.post("check-runs", body)["id"])

    def _look(self, seconds: float) -> tuple[int, ...]:
        self.api.session.sleep(seconds)
        return self._own(self.all())

    def _complete(self, number: int, ending: Ending, key: str = "") -> None:
        self.api.patch(f"check-runs/{number}", _completed(ending, key or self.key))

    def _end_doubles(self) -> None:
        """When the job that ends this check was quicker than the one that begins it: end both."""
        listed = [run for run in self.all() if _key_of(run) == self.key]
        ended = [run for run in listed if run.get("status") == "completed"]
        if ended:
            for number in self._own(run for run in listed if run.get("status") != "completed"):
                self._complete(number, _ending_of(ended[0]))

    def _post_status(self, refusal: RefusedError, state: str, text: str) -> None:
        """Say it in a commit status; raise *refusal* when that is refused too."""
        if refusal.status not in _REFUSALS:
            raise refusal
        try:
            self._write_status(state, text)
        except RefusedError:
            raise refusal from None

    def _write_status(self, state: str, text: str) -> None:
        body = {
            "state": state,
            "context": self.name,
            "description": text[:_MAX_DESCRIPTION],
            "target_url": self.url,
        }
        self.api.post(f"statuses/{quote(self.sha)}", body)

    def _waits_as_status(self) -> bool:
        """Whether this attempt has begun in a commit status that nothing has ended."""
        listed = self.api.pages(f"commits/{quote(self.sha)}/statuses")  # newest first
        try:
            newest = next((one for one in listed if one.get("context") == self.name), {})
        except RefusedError:  # who may write checks need not be able to read statuses
            return False
        return newest.get("state") == "pending" and newest.get("target_url") == self.url


def _completed(ending: Ending, key: str) -> Json:
    """The body of a check that has ended; `external_id` keeps what was measured, for later runs."""
    pulls = ",".join(map(str, ending.pulls)) or "-"
    measured = f" {ending.base[:_DIGITS]} {pulls} {ending.result}" if ending.base else ""
    summary = ending.summary
    if ending.worse is not None:
        summary = f"{ending.worse.summary}\n\n{summary}"
    return {
        "status": "completed",
        "conclusion": str(ending.conclusion),
        "external_id": f"{key}{measured}",
        "output": {"title": ending.headline[:_MAX_TITLE], "summary": summary[:_MAX_SUMMARY]},
    }


def _ending_of(run: Json) -> Ending:
    """What a check of ours that has ended said: its result stands in what `_completed` keeps."""
    parts = str(run.get("external_id")).split()
    measured = len(parts) == _PARTS and run.get("status") == "completed"
    _key, base, pulls, result = parts if measured else ("", "", "", str(run.get("conclusion")))
    output = run.get("output") or {}
    return Ending(
        result=Result(result) if result in set(Result) else Result.FAILURE,
        title=str(output.get("title")),
        summary=str(output.get("summary")),
        base=base,
        pulls=tuple(int(number) for number in pulls.split(",") if number.isdecimal()),
    )


def _hiding(listed: Iterable[Json], numbers: Sequence[int], ending: Ending) -> Iterator[Json]:
    """Checks of later runs that measured nothing, and would hide what *ending* says."""
    for run in listed if ending.base else ():
        later = int(run["id"]) > max(numbers) and run.get("status") == "completed"
        if later and not _ending_of(run).base:
            yield run


def _key_of(run: Json) -> str:
    return str(run.get("external_id")).partition(" ")[0]

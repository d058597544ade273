"""What the fake GitHub remembers."""

import base64
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_github.description import of_schema

REPOSITORY = "octo/bench"
BOT = "github-actions[bot]"
HEAD = "4ead57b0" * 5
BASE = "5a1e57b0" * 5
LARGEST_CONTENT = 1_000_000


@dataclass
class Fault:
    """Something that goes wrong for the next *times* requests that match."""

    kind: str
    method: str = "[A-Z]+"
    path: str = ".*"
    times: int = 1

    def matches(self, method: str, path: str) -> bool:
        """Whether it strikes this request."""
        return bool(self.times and re.fullmatch(self.method, method) and re.search(self.path, path))


@dataclass
class World:
    """One repository and what was done to it.

    Attributes:
        log: (method, path) of every request that reached the API.
        complaints: what GitHub's description objects to, and every token that leaked.
        stale_after_write: so many lists after a new comment or check do not show it yet.
        expired: artifacts whose archives are gone.
        page_size: most entries of a page.
    """

    tokens: dict[str, str] = field(default_factory=lambda: {"good": BOT})
    comments: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[int, tuple[int, str, bytes]] = field(default_factory=dict)
    expired: set[int] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    merged: dict[str, list[int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    stale_after_write: int = 0
    stale_lists: int = 0
    page_size: int = 100
    last_id: int = 1000

    def new_id(self) -> int:
        """A number that nothing else has."""
        self.last_id += 1
        return self.last_id

    def comment(self, author: str | None, body: str, issue: int = 7) -> dict[str, Any]:
        """Store a comment; *author* None is an account that was deleted."""
        number = self.new_id()
        user = None if author is None else of_schema("simple-user", login=author)
        comment: dict[str, Any] = of_schema(
            "issue-comment",
            id=number,
            body=body,
            user=user,
            issue_url=f"https://api.github.com/repos/{REPOSITORY}/issues/{issue}",
        )
        self.comments.append(comment)
        return comment

    def pull(
        self,
        number: int = 7,
        *,
        branch: str = "feature",
        sha: str = HEAD,
        source: str | None = "stranger/bench",
        state: str = "open",
    ) -> dict[str, Any]:
        """Store a pull request from the repository *source*; None when that was deleted."""
        owner = (source or "ghost/x").split("/")[0]
        pull: dict[str, Any] = of_schema(
            "pull-request",
            number=number,
            state=state,
            head=_side(source, branch, sha, owner),
            base=_side(REPOSITORY, "main", BASE, "octo"),
            merged_at=None,
        )
        self.pulls.append(pull)
        return pull

    def run(self, number: int = 99, **known: Any) -> dict[str, Any]:
        """Store a workflow run of a fork's pull request."""
        source = known.pop("source", "stranger/bench")
        facts = {
            "id": number,
            "event": "pull_request",
            "path": ".github/workflows/pull-request.yml",
            "head_branch": "feature",
            "head_sha": HEAD,
            "status": "completed",
            "conclusion": "success",
            "run_attempt": 1,
            "pull_requests": [],
            "head_repository": _repository(source),
            **known,
        }
        run: dict[str, Any] = of_schema("workflow-run", **facts)
        self.runs.append(run)
        return run

    def artifact(self, archive: bytes, name: str = "comparison", run: int = 99) -> int:
        """Store the artifact of a run."""
        number = self.new_id()
        self.artifacts[number] = (run, name, archive)
        return number

    def visible_comments(self, issue: int) -> list[dict[str, Any]]:
        """The comments of an issue; without the newest while lists are stale."""
        end = f"/issues/{issue}"
        return self.without_newest([c for c in self.comments if c["issue_url"].endswith(end)])

    def without_newest(self, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """*listed* as it is told: while lists are stale, the newest is not in it yet."""
        if self.stale_lists:
            self.stale_lists -= 1
            return listed[:-1]
        return listed

    def content(self, path: str) -> dict[str, Any] | None:
        """A file of the default branch as the API gives it."""
        text = self.files.get(path)
        if text is None:
            return None
        small = len(text) <= LARGEST_CONTENT
        content: dict[str, Any] = of_schema(
            "content-file",
            path=path,
            name=path,
            encoding="base64" if small else "none",
            content=base64.encodebytes(text.encode()).decode() if small else "",
            size=len(text),
        )
        return content


def zipped(**members: bytes) -> bytes:
    """An archive; `comparison_json` becomes `comparison.json`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_json", ".json"), data)
    return buffer.getvalue()


def _side(source: str | None, branch: str, sha: str, owner: str) -> dict[str, Any]:
    schema = of_schema("pull-request")
    side: dict[str, Any] = {
        **schema["head"],
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": of_schema("simple-user", login=owner),
        "repo": None if source is None else of_schema("repository", **_names(source)),
    }
    return side


def _repository(source: str | None) -> dict[str, Any] | None:
    return None if source is None else of_schema("minimal-repository", **_names(source))


def _names(source: str) -> dict[str, Any]:
    owner, name = source.split("/")
    return {
        "full_name": source,
        "name": name,
        "owner": of_schema("simple-user", login=owner),
    }

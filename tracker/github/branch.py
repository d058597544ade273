"""The branch that holds the history: fetched, added to, pushed; never forced, never replaced.

Several jobs may store at once. Each writes its own files, so nothing needs a lock: a rejected
push fetches what the others stored, adds its files to that, and pushes again.
"""

import base64
import os
import random
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import DataError, NetworkError, UsageError
from tracker.github.results_files import FOLDERS, MARK, check_history, merge_tree
from tracker.system.git import call_git
from tracker.system.scratch import scratch_folder
from tracker.units import count

BRANCH = "bench-results"
TRIES = 12
_GIT_TIMEOUT_S = 600
_AUTHOR = ("tracker", "tracker@users.noreply.github.com")
# Events that only those can bring about who may write to the repository; "" is no job at all.
# In a job of any other a stranger's code may have run, or may steer it.
_OWN_EVENTS = frozenset(
    {"", "push", "schedule", "workflow_dispatch", "repository_dispatch", "release"}
)
# What git says when somebody else was quicker; any other refusal stays one however often we ask.
_LATE = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "cannot lock",
    "failed to lock",
    "failed to update ref",
    "incorrect old value",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsBranch:
    """Where the history lives.

    Attributes:
        remote: address or path of the repository.
        branch: name of the branch, which holds nothing else.
        secrets: environment that lets git write, such as a header with the token.
    """

    remote: str
    branch: str = BRANCH
    secrets: Mapping[str, str] = field(default_factory=dict)

    def pull(self, folder: Path) -> None:
        """Fetch the newest state of the branch into *folder*, which must not exist yet.

        Raises:
            UsageError: there is something in *folder* already.
            DataError: there is no such branch, or what it holds is damaged.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is not empty", "name a folder that does not exist yet")
        self._clone(folder)
        check_history(folder)

    def create(self) -> None:
        """Start an empty history; only ever called because a person asked for it.

        Raises:
            UsageError: there is a history already.
        """
        with scratch_folder() as scratch:
            folder, remote = scratch / "branch", _address(self.remote)
            self._check_vacant(remote)
            self._git("init", "--quiet", "--initial-branch", self.branch, str(folder))
            (folder / MARK).write_text('{"version": 1}\n', encoding="utf-8")
            self._commit(folder, "Start the history")
            self._git("push", "--quiet", remote, f"HEAD:refs/heads/{self.branch}", at=folder)

    def push(self, source: Path, *, event: str = "") -> int:
        """Add the results and verdicts of *source*; return how many files were new or changed.

        Raises:
            UsageError: *event* belongs to a pull request, or there is no such folder.
            DataError: no history to add to, or a damaged file on either side.
            NetworkError: others were quicker every time.
        """
        if event not in _OWN_EVENTS:
            raise UsageError(
                f"a job started by {event} may not store results",
                "store results from pushes, schedules, releases and dispatches only",
            )
        if not source.is_dir():
            raise UsageError(
                f"there is no folder {source}",
                "name a folder from `tracker results pull` or `pack`",
            )
        with scratch_folder() as scratch:
            folder = scratch / "branch"
            self._clone(folder)
            for attempt in range(TRIES):
                check_history(folder)
                changed = sum(merge_tree(source / name, folder / name) for name in FOLDERS)
                if not changed:
                    return 0
                self._commit(folder, f"Store {count(changed, 'file')}")
                if self._try_push(folder):
                    return changed
                time.sleep(random.uniform(0.2, 1.0) * min(attempt + 1, 5))  # noqa: S311
                self._git("fetch", "--quiet", "--depth", "1", "origin", self.branch, at=folder)
                self._git("reset", "--quiet", "--hard", "FETCH_HEAD", at=folder)
        raise self.moved_on()

    def moved_on(self) -> NetworkError:
        """Return what is said when others were quicker every time."""
        return NetworkError(
            f"branch {self.branch} moved {TRIES} times while storing", "run the job again"
        )

    def _check_vacant(self, remote: str) -> None:
        """Raise UsageError when the branch is there, or one that leaves no room for its name."""
        parts = self.branch.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts))]
        patterns = (f"refs/heads/{name}" for name in (self.branch, f"{self.branch}/*", *above))
        listed = self._git("ls-remote", remote, *patterns)
        refs = (line.partition("\t")[2] for line in listed.splitlines())
        names = {ref.removeprefix("refs/heads/") for ref in refs}
        if self.branch in names:
            raise UsageError(f"branch {self.branch} already exists in {self.remote}", "use it")
        below = {name for name in names if name.startswith(f"{self.branch}/")}
        if other := min(below | names.intersection(above), default=None):
            raise UsageError(
                f"git cannot keep a branch {self.branch} beside the branch {other}",
                f"rename {other}, or name another branch with --branch",
            )

    def open(self, folder: Path) -> None:
        """Have the branch in *folder* to add to; it begins empty where there is none."""
        remote = _address(self.remote)
        if self._git("ls-remote", "--heads", remote, f"refs/heads/{self.branch}"):
            self._clone(folder)
        else:
            self._git("init", "--quiet", "--initial-branch", self.branch, str(folder))
            self._git("remote", "add", "origin", remote, at=folder)

    def changes(self, folder: Path) -> bool:
        """Whether *folder*, an opened branch, holds what is not stored."""
        return bool(self._git("status", "--porcelain", at=folder))

    def store(self, folder: Path, message: str) -> bool:
        """Commit and push all of *folder*; False when others were quicker."""
        self._commit(folder, message)
        return self._try_push(folder)

    def _clone(self, folder: Path) -> None:
        arguments = ("--quiet", "--depth", "1", "--single-branch", "--branch", self.branch)
        try:
            self._git("clone", *arguments, "--", _address(self.remote), str(folder))
        except NetworkError as error:
            if "not found in upstream" not in error.message:
                raise
            raise DataError(
                f"{self.remote} has no branch {self.branch}",
                "check the name, or start the history with `tracker results create`",
            ) from error

    def _commit(self, folder: Path, message: str) -> None:
        self._git("add", "--all", at=folder)
        self._git("commit", "--quiet", "--message", message, at=folder)

    def _try_push(self, folder: Path) -> bool:
        """Push; False when others were quicker.

        Raises:
            NetworkError: the server refuses, by its own words: a protected branch, a rule.
        """
        try:
            self._git("push", "--quiet", "origin", f"HEAD:refs/heads/{self.branch}", at=folder)
        except NetworkError as error:
            if any(word in error.message for word in _LATE):
                return False
            if "rejected" not in error.message:
                raise
            raise NetworkError(
                f"branch {self.branch} refuses what the job stores: {error.message}",
                f"let the job push to {self.branch} (Settings → Rules and Branches), "
                "or name another branch with --branch",
            ) from error
        return True

    def _git(self, *arguments: str, at: Path | None = None) -> str:
        variables = {
            **self.secrets,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
            **{f"GIT_{role}_NAME": _AUTHOR[0] for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": _AUTHOR[1] for role in ("AUTHOR", "COMMITTER")},
        }
        try:
            completed = call_git(
                *arguments, repo=at, network=True, variables=variables, timeout_s=_GIT_TIMEOUT_S
            )
        except subprocess.TimeoutExpired as error:
            raise NetworkError(f"git {arguments[0]} took too long", "run the job again") from error
        if completed.returncode:
            raise NetworkError(
                f"git {arguments[0]} failed: {_complaint(completed.stderr)}",
                "give the job `permissions: contents: write`, and check the remote's address",
            )
        return completed.stdout


def _complaint(stderr: str) -> str:
    """What git says in one line; the server's own reason comes first."""
    lines = [" ".join(line.split()) for line in stderr.splitlines()]
    server = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    own = [line for line in lines if not line.startswith("remote:")]
    return " ".join(filter(None, (*server, *own)))[:500]


def results_branch(
    remote: str | None, branch: str, environment: Mapping[str, str] = os.environ
) -> ResultsBranch:
    """Return the branch at *remote*, by default that of the repository whose job this is."""
    token, repository = environment.get("GITHUB_TOKEN"), environment.get("GITHUB_REPOSITORY")
    if remote is not None:
        return ResultsBranch(remote=remote, branch=branch)
    if not token or not repository:
        raise UsageError(
            "the repository of the results is unknown",
            "give --remote ADDRESS, or GITHUB_REPOSITORY and GITHUB_TOKEN",
        )
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    return ResultsBranch(
        remote=f"{server}/{repository}", branch=branch, secrets=_header(server, token)
    )


def _header(server: str, token: str) -> dict[str, str]:
    """Let git send the token to *server* alone; in the environment, so that no `ps` shows it."""
    login = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {login}",
    }


def _address(remote: str) -> str:
    """A local path as an address: it holds in any folder, and git heeds --depth."""
    path = Path(remote)
    return path.resolve().as_uri() if path.exists() else remote

"""Where the runs of an import belong: commit, date, machine, environment."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.errors import DataError, UsageError
from tracker.exchange.measurement import ImportedRun, Omissions
from tracker.exchange.result_file import Origin
from tracker.exchange.safe_names import environment_name, machine_name

_FULL_ID = 40
NO_DATE = "neither the file nor the repository dates the commit; it is sorted first"


@dataclass(frozen=True, slots=True)
class KnownCommit:
    """A commit that git knows: its full id, and the author's date in ms."""

    sha: str
    date_ms: int


class Placer:
    """Fills in what files do not say."""

    def __init__(
        self,
        find_commit: Callable[[str], KnownCommit | None],
        *,
        commit: str | None = None,
        machine: str | None = None,
    ) -> None:
        """Ask git by *find_commit* (None: unknown); *commit* and *machine* are the user's."""
        self._find_commit = find_commit
        self._known: dict[str, KnownCommit | None] = {}
        self._commit = commit
        self._machine = machine

    def place(self, run: ImportedRun, named: str, omissions: Omissions) -> Origin:
        """Return where *run* belongs; *named* is the commit in the name of the file, "" for none.

        Raises:
            UsageError: the user's commit is not known.
            DataError: no commit is known.
        """
        sha = run.commit or named or self._commit or "HEAD"
        commit = self._complete(sha, run, omissions)
        return Origin(
            machine=self._machine or machine_name(_default_machine(run)),
            environment=environment_name(run.tool, run.python),
            python=run.python,
            commit=commit.sha,
            date_ms=commit.date_ms,
        )

    def _complete(self, sha: str, run: ImportedRun, omissions: Omissions) -> KnownCommit:
        """Return the commit *sha*, dated by the file where that is possible, else by git."""
        is_own = sha == run.commit
        if is_own and len(sha) >= _FULL_ID and run.commit_ms is not None:
            return KnownCommit(sha, run.commit_ms)
        known = self._look_up(sha)
        if known is not None:
            return known
        if not is_own and len(sha) < _FULL_ID:
            raise _no_commit(sha, given=self._commit is not None)
        date_ms = run.commit_ms if is_own and run.commit_ms is not None else run.started_ms
        if date_ms is None:
            omissions.add("dates", NO_DATE, sha)
        return KnownCommit(sha, date_ms or 0)

    def _look_up(self, sha: str) -> KnownCommit | None:
        if sha not in self._known:
            self._known[sha] = self._find_commit(sha)
        return self._known[sha]


def _no_commit(name: str, *, given: bool) -> Exception:
    if given:
        return UsageError(f"commit {name} is not known", "name the clone that has it: --repo DIR")
    return DataError(
        "the file names no commit, and there is no git repository here",
        "name the clone (--repo DIR) or the commit (--commit SHA)",
    )


def _default_machine(run: ImportedRun) -> str:
    """Return system and architecture: the host's name is another one in every job of a CI."""
    system = run.machine.get("os", "").split(" ")[0].split("-")[0]
    return "-".join(filter(None, (system, run.machine.get("arch", ""))))

"""`/benchmark [scenarios] [budget]` in a comment on a pull request.

1. `parse`: the comment's first line -> `Wish`.
2. `BenchmarkCommand.obey`: whether its author may, by GitHub's own answer; which head it was
   written about; the dispatch of the measuring workflow with that commit, whatever is pushed later.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from tracker.errors import DataError, NetworkError
from tracker.github.api import Api, Json
from tracker.settings.commands import ROLES
from tracker.settings.durations import parse_duration

WORD = "/benchmark"
LONGEST_BUDGET_S = 75 * 60
_MAX_LINE = 1000
_MAX_SCENARIOS = 50
_SCENARIO = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")
# Of the durations that people may write, what a stranger may.
_BUDGET = re.compile(r"[1-9][0-9]{0,4}[smh]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for; "" and () are what the workflow does without being asked."""

    scenarios: tuple[str, ...] = ()
    budget: str = ""


def parse(body: str) -> Wish | None:
    """Return what a comment asks for; None when it is no command.

    Only the first line counts, and it must begin with the command: a quotation does not.

    >>> parse("/benchmark io_bound, cpu_bound 30m")
    Wish(scenarios=('io_bound', 'cpu_bound'), budget='30m')
    >>> parse("> /benchmark")

    Raises:
        DataError: it is one, and cannot be understood.
    """
    line = body[: _MAX_LINE + 1].partition("\n")[0].rstrip()
    words = line.replace(",", " ").split()
    if not words or not line.startswith(WORD) or words[0] != WORD:
        return None
    budgets = [word for word in words[1:] if _BUDGET.fullmatch(word)]
    scenarios = [word for word in words[1:] if word not in budgets]
    if len(line) > _MAX_LINE or len(scenarios) > _MAX_SCENARIOS or len(budgets) > 1:
        raise _unclear("it is too long, or has two budgets")
    strange = [word for word in scenarios if not _SCENARIO.fullmatch(word)]
    if strange:
        raise _unclear(f"{strange[0][:40]!r} is neither a scenario nor a budget")
    if budgets and parse_duration(budgets[0]) > LONGEST_BUDGET_S:
        raise _unclear(f"a budget of {budgets[0]} is longer than {LONGEST_BUDGET_S // 60}m")
    return Wish(scenarios=tuple(scenarios), budget=budgets[0] if budgets else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkCommand:
    """A command in an `issue_comment` event.

    Attributes:
        workflow: path of the workflow that measures.
        role: the least of `ROLES` whose holders may.
    """

    api: Api
    event: Json
    workflow: str
    role: str

    def obey(self) -> str:
        """Do what the comment asks for; return what was done, in one line.

        Raises:
            DataError: the command cannot be understood.
            NetworkError: GitHub refused; the workflow may not take what is asked for.
        """
        comment, issue = self.event.get("comment") or {}, self.event.get("issue") or {}
        author = comment.get("user") or {}
        if self.event.get("action") != "created" or not issue.get("pull_request"):
            return "no new comment on a pull request"
        if author.get("type") == "Bot":
            return "commands of programs are ignored"
        try:
            wish = parse(str(comment.get("body") or ""))
        except DataError:
            if self._may(author):
                self._react("confused")
            raise
        if wish is None:
            return "no command"
        if not self._may(author):
            return f"its author has not the role {self.role!r} here"
        return self._start(wish, int(issue["number"]), str(comment.get("created_at")))

    def _start(self, wish: Wish, number: int, commanded_at: str) -> str:
        pull = self.api.get(f"pulls/{number}")
        if pull.get("state") != "open":
            return f"#{number} is not open"
        if _pushed_since(pull, commanded_at):
            self._react("confused")
            return f"#{number} may have another head than when this was written; write it again"
        head = str(pull["head"]["sha"])
        inputs = {
            "pull": str(number),
            "base": str(pull["base"]["sha"]),
            "head": head,
            "scenarios": ",".join(wish.scenarios),
            "budget": wish.budget,
        }
        file = quote(self.workflow.rpartition("/")[2])
        branch = str((self.event.get("repository") or {}).get("default_branch"))
        self.api.order(f"actions/workflows/{file}/dispatches", {"ref": branch, "inputs": inputs})
        self._react("eyes")
        return f"#{number} is measured at {head[:9]}"

    def _may(self, author: Json) -> bool:
        """Whether the repository gives *author* the role, asked of GitHub: nothing else knows."""
        login = quote(str(author.get("login") or ""), safe="")
        answer = self.api.find(f"collaborators/{login}/permission") if login else None
        named = [str((answer or {}).get(key)) for key in ("role_name", "permission")]
        # A role of the organisation's own is told by what GitHub maps it to.
        known = next((name for name in named if name in ROLES), ROLES[0])
        return ROLES.index(known) >= ROLES.index(self.role)

    def _react(self, content: str) -> None:
        """Answer with a sign, where the conversation takes one."""
        number = int((self.event.get("comment") or {}).get("id", 0))
        with suppress(NetworkError):
            self.api.post(f"issues/comments/{number}/reactions", {"content": content})


def _pushed_since(pull: Json, commanded_at: str) -> bool:
    """Whether a stranger may have changed the head after the command was written.

    GitHub's time of the last push to the head's repository; dates of commits can be forged. In
    our own repository only those push who may order measurements; a deleted fork stands still.
    """
    source, target = (((pull.get(side) or {}).get("repo")) for side in ("head", "base"))
    if source is None or source.get("full_name") == (target or {}).get("full_name"):
        return False
    try:
        pushed = datetime.fromisoformat(str(source.get("pushed_at")))
        return pushed >= datetime.fromisoformat(commanded_at)
    except (ValueError, TypeError):
        return True


def rerun(api: Api, event: Json, workflow: str) -> str:
    """Run the measurement again whose check was asked for again; return what was done."""
    check = event.get("check_run") or {}
    number = str(check.get("external_id") or "").partition(".")[0]
    if event.get("action") != "rerequested" or not number.isdecimal():
        return "no check of ours was asked for again"
    record = api.get(f"actions/runs/{int(number)}")
    if str(record.get("path", "")).split("@", maxsplit=1)[0] != workflow:
        return f"run {number} is of another workflow"
    api.order(f"actions/runs/{int(number)}/rerun", {})
    return f"run {number} is run again"


def _unclear(why: str) -> DataError:
    return DataError(f"the command cannot be understood: {why}", f"write {WORD} [scenarios] [30m]")

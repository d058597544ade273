"""Decisions about changes, kept in the user's repository where they are reviewed like code.

`.tracker/triage.toml` holds `[[accept]]` (a change that is known and wanted: shown, does not
gate) and `[[silence]]` (a benchmark that is known to be useless: neither gates nor is listed
among the regressions). Every rule says why, who, and until when.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase

from tracker.errors import DataError

PATH = ".tracker/triage.toml"
_TEXTS = ("benchmark", "metric", "commit", "reason", "author")
_SHORTEST_COMMIT = 7


class Action(StrEnum):
    """What a rule does with the changes that it matches."""

    ACCEPT = "accept"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRule:
    """One decision.

    Attributes:
        benchmark: shell pattern over `module.Class.method`, or the name with its parameters.
        metric: shell pattern over the metric's name.
        commit: at least seven hex digits of the commit that brought the change, "" for any.
        expires: last day on which the rule holds; None for as long as it stands in the file.
    """

    action: Action
    benchmark: str
    metric: str
    commit: str
    reason: str
    author: str
    expires: date | None

    @property
    def sentence(self) -> str:
        """The rule in words, with no full stop."""
        until = f" until {self.expires.isoformat()}" if self.expires else ""
        done = "accepted" if self.action is Action.ACCEPT else "silenced"
        return f"{done} by {self.author}{until}: {self.reason}"

    def matches(self, names: Sequence[str], metric: str, commit: str, today: date) -> bool:
        """Whether the rule still holds on *today* and speaks of this change by one of *names*."""
        return (
            (self.expires is None or today <= self.expires)
            and commit.startswith(self.commit)
            and fnmatchcase(metric, self.metric)
            and any(fnmatchcase(name, self.benchmark) for name in names)
        )


def find_rule(
    rules: Iterable[TriageRule], *, names: Sequence[str], metric: str, commit: str, today: date
) -> TriageRule | None:
    """Return the first rule that speaks of this change, None when nobody has decided.

    *names* are those of the benchmark: without its parameters, and with them as asv writes them.
    """
    return next((r for r in rules if r.matches(names, metric, commit, today)), None)


def parse_triage(text: str) -> tuple[TriageRule, ...]:
    """Read the rules of a triage file in its order, acceptances first.

    Raises:
        DataError: the file is not TOML, or a rule lacks its reason or author, or is misspelt.
            A rule that cannot be understood must not silently stop to hold.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(str(error)) from error
    unknown = set(table) - set(Action)
    if unknown:
        raise _wrong(f"unknown table [[{min(unknown)}]]; write [[accept]] or [[silence]]")
    rules: list[TriageRule] = []
    for action in Action:
        rows = table.get(action, [])
        if not isinstance(rows, list):
            raise _wrong(f"[{action}] must be written [[{action}]]")
        rules += (_rule(action, row, number) for number, row in enumerate(rows, 1))
    return tuple(rules)


def _rule(action: Action, row: object, number: int) -> TriageRule:
    where = f"[[{action}]] number {number}"
    if not isinstance(row, dict):
        raise _wrong(f"{where} is not a table")
    unknown = set(row) - {*_TEXTS, "expires"}
    if unknown:
        raise _wrong(f"{where} has an unknown key {min(unknown)!r}")
    texts = {key: _text(row.get(key, "*" if key == "metric" else ""), key, where) for key in _TEXTS}
    for key in ("benchmark", "reason", "author"):
        if not texts[key]:
            raise _wrong(f"{where} has no {key}")
    if texts["commit"] and len(texts["commit"]) < _SHORTEST_COMMIT:
        raise _wrong(f"{where}: commit needs at least {_SHORTEST_COMMIT} digits")
    expires = row.get("expires")
    if expires is not None and type(expires) is not date:
        raise _wrong(f"{where}: expires must be a date such as 2027-01-31, without quotes")
    return TriageRule(action=action, expires=expires, **texts)


def _text(value: object, key: str, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(f"{where}: {key} must be a string")
    return value.strip()


def _wrong(what: str) -> DataError:
    return DataError(f"{PATH}: {what}", "fix the file; docs/github.md shows its format")

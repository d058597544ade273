"""Reads small text files of the default branch, for jobs that check nothing out."""

import base64
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from tracker.errors import DataError
from tracker.github.api import Api
from tracker.report.links import parse_site
from tracker.settings.checks import CheckPolicy, parse_check
from tracker.settings.commands import parse_command_role
from tracker.settings.file import FILES, parse_settings
from tracker.settings.gates import Gates, parse_gates
from tracker.settings.triage import PATH, TriageRule, parse_triage


def read_text(api: Api, path: str) -> str | None:
    """Return the text of *path* on the default branch; None when there is no such file."""
    file = api.find(f"contents/{quote(path)}")
    if file is None:
        return None
    if file.get("encoding") == "base64":  # of a file beyond 1 MB GitHub gives no content
        with suppress(KeyError, ValueError):
            return base64.b64decode(str(file["content"])).decode("utf-8")
    raise DataError(
        f"{path} of the default branch is not a text file of at most 1 MB", "replace it"
    )


def remote_settings(api: Api) -> dict[str, object]:
    """Return the settings of the default branch, {} when it has none.

    Never those of the pull request: it would choose its own gates.
    """
    for name in FILES:
        text = read_text(api, name)
        settings = parse_settings(name, text) if text is not None else {}
        if settings:
            return settings
    return {}


def remote_triage(api: Api) -> tuple[TriageRule, ...]:
    """Return the triage of the default branch, () when it has none."""
    text = read_text(api, PATH)
    return parse_triage(text) if text is not None else ()


def command_role(api: Api) -> str:
    """Return the least role whose holders may order measurements, by the default branch."""
    return parse_command_role(remote_settings(api))


class MaintainersError(DataError):
    """A file of the default branch has a mistake: nothing that a pull request could mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintainersRules:
    """What the default branch decides.

    Attributes:
        site: address of the published site, "" when it is not known.
    """

    gates: Gates
    triage: tuple[TriageRule, ...]
    check: CheckPolicy
    site: str


def maintainers_rules(api: Api) -> MaintainersRules:
    """Return the rules of the default branch.

    Raises:
        MaintainersError: one of its files cannot be understood.
    """
    try:
        settings = remote_settings(api)
        return MaintainersRules(
            gates=parse_gates(settings),
            triage=remote_triage(api),
            check=parse_check(settings),
            site=parse_site(settings),
        )
    except DataError as error:
        raise MaintainersError(
            f"on the default branch: {error.message}", error.next_step
        ) from error

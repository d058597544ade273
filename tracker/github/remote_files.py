"""Reads small text files of the default branch, for jobs that check nothing out."""

import base64
from contextlib import suppress
from urllib.parse import quote

from tracker.errors import DataError
from tracker.github.api import Api
from tracker.settings.file import FILES, parse_settings
from tracker.settings.triage import PATH, TriageRule, parse_triage


def read_text(api: Api, path: str) -> str | None:
    """Return the text of *path* on the default branch; None when there is no such file."""
    found = api.find(f"contents/{quote(path)}")
    if found is None:
        return None
    if found.get("encoding") == "base64":  # of a file beyond 1 MB GitHub gives no content
        with suppress(KeyError, ValueError):
            return base64.b64decode(str(found["content"])).decode("utf-8")
    raise DataError(f"{path} of the default branch is not a text file of at most 1 MB", "mend it")


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

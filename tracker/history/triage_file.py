"""Reads the triage file of a work tree."""

from pathlib import Path

from tracker.errors import DataError
from tracker.history.config import folders_up
from tracker.settings.triage import PATH, TriageRule, parse_triage


def read_triage(folder: Path) -> tuple[TriageRule, ...]:
    """Return the rules of the nearest triage file, from *folder* to the top of its repository."""
    path = next((up / PATH for up in folders_up(folder) if (up / PATH).exists()), None)
    if path is None:
        return ()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", "fix or remove the file") from error
    return parse_triage(text)

"""Reads the triage file of a work tree."""

from pathlib import Path

from tracker.errors import DataError
from tracker.report.triage import PATH, TriageRule, parse_triage


def read_triage(folder: Path) -> tuple[TriageRule, ...]:
    """Return the rules of *folder*'s triage file; none when there is no such file."""
    path = folder / PATH
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", "mend or remove the file") from error
    return parse_triage(text)

"""What every command that looks at results does first."""

import os
from pathlib import Path
from typing import TypedDict

from tracker.cli.options import progress
from tracker.errors import DataError
from tracker.history import read_history, resolve_source
from tracker.model import History
from tracker.units import agree, count


class Where(TypedDict):
    """The values of `options.results_options`, as click hands them over."""

    config: str
    results: str | None
    repo: str | None
    branch: str | None
    skip_damaged: bool


def pick_where(options: Where) -> Where:
    """Return the fields of `Where` alone, out of all options of a command."""
    return Where(
        config=options["config"],
        results=options["results"],
        repo=options["repo"],
        branch=options["branch"],
        skip_damaged=options["skip_damaged"],
    )


def load(where: Where, *, quiet: bool) -> History:
    """Read the history that the options name; say on stderr what was left out."""
    source = resolve_source(**where)
    history = read_history(source, cache_folder())
    left_out = sum(exclusion.count for exclusion in history.excluded)
    for note in history.notes:
        progress(f"note: {note}", quiet=quiet)
    if left_out:
        what = agree(left_out, "value or file was", "values or files were")
        progress(f"note: {left_out:,} {what} left out, see the report", quiet=quiet)
    return history


def refuse_damage(history: History) -> None:
    """Raise DataError where result files could not be read: a shorter history judges otherwise.

    Called last, so that whatever can be said of the others has been said.
    """
    if history.damaged:
        first, more = history.damaged[0], len(history.damaged) - 1
        raise DataError(
            f"{count(more + 1, 'result file')} could not be read and were left out: {first}"
            + (f" (and {more:,} more)" if more else ""),
            "restore them or measure those commits again; --skip-damaged accepts the loss",
        )


def cache_folder() -> Path:
    """Return where parsed results and downloads are kept; everything there can be deleted."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("TRACKER_CACHE") or f"{base}/asynctasq-tracker").expanduser()

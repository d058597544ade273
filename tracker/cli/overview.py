"""What `report` and `detect` share: read, judge, arrange."""

from datetime import UTC, datetime
from pathlib import Path

from tracker.cli.judging import How, explain_history, judge_history
from tracker.cli.loading import Where, load, pick_where, refuse_damage
from tracker.cli.options import Output
from tracker.errors import ExitCode
from tracker.history import resolve_source
from tracker.history.config import CONFIGURATION
from tracker.history.triage_file import read_triage
from tracker.model import History
from tracker.report.history.overview import Overview, build_overview
from tracker.report.history.selection import EVERYTHING, Wanted


class OverviewOptions(Where, How, Output):
    """All options of a command that reports on a history."""


def read_overview(
    request: OverviewOptions, wanted: Wanted = EVERYTHING
) -> tuple[History, Overview]:
    """Read the history that the options name, judge it and arrange what is *wanted* of it."""
    history = load(pick_where(request), quiet=request["quiet"])
    how = How(scheduler=request["scheduler"], processes=request["processes"])
    repo = resolve_source(**pick_where(request)).repo
    judged = explain_history(judge_history(history, how), repo)
    rules = read_triage(Path(request["config"]).parent)
    today = datetime.now(tz=UTC).date()
    return history, build_overview(judged, rules, today, wanted, _options(request))


def _options(request: OverviewOptions) -> tuple[str, ...] | None:
    """What leads `tracker bisect` to this history from here; None without a configuration."""
    if not Path(request["config"]).is_file():
        return None
    given = {
        "config": "" if request["config"] == CONFIGURATION else request["config"],
        "results": request["results"],
        "repo": request["repo"],
    }
    return tuple(part for name, value in given.items() if value for part in (f"--{name}", value))


def exit_code(history: History, overview: Overview) -> int:
    """Return 1 when something is worse now, else 0; DataError when results could not be read."""
    refuse_damage(history)
    return int(ExitCode.REGRESSION if overview.regressions else ExitCode.FINE)

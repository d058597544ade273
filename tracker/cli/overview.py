"""What `report` and `detect` share: read, judge, arrange."""

from datetime import UTC, datetime
from pathlib import Path

from tracker.cli.judging import How, judge_history
from tracker.cli.loading import Where, load, pick_where
from tracker.cli.options import Output
from tracker.errors import ExitCode
from tracker.history.triage_file import read_triage
from tracker.report.history.overview import EVERYTHING, Overview, Wanted, build_overview


class Request(Where, How, Output):
    """All options of a command that reports on a history."""


def read_overview(request: Request, wanted: Wanted = EVERYTHING) -> Overview:
    """Read the history that the options name, judge it and arrange what is *wanted* of it."""
    history = load(pick_where(request), quiet=request["quiet"])
    how = How(scheduler=request["scheduler"], processes=request["processes"])
    judged = judge_history(history, how)
    rules = read_triage(Path(request["config"]).parent)
    return build_overview(judged, rules, datetime.now(tz=UTC).date(), wanted)


def exit_code(overview: Overview) -> int:
    """Return 1 when something is worse now, else 0."""
    return int(ExitCode.REGRESSION if overview.regressions else ExitCode.FINE)

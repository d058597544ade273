"""What `report` and `detect` share: read, judge, arrange."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import click

from tracker.cli.answers import Answers
from tracker.cli.loading import Where, cache_folder, load, pick_where
from tracker.cli.mapping import open_mapper
from tracker.cli.options import Decorated, Output
from tracker.detect import judge
from tracker.errors import ExitCode
from tracker.history.triage_file import read_triage
from tracker.model import History, JudgedHistory
from tracker.report.overview import Overview, build_overview

_scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Judge on a Dask cluster, for example tcp://127.0.0.1:8786.",
)
_processes_option = click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Judge on so many local processes.",
)


class How(TypedDict):
    """The values of `judging_options`, as click hands them over."""

    scheduler: str | None
    processes: int


class Request(Where, How, Output):
    """All options of a command that reports on a history."""


def judging_options(command: Decorated) -> Decorated:
    """Add `--scheduler` and `--processes`; pass them on to `judge_history`."""
    return _scheduler_option(_processes_option(command))


def judge_history(history: History, how: How) -> JudgedHistory:
    """Judge *history*; series that are as they were at the last call are not judged again."""
    answers = Answers(cache_folder(), f"{history.project} {history.commits[0].sha}")
    with open_mapper(how["scheduler"], how["processes"]) as mapper:
        judged = judge(history, judge_all=answers.remember(mapper))
    answers.store()
    return judged


def read_overview(request: Request) -> Overview:
    """Read the history that the options name, judge it and arrange it for a report."""
    history = load(pick_where(request), quiet=request["quiet"])
    how = How(scheduler=request["scheduler"], processes=request["processes"])
    judged = judge_history(history, how)
    rules = read_triage(Path(request["config"]).parent)
    return build_overview(judged, rules, datetime.now(tz=UTC).date())


def exit_code(overview: Overview) -> int:
    """Return 1 when something is worse now, else 0."""
    return int(ExitCode.REGRESSION if overview.regressions else ExitCode.FINE)

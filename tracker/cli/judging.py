"""How a history is judged: the options for it, and the call."""

from pathlib import Path
from typing import TypedDict

import click

from tracker.cli.loading import cache_folder
from tracker.cli.options import Decorated
from tracker.execution.kept_judgement import recall_or_judge
from tracker.execution.kept_results import Answers
from tracker.execution.parallel import open_mapper
from tracker.judge import judge
from tracker.judge.first_judged_commit import judge_from_first_commits
from tracker.model import History, JudgedHistory

_scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask cluster to judge on, such as tcp://127.0.0.1:8786.",
)
_processes_option = click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of local processes that judge.",
)


class How(TypedDict):
    """The values of `judging_options`, as click hands them over."""

    scheduler: str | None
    processes: int


def judging_options(command: Decorated) -> Decorated:
    """Add `--scheduler` and `--processes`; pass them on to `judge_history`."""
    return _scheduler_option(_processes_option(command))


def judge_history(history: History, how: How) -> JudgedHistory:
    """Judge *history*; what is as it was at the last call is not judged again."""
    subject = f"{history.project} {history.commits[0].sha}"
    return recall_or_judge(cache_folder(), subject, history, lambda: _judge(history, how, subject))


def explain_history(judged: JudgedHistory, repo: Path | None) -> JudgedHistory:
    """Return *judged* with an explanation of each event whose commits were counted."""
    if not any(record.counts for record in judged.history.records):
        return judged
    from tracker.execution.explained_events import explain_events  # late: few histories are counted

    return explain_events(judged, repo)


def _judge(history: History, how: How, subject: str) -> JudgedHistory:
    answers = Answers(cache_folder(), subject)
    with open_mapper(how["scheduler"], how["processes"]) as mapper:
        judge_all = answers.remember(mapper)
        judged = judge_from_first_commits(
            history, lambda hidden: judge(hidden, judge_all=judge_all)
        )
    answers.store()
    return judged

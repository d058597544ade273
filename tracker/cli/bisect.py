"""`tracker bisect`: find the commit that changed a metric."""

import platform
from functools import partial
from pathlib import Path
from typing import Unpack

import click

from tracker.bisect.bisecting import Request, Tools, bisect
from tracker.cli.auto_search import search_history
from tracker.cli.compare import describe, read_readings
from tracker.cli.options import (
    Output,
    config_option,
    output_options,
    own_repo_option,
    progress,
    size_option,
)
from tracker.errors import ExitCode, UsageError
from tracker.history.config import resolve_source
from tracker.report.search.text import render
from tracker.settings.durations import parse_duration

BUDGET = "30m"


@click.command("bisect", short_help="Find the commit that changed a metric.")
@click.argument("good", required=False, default="")
@click.argument("bad", required=False, default="")
@config_option
@click.option(
    "--metric",
    default="",
    metavar="M",
    help="Metric to search with: an asv benchmark, or SCENARIO.METRIC of our suite.",
)
@click.option(
    "--budget",
    default="",
    metavar="TIME",
    help="Time for the search, such as 90s or 30m (default: 30m, or that of [bisect]).",
)
@own_repo_option
@click.option("--results", default=None, metavar="DIR", help="Folder of the results tree.")
@size_option
@click.option("--machine", default=platform.node(), help="Name of this machine in the results.")
@click.option("--fresh", is_flag=True, help="Start again, without what this search has measured.")
@click.option(
    "--auto", is_flag=True, help="Search the steps of the history whose commit was never measured."
)
@click.option(
    "--states",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder in which searches are kept to go on from (default: .asv/bisect).",
)
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    good: str,
    bad: str,
    config: str,
    metric: str,
    budget: str,
    repo: str,
    results: str | None,
    size: str,
    machine: str,
    fresh: bool,
    auto: bool,
    states: Path | None,
    **output: Unpack[Output],
) -> int:
    """Find the commit between GOOD and BAD that changed a metric.

    GOOD is an ancestor of BAD; the search follows first parents. Without --metric, our suite first
    counts both ends, and takes the clock only where no count moved. After Ctrl-C, the same command
    continues. Exit code 5: not yet narrowed down to one commit.

    With --auto the history names the commits, where [bisect] auto is true in tracker.toml.
    """
    _check_ends(good, bad, metric, auto=auto)
    if Path(machine).name != machine or machine in {"", ".."}:
        raise UsageError(f"a machine cannot be called {machine!r}", "choose a name without /")
    source = resolve_source(config, results=results)
    request = Request(
        config=Path(config),
        source=source,
        repo=repo,
        good=good,
        bad=bad,
        metric=metric,
        budget_s=parse_duration(budget or BUDGET),
        size=size,
        machine=machine,
        fresh=fresh,
        states=states,
    )
    quiet, verbose = output["quiet"], output["verbose"]
    tools = Tools(
        describe=partial(describe, source.rules),
        read=partial(read_readings, source.rules),
        say=partial(progress, quiet=quiet),
        on_line=lambda line: progress(line.rstrip(), quiet=quiet or not verbose),
    )
    if auto:
        return search_history(request, tools, budget=budget, quiet=quiet)
    finding = bisect(request, tools)
    click.echo(render(finding), nl=False)
    return ExitCode.FINE if finding.answer.is_sure else ExitCode.CANNOT_TELL


def _check_ends(good: str, bad: str, metric: str, *, auto: bool) -> None:
    """Raise UsageError where the ends are missing, or the history is to choose them."""
    if auto and (good or metric):
        raise UsageError(
            "--auto takes commits and metrics from the history", "leave out GOOD, BAD and --metric"
        )
    if not auto and not bad:
        raise UsageError("two commits are needed", "tracker bisect GOOD BAD, or --auto")

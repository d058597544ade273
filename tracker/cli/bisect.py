"""`tracker bisect`: find the commit that changed a metric."""

import platform
from functools import partial
from pathlib import Path
from typing import Unpack

import click

from tracker.bisect.bisecting import Request, Tools, bisect
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


@click.command("bisect")
@click.argument("good")
@click.argument("bad")
@config_option
@click.option(
    "--metric",
    default="",
    metavar="M",
    help="Metric to search with: an asv benchmark, or SCENARIO.METRIC of our suite.",
)
@click.option(
    "--budget", default="30m", show_default=True, help="Time for the search, such as 90s or 30m."
)
@own_repo_option
@click.option("--results", default=None, metavar="DIR", help="Folder of the results tree.")
@size_option
@click.option("--machine", default=platform.node(), help="Name of this machine in the results.")
@click.option("--fresh", is_flag=True, help="Start again, without what this search has measured.")
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
    **output: Unpack[Output],
) -> int:
    """Find the commit between GOOD and BAD that changed a metric.

    GOOD is an ancestor of BAD; the search follows first parents. Without --metric, our suite first
    counts both ends, and takes the clock only where no count moved. After Ctrl-C, the same command
    continues. Exit code 5: not yet narrowed down to one commit.
    """
    if Path(machine).name != machine or machine in {"", ".."}:
        raise UsageError(f"a machine cannot be called {machine!r}", "name it, without any /")
    source = resolve_source(config, results=results)
    request = Request(
        config=Path(config),
        source=source,
        repo=repo,
        good=good,
        bad=bad,
        metric=metric,
        budget_s=parse_duration(budget),
        size=size,
        machine=machine,
        fresh=fresh,
    )
    quiet, verbose = output["quiet"], output["verbose"]
    tools = Tools(
        describe=partial(describe, source.rules),
        read=partial(read_readings, source.rules),
        say=partial(progress, quiet=quiet),
        on_line=lambda line: progress(line.rstrip(), quiet=quiet or not verbose),
    )
    finding = bisect(request, tools)
    click.echo(render(finding), nl=False)
    return ExitCode.FINE if finding.answer.is_sure else ExitCode.CANNOT_TELL

"""`tracker compare`: measure two commits in turns and decide."""

import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from tracker.asv.builds import Commits
from tracker.cli.options import (
    Output,
    config_option,
    output_options,
    own_repo_option,
    size_option,
)
from tracker.cli.progress_line import progress_line
from tracker.compare.comparison import (
    ComparisonRequest,
    Tools,
    compare,
    compare_with_itself,
)
from tracker.compare.corners import Counted, Versions, build_and_count
from tracker.compare.measurer import Reading, RowKey
from tracker.counts.focus import Clock
from tracker.errors import UsageError
from tracker.history import Source, read_history
from tracker.history.config import read_settings
from tracker.model import Metric, Outcome, Series
from tracker.model.comparison import EXIT_CODES, Comparison
from tracker.report.comparison.file import encode
from tracker.report.comparison.text import render
from tracker.settings.directions import Rules, describe_metric, parse_rules
from tracker.settings.durations import parse_duration
from tracker.system.atomic import replace_file


@click.command("compare")
@click.argument("base")
@click.argument("head")
@config_option
@own_repo_option
@click.option(
    "--budget", default="15m", show_default=True, help="Time to measure, such as 90s or 15m."
)
@size_option
@click.option("--scenarios", default="", help="Only these scenarios, comma-separated.")
@click.option(
    "--control",
    default="celery",
    show_default=True,
    help='Library measured next to base and head as a control; "none" for no control.',
)
@click.option("--exact", is_flag=True, help="Measure BASE itself, not the merge base.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31),
    default=0,
    help="Seed for the order of turns and tasks.",
)
@click.option("--machine", default=platform.node(), help="Name of this machine in the report.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write the comparison to, as JSON.",
)
@click.option(
    "--time",
    "clock",
    type=click.Choice([clock.value for clock in Clock]),
    default=Clock.MOVED.value,
    show_default=True,
    help="Scenarios to time once all are counted: those where a count moved, all, or none.",
)
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    base: str,
    head: str,
    config: str,
    repo: str,
    budget: str,
    size: str,
    scenarios: str,
    control: str,
    exact: bool,
    seed: int,
    machine: str,
    out: Path | None,
    clock: str,
    verbose: bool,
    quiet: bool,
) -> int:
    """Measure BASE and HEAD in turn on this machine, and report what changed.

    BASE is the branch that HEAD will be merged into; their merge base is what is measured.
    """
    if out is not None:
        check_writable(out)
    request = ComparisonRequest(
        commits=Commits(config=Path(config), repo=repo, base=base, head=head, exact=exact),
        scenarios=scenarios,
        budget_s=parse_duration(budget),
        size=size,
        seed=seed,
        control="" if control == "none" else control,
        machine=machine,
        clock=Clock(clock),
    )
    comparison = run_comparison(request, Output(verbose=verbose, quiet=quiet))
    try:
        if out is not None:
            replace_file(out, [encode(comparison)])
    finally:
        click.echo(render(comparison), nl=False)
    return EXIT_CODES[comparison.conclusion]


def measure_noise(
    config: Path, seconds: float, budget_s: float, scenarios: str, *, quiet: bool
) -> Comparison:
    """Compare `HEAD` with itself for so long, by turns like those of a comparison of *budget_s*."""
    request = ComparisonRequest(
        commits=Commits(config=config, repo="", base="HEAD", head="HEAD", exact=True),
        scenarios=scenarios,
        budget_s=budget_s,
        size="quick",
        seed=0,
        control="",
        machine=platform.node(),
    )
    with _tools(config, Output(verbose=False, quiet=quiet)) as tools:
        return compare_with_itself(request, tools, seconds)


def run_comparison(request: ComparisonRequest, output: Output) -> Comparison:
    """Compare by the project's own settings, with a line of progress."""
    with _tools(request.commits.config, output) as tools:
        return compare(request, tools)


def split_by_counting(
    request: ComparisonRequest,
    choose_packages: Callable[[Mapping[str, str]], Versions],
    output: Output,
) -> Counted:
    """Count each commit with either one's packages, with a line of progress."""
    with _tools(request.commits.config, output) as tools:
        return build_and_count(request, tools, choose_packages)


def check_writable(out: Path) -> None:
    """Refuse before measuring, not after."""
    try:
        with tempfile.TemporaryFile(dir=out.absolute().parent):
            pass
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror}",
            "name a file in an existing folder that you may write to",
        ) from error


@contextmanager
def _tools(config: Path, output: Output) -> Iterator[Tools]:
    """What measuring by the settings beside *config* needs, while a line of progress is shown."""
    rules = parse_rules(read_settings(config.absolute().parent))
    with progress_line(quiet=output["quiet"]) as line:
        yield Tools(
            describe=partial(describe, rules),
            read=partial(read_readings, rules),
            say=line.tell,
            on_line=lambda text: line.write(text.rstrip()) if output["verbose"] else None,
        )


def describe(rules: Rules, benchmark: str, unit: str) -> Metric:
    """What a benchmark of our harness measures, in the given unit."""
    return describe_metric(benchmark, {"unit": unit}, rules)


def read_readings(rules: Rules, results: Path, scenario: str) -> tuple[Reading, ...]:
    """Read the one commit of *results*: a reading per benchmark and parameters that was run.

    These are another project's: a parameter called `library` is a parameter as any other.
    """
    history = read_history(Source(results=str(results), rules=rules))
    return tuple(
        Reading(
            key=RowKey(scenario=scenario, benchmark=series.key.benchmark, params=series.key.params),
            metric=series.metric,
            library="",
            value=float(series.values[-1]),
            failure=_failure(series),
        )
        for series in history.series
        if len(series.values)
    )


def _failure(series: Series) -> str:
    """Why the newest value of *series* is missing; "" when it is there, or was not asked for."""
    newest = int(series.positions[-1])
    if series.outcomes.get(newest) is not Outcome.FAILED:
        return ""
    return series.reasons.get(newest, "it fails")

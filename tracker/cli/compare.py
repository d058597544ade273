"""`tracker compare`: measure two commits in turns and decide."""

import platform
import re
import tempfile
from functools import partial
from pathlib import Path

import click

from tracker.asv.builds import Commits
from tracker.cli.options import config_option, output_options, progress
from tracker.compare.comparing import Request, Tools, compare
from tracker.compare.measurer import Reading, RowKey
from tracker.errors import UsageError
from tracker.history import Source, load_history
from tracker.history.config import read_settings
from tracker.model import Metric, Outcome, Series
from tracker.model.comparison import EXIT_CODES, Comparison
from tracker.report.comparison.file import encode
from tracker.report.comparison.text import render
from tracker.settings.directions import Rules, describe_metric, parse_rules

_UNITS_S = {"s": 1, "m": 60, "h": 3600}


@click.command("compare")
@click.argument("base")
@click.argument("head")
@config_option
@click.option("--repo", default="", metavar="DIR", help="Take the commits from this repository.")
@click.option("--budget", default="15m", show_default=True, help="Time for all rounds: 90s, 15m.")
@click.option("--size", type=click.Choice(["quick", "full"]), default="quick", show_default=True)
@click.option("--scenarios", default="", help="Only these, comma-separated.")
@click.option("--control", default="celery", show_default=True, help='Library beside, or "none".')
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with the merge base.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, help="Order of turns and tasks.")
@click.option("--machine", default=platform.node(), help="Name of this machine in the report.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the comparison here as JSON.",
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
    verbose: bool,
    quiet: bool,
) -> int:
    """Measure BASE and HEAD in turns on this machine, and say what changed.

    BASE is the branch that HEAD will be merged into: what is measured is their merge base.
    """
    if out is not None:
        _check_writable(out)
    request = Request(
        commits=Commits(config=Path(config), repo=repo, base=base, head=head, exact=exact),
        scenarios=scenarios,
        budget_s=parse_duration(budget),
        size=size,
        seed=seed,
        control="" if control == "none" else control,
        machine=machine,
    )
    rules = parse_rules(read_settings(Path(config).absolute().parent))
    comparison = compare(request, _tools(rules, verbose=verbose, quiet=quiet))
    try:
        if out is not None:
            draft = out.with_name(f".{out.name}.draft")
            draft.write_bytes(encode(comparison))
            draft.replace(out)
    finally:
        click.echo(render(comparison), nl=False)
    return EXIT_CODES[comparison.conclusion]


def compare_with_itself(
    config: Path, budget_s: float, scenarios: str, *, quiet: bool
) -> Comparison:
    """Compare `HEAD` with itself: what differs is the noise of this machine."""
    request = Request(
        commits=Commits(config=config, repo="", base="HEAD", head="HEAD", exact=True),
        scenarios=scenarios,
        budget_s=budget_s,
        size="quick",
        seed=0,
        control="",
        machine=platform.node(),
    )
    rules = parse_rules(read_settings(config.absolute().parent))
    return compare(request, _tools(rules, verbose=False, quiet=quiet))


def _check_writable(out: Path) -> None:
    """Refuse before measuring, not after."""
    try:
        with tempfile.TemporaryFile(dir=out.absolute().parent):
            pass
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror}",
            "name a file in a folder that is there and may be written to",
        ) from error


def parse_duration(text: str) -> float:
    """Return seconds.

    >>> parse_duration("15m"), parse_duration("90s"), parse_duration("1.5h")
    (900.0, 90.0, 5400.0)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if match is None or not float(match[1]):
        raise UsageError(f"{text!r} is no duration", "write 90s, 15m or 1h")
    return float(match[1]) * _UNITS_S[match[2]]


def _tools(rules: Rules, *, verbose: bool, quiet: bool) -> Tools:
    return Tools(
        describe=partial(_describe, rules),
        read=partial(read_readings, rules),
        say=partial(progress, quiet=quiet),
        on_line=lambda line: progress(line.rstrip(), quiet=quiet or not verbose),
    )


def _describe(rules: Rules, benchmark: str, unit: str) -> Metric:
    return describe_metric(benchmark, {"unit": unit}, rules)


def read_readings(rules: Rules, results: Path, scenario: str) -> tuple[Reading, ...]:
    """Read the one commit of *results*: a reading per benchmark and parameters that was run."""
    history = load_history(Source(results=str(results), rules=rules))
    return tuple(
        Reading(
            key=RowKey(scenario=scenario, benchmark=series.key.benchmark, params=series.key.params),
            metric=series.metric,
            library=series.library,
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

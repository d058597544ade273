"""`tracker doctor`: what works here, what is missing, and what a comparison would find."""

from pathlib import Path
from typing import Unpack

import click

from tracker import units
from tracker.adopt.checks import Diagnosis, State, check_all
from tracker.adopt.noise_prediction import Prediction, predict
from tracker.cli.compare import measure_noise
from tracker.cli.options import Output, config_option, output_options
from tracker.errors import ExitCode
from tracker.model.comparison import Comparison
from tracker.paired.policy import DEFAULT
from tracker.report.escape import terminal
from tracker.settings.durations import parse_duration
from tracker.suite.scenarios import choose, read_suite

SIGNS = {State.WORKS: "ok", State.WARNS: "!", State.MISSING: "MISSING"}
ROWS_SHOWN = 20


@click.command("doctor")
@config_option
@click.option(
    "--noise",
    default="",
    metavar="TIME",
    help="Also measure HEAD against itself for this long, such as 2m.",
)
@click.option("--budget", default="15m", show_default=True, help="Budget of future comparisons.")
@click.option("--scenarios", default="", help="Scenarios for --noise, comma-separated.")
@output_options
def command(
    *, config: str, noise: str, budget: str, scenarios: str, **output: Unpack[Output]
) -> int:
    """Check this repository and this machine, and say what to do next. Changes nothing.

    With --noise it also predicts the smallest change that comparisons of --budget will find here.
    """
    checks = list(check_all(Path(config)))
    for check in checks:
        _show(check)
    missing = any(check.state is State.MISSING for check in checks)
    if noise and checks[0].state is not State.MISSING:
        seconds = parse_duration(budget)
        comparison = measure_noise(
            Path(config), parse_duration(noise), seconds, scenarios, quiet=output["quiet"]
        )
        _show_noise(comparison, predict(comparison, seconds, DEFAULT), budget)
        _show_missing(comparison, Path(config), scenarios)
    return ExitCode.USAGE if missing else ExitCode.FINE


def _show(check: Diagnosis) -> None:
    click.echo(f"{SIGNS[check.state]:8}{check.about:15}{terminal(check.finding)}")
    if check.advice:
        click.echo(f"{'':23}try: {terminal(check.advice)}")


def _show_noise(comparison: Comparison, predictions: tuple[Prediction, ...], budget: str) -> None:
    rounds = f"{units.count(comparison.rounds, 'round')} of {comparison.head.sha[:8]}"
    measured = f"{'noise':8}{rounds} against itself"
    reach = [one for one in predictions if one.smallest is not None]
    if not predictions:
        click.echo(f"{measured}: too few to say; give --noise more time, or fewer --scenarios")
        return
    if not reach:
        click.echo(f"{measured}: a comparison of {budget} here decides nothing; give it more time")
        return
    click.echo(
        f"{measured}; a comparison of {budget} here finds, 4 times in 5, a change of at least:"
    )
    for one in reach[:ROWS_SHOWN]:
        name = f"{one.benchmark} {one.metric}" if one.metric not in one.benchmark else one.benchmark
        click.echo(f"{'':8}{units.share(one.smallest or 0.0):>8}  {terminal(name)}")
    if len(reach) > ROWS_SHOWN:
        click.echo(f"{'':8}and {len(reach) - ROWS_SHOWN} more, each above these")
    if lost := len(predictions) - len(reach):
        click.echo(f"{'':8}{units.count(lost, 'metric')} cannot be decided in that time")


def _show_missing(comparison: Comparison, config: Path, scenarios: str) -> None:
    """Name the scenarios of our own suite for which the time was too short."""
    suite = read_suite(config)
    measured = {row.scenario for row in comparison.rows}
    asked = choose(suite, scenarios) if suite.own_harness else ()
    if missing := [scenario for scenario in asked if scenario not in measured]:
        names = ", ".join(missing)
        click.echo(f"{'':8}no time for {names}: give --noise more, or choose --scenarios")

"""The options that several commands share, each written once.

Use them as decorators: `@results_options` gives the fields of `loading.Where`;
`@output_options` gives `verbose` and `quiet`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import click

from tracker.errors import UsageError

type Decorated = Callable[..., object]


class Output(TypedDict):
    """The values of `output_options`, as click hands them over."""

    verbose: bool
    quiet: bool


def _find_config(context: click.Context, _: click.Parameter, name: str | None) -> str:
    """Return *name*, else the one configuration that there is in this folder or below it.

    Of several the one whose results `--results` names, which click has read by then.
    """
    if name is not None:
        return name
    from tracker.history import config  # late: it loads numpy

    configurations = config.find_configurations_for(Path(), context.params.get("results"))
    if len(configurations) > 1:
        several = ", ".join(str(path) for path in configurations)
        raise UsageError(
            f"there are several configurations of asv: {several}", "name one with --config"
        )
    return str(configurations[0]) if configurations else config.CONFIGURATION


config_option = click.option(
    "--config",
    default=None,
    callback=_find_config,
    metavar="FILE",
    help="Configuration of asv, which names results, repository and branch (default: the only "
    "asv.conf.json here or below).",
)
results_option = click.option(
    "--results",
    default=None,
    metavar="DIR",
    help="Results of any asv project: a folder or an fsspec address (s3://, gs://, ...). Of "
    "several configurations the one that names this folder is read.",
)
own_repo_option = click.option(
    "--repo", default="", metavar="DIR", help="Repository of the tracked project, instead of asv's."
)
repo_option = click.option(
    "--repo", default=None, metavar="DIR", help="Local git repository of the tracked project."
)
branch_option = click.option(
    "--branch", default=None, metavar="NAME", help="Tracked branch (default: asv's first)."
)
skip_damaged_option = click.option(
    "--skip-damaged", is_flag=True, help="Accept the loss of damaged result files."
)
size_option = click.option(
    "--size",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help="How much to measure: quick for CI, full for figures to rely on.",
)
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show details, and the traceback of an error."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress and no warnings.")


def results_options(command: Decorated) -> Decorated:
    """Add the options that say what to read; pass them on to `loading.load` as one `Where`."""
    for option in (skip_damaged_option, branch_option, repo_option, results_option, config_option):
        command = option(command)
    return command


def output_options(command: Decorated) -> Decorated:
    """Add `--verbose` and `--quiet`."""
    return verbose_option(quiet_option(command))


def progress(text: str, *, quiet: bool) -> None:
    """Write one line of progress to stderr, unless *quiet*."""
    if not quiet:
        click.echo(text, err=True)

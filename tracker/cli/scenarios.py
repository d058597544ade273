"""`tracker scenarios`: the matrix of libraries and scenarios, asked of the suite itself."""

import sys
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, config_option, output_options, progress
from tracker.errors import UsageError
from tracker.history.config import resolve_source
from tracker.suite.harness_environment import ask_harness
from tracker.suite.scenarios import choose, choose_libraries, read_suite

_MODULE = "benchmarks.harness.matrix"


@click.command()
@config_option
@click.option("--libraries", default="", metavar="A,B", help="Only these libraries.")
@click.option("--scenarios", default="", metavar="A,B", help="Only these scenarios.")
@click.option(
    "--results",
    default="",
    metavar="DIR",
    help="Results to look outcomes up in (default: the configuration's).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text, or JSON.",
)
@output_options
def command(
    *,
    config: str,
    libraries: str,
    scenarios: str,
    results: str,
    form: str,
    **output: Unpack[Output],
) -> None:
    """Show whether each library is native, approximated or unsupported in each scenario, and why.

    If there are results, it also shows what became of each cell.
    """
    suite = read_suite(Path(config))
    choose(suite, scenarios)
    choose_libraries(suite, libraries)
    folder = suite.root
    if not (folder / "benchmarks" / "harness" / "matrix.py").is_file():
        raise UsageError(
            f"{folder} has no benchmark suite with libraries and scenarios",
            "name the asv.conf.json next to the benchmarks folder with --config",
        )
    command_line = [sys.executable, "-m", _MODULE, "--format", form]
    tree = Path(resolve_source(config, results=results or None).results).absolute()
    wanted = {"--libraries": libraries, "--scenarios": scenarios, "--results": str(tree)}
    for option, value in wanted.items():
        command_line += [option, value] if value else []
    if output["verbose"]:
        progress(" ".join(command_line), quiet=output["quiet"])
    click.echo(ask_harness(command_line, folder, UsageError))

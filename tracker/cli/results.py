"""`tracker results`: the history on its own branch."""

import os
import shutil
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, output_options, progress
from tracker.errors import ExitCode
from tracker.github.branch import BRANCH, results_branch
from tracker.github.results_files import changed_files, is_whole
from tracker.github.site_branch import site_branch
from tracker.report.escape import terminal
from tracker.units import count

_remote = click.option(
    "--remote", metavar="ADDRESS", help="Repository (default: the job's own, with its token)."
)
_branch = click.option("--branch", default=BRANCH, show_default=True, help="Name of the branch.")
_folder = click.argument("folder", type=click.Path(path_type=Path))


@click.group("results")
def command() -> None:
    """Fetch and store results on their branch.

    The branch holds an asv results tree (results/), the verdicts on pull requests (verdicts/) and
    the states of searches for commits (searches/). Nothing is ever removed or forced, and nothing
    from pull requests is stored.
    """


@command.command("pull")
@_folder
@_remote
@_branch
@output_options
def pull(*, folder: Path, remote: str | None, branch: str, **_output: Unpack[Output]) -> int:
    """Fetch the history into FOLDER.

    A missing or damaged history is an error.
    """
    results_branch(remote, branch).pull(folder)
    return ExitCode.FINE


@command.command("pack")
@_folder
@click.argument("out", type=click.Path(path_type=Path))
@output_options
def pack(*, folder: Path, out: Path, **output: Unpack[Output]) -> int:
    """Collect new result files for the job that stores them.

    Copies what is new in FOLDER, since it was pulled, to OUT. An incomplete file is left out,
    and named.
    """
    names = changed_files(folder)
    whole = [name for name in names if is_whole(folder / name)]
    for name in whole:
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target)
    for name in sorted(set(names) - set(whole)):
        click.echo(f"tracker: {terminal(str(name))} is incomplete and is left out", err=True)
    progress(f"tracker: {count(len(whole), 'file')} packed", quiet=output["quiet"])
    return ExitCode.FINE


@command.command("push")
@_folder
@_remote
@_branch
@output_options
def push(*, folder: Path, remote: str | None, branch: str, **output: Unpack[Output]) -> int:
    """Add the results and verdicts of FOLDER to the branch.

    Tries again when another job was faster.
    """
    event = os.environ.get("GITHUB_EVENT_NAME", "")
    stored = results_branch(remote, branch).push(folder, event=event)
    progress(f"tracker: {count(stored, 'file')} stored on {branch}", quiet=output["quiet"])
    return ExitCode.FINE


@command.command("site")
@_folder
@_remote
@click.option("--branch", default="gh-pages", show_default=True, help="Branch of the pages.")
@click.option("--path", default="performance", show_default=True, help="Folder of that branch.")
@output_options
def site(
    *, folder: Path, remote: str | None, branch: str, path: str, **output: Unpack[Output]
) -> int:
    """Add the site in FOLDER to a branch of pages."""
    added = site_branch(results_branch(remote, branch), path).add(folder)
    done = "published" if added else "unchanged"
    progress(f"tracker: {path} on {branch} is {done}", quiet=output["quiet"])
    return ExitCode.FINE


@command.command("create")
@_remote
@_branch
@output_options
def create(*, remote: str | None, branch: str, **_output: Unpack[Output]) -> int:
    """Start an empty history. An existing one is kept."""
    results_branch(remote, branch).create()
    return ExitCode.FINE

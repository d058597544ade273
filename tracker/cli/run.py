"""`tracker run`: asv's run with what this product needs switched on."""

import hashlib
import platform
import sys
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, config_option, output_options
from tracker.errors import DataError, ExitCode
from tracker.measure.asv_command import AsvProject, run_asv

NOTHING_TO_DO = "No commit hashes selected"
SOME_CELLS_FAILED = 2


@click.command("run")
@click.argument("commits", metavar="[RANGE]", default="NEW")
@config_option
@click.option("--results", type=click.Path(path_type=Path), help="Folder of the results tree.")
@click.option("--repo", help="Take the commits from this repository instead.")
@click.option("--machine", default=platform.node(), help="Name of this machine in the results.")
@click.option("--scenarios", help="Only these, comma-separated.")
@click.option("--libraries", help="The tracked one and these beside it, comma-separated.")
@click.option("--size", type=click.Choice(["quick", "full"]), default="quick", show_default=True)
@click.option("--append", is_flag=True, help="Measure again and add the samples.")
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    commits: str,
    config: str,
    results: Path | None,
    repo: str | None,
    machine: str,
    scenarios: str | None,
    libraries: str | None,
    size: str,
    append: bool,
    **output: Unpack[Output],
) -> int:
    """Measure the commits of RANGE.

    RANGE is asv's: NEW (default), ALL, TAGS, A..B, COMMIT^!, HASHFILE:path. Repeated samples are
    recorded, what is there already is not measured again unless --append is given, and a commit
    that fails does not stop those after it.
    """
    folder = Path(config).absolute().parent
    project = AsvProject(
        config=Path(config),
        results=results or folder / ".asv" / "results",
        machine=machine,
        overrides=_other_repository(repo, folder) if repo else {},
    )
    arguments = ["run", commits, "--machine", machine, "--record-samples", "--show-stderr"]
    arguments += ["--append-samples"] if append else ["--skip-existing"]
    if scenarios:
        arguments += ["--bench", rf"^({'|'.join(scenarios.split(','))})\."]
    if output["verbose"]:
        arguments += ["--verbose"]
    environment = {"TRACKER_SIZE": size}
    if libraries:
        environment["TRACKER_LIBRARIES"] = libraries
    return _run(project, arguments, environment, quiet=output["quiet"])


def _run(
    project: AsvProject, arguments: list[str], environment: dict[str, str], *, quiet: bool
) -> int:
    nothing_to_do = False

    def show(line: str) -> None:
        nonlocal nothing_to_do
        nothing_to_do |= NOTHING_TO_DO in line
        if not quiet:
            sys.stderr.write(line)
            sys.stderr.flush()

    code = run_asv(project, arguments, environment=environment, on_line=show)
    if nothing_to_do:
        click.echo("tracker: nothing new to measure", err=True)
        return ExitCode.FINE
    if code == SOME_CELLS_FAILED:
        click.echo("tracker: some cells failed; `tracker report` tells which and why", err=True)
        return ExitCode.CANNOT_TELL
    if code:
        raise DataError(
            f"asv ended with exit code {code}", "read its message above; --verbose tells more"
        )
    return ExitCode.FINE


def _other_repository(repo: str, folder: Path) -> dict[str, object]:
    """What differs for another repository: its own environments, so that no checkout is shared."""
    name = hashlib.sha256(repo.encode()).hexdigest()[:8]
    where = Path(repo)
    return {
        "repo": str(where.absolute()) if where.exists() else repo,
        "env_dir": str(folder / ".asv" / f"env-{name}"),
    }

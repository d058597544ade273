"""`tracker releases`: a git repository of a library's releases from the package registry."""

import os
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.loading import cache_folder
from tracker.cli.options import Output, output_options, progress
from tracker.releases.registry import find_index, hide_credentials, list_sdists
from tracker.releases.repository import choose, update_repository
from tracker.units import agree, count


@click.command()
@click.argument("library")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="Bare repository to build.",
)
@click.option("--last", type=click.IntRange(min=1), help="Only the newest N releases.")
@click.option("--pre-releases", is_flag=True, help="Include pre-releases.")
@output_options
def command(
    library: str,
    folder: Path,
    last: int | None,
    *,
    pre_releases: bool,
    **output: Unpack[Output],
) -> None:
    """Build a git repository from LIBRARY's releases: one commit and one tag each.

    In version order, dated by upload, reproducible to the byte. Running it again adds newer
    releases. The registry is that of pip and uv (UV_DEFAULT_INDEX, PIP_INDEX_URL, ...).
    """
    index = find_index(os.environ)
    quiet = output["quiet"]
    if output["verbose"]:
        progress(f"registry: {hide_credentials(index)}", quiet=quiet)
    sdists = choose(list_sdists(index, library), last=last, pre_releases=pre_releases)
    update = update_repository(
        library,
        sdists,
        folder,
        cache_folder() / "sdists",
        lambda text: progress(text, quiet=quiet),
    )
    if update.refused:
        names, be = ", ".join(map(str, update.refused)), agree(len(update.refused), "is", "are")
        progress(
            f"note: {names} {be} older than the newest release there and cannot be added; "
            f"build a new repository: --to OTHER",
            quiet=quiet,
        )
    newest = (*update.kept, *update.added)[-1]
    click.echo(
        f"{folder}: {count(len(update.added), 'release')} of {library} added, "
        f"{len(update.kept) + len(update.added)} in all, newest {newest}"
    )

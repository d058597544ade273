"""`tracker init`: the files by which a repository is tracked on GitHub."""

import difflib
from pathlib import Path
from typing import Unpack

import click

from tracker.adopt.files import MEASURE, files_for, site_of
from tracker.adopt.installation import find_source
from tracker.adopt.layout import Layout, read_layout
from tracker.cli.options import Output, output_options
from tracker.errors import DataError, ExitCode
from tracker.report.escape import terminal
from tracker.system.atomic import replace_file

LONGEST = 20_000


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Write the files, not only show them.")
@click.option("--replace", is_flag=True, help="Replace existing files.")
@click.option("--on-comment", is_flag=True, help="Also act on `/benchmark` in comments.")
@click.option("--tracker", default="", metavar="OWNER/NAME", help="Repository of the tracker.")
@click.option("--commit", default="", metavar="SHA", help="Commit of the tracker to pin.")
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    folder: Path,
    yes: bool,
    replace: bool,
    on_comment: bool,
    tracker: str,
    commit: str,
    **_output: Unpack[Output],
) -> int:
    """Set up the repository in FOLDER: two workflows, settings and a triage file.

    With --on-comment, a third workflow lets people start a measurement by a comment.

    Shows what it would write; writes with --yes. Existing files are kept unless
    --replace is given.
    """
    source = find_source(tracker, commit)
    layout = read_layout(folder)
    new = {}
    for name, text in files_for(layout, source, on_comment=on_comment).items():
        path = layout.top / name
        _refuse_links(path, layout.top)
        old = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        if old == text:
            continue
        _show(name, old, text)
        if not old or replace:
            new[path] = text
        else:
            click.echo(
                f"tracker: {name} already exists and is kept (--replace overwrites it)", err=True
            )
    if not new:
        click.echo("tracker: nothing to write")
    elif not yes:
        click.echo("tracker: nothing was written; write it with: tracker init --yes")
    else:
        for path, text in new.items():
            replace_file(path, [text.encode()])
        click.echo(_next_steps(layout))
    return ExitCode.FINE


def _refuse_links(path: Path, top: Path) -> None:
    """Refuse to write through a link: it may lead out of the repository.

    Raises:
        DataError: a part of *path* below *top* is a link, or it is no file.
    """
    below = [path, *path.parents]
    for place in below[: below.index(top)]:
        if place.is_symlink():
            raise DataError(f"{place} is a link", "remove it, or write the files by hand")
    if path.exists() and not path.is_file():
        raise DataError(f"{path} is not a file", "move it away")


def _show(name: str, old: str, new: str) -> None:
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), name if old else "/dev/null", name, lineterm=""
    )
    for line in lines:
        sign, text = line[:1], line[1:]
        indent = " " * (len(text) - len(text.lstrip(" ")))
        click.echo(sign + indent + terminal(text, LONGEST))


def _next_steps(layout: Layout) -> str:
    pages = {
        "pages": "Settings > Pages > Source: GitHub Actions",
        "artifact": "have your workflow of the pages include the artifact `performance-site`",
        "branch": "Settings > Pages > Source: the branch gh-pages; the site is in performance/",
    }
    return "\n".join(
        (
            "tracker: written. Now:",
            f"  1. commit the files, and merge them into {layout.branch}",
            f"  2. {pages[site_of(layout)]}",
            f"  3. gh workflow run {Path(MEASURE).name} -f create=true",
        )
    )

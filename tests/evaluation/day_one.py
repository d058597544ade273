"""The first day of a real repository, from `tracker init` to the comment on a pull request.

    python -m tests.evaluation.day_one FOLDER --replace FILE OLD NEW

Takes the newest commit of the clone in FOLDER to the stage on which our workflows run offline, and
walks: `tracker init`, a push, the run that starts the history, another push, a pull request of a
fork that changes nothing, and one that replaces OLD in FILE by NEW. Prints what was stored, the
comments as they were posted, and the conclusions of the checks. Nothing is edited by hand.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import World
from tests.support.workflow_day import dispatch, measured, posted, proposed, pushed, stored
from tests.support.workflow_project import adopt
from tests.support.workflow_stage import Stage

LIMIT_S = 3600.0


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--branch", default="main", show_default=True, help="Its default branch.")
@click.option("--replace", nargs=3, required=True, help="FILE OLD NEW: what is planted.")
@click.option("--init", "options", multiple=True, help="Option of `tracker init`, such as --key.")
def main(
    folder: Path, *, branch: str, replace: tuple[str, str, str], options: tuple[str, ...]
) -> None:
    """Walk, and print a line per step."""
    with on_stage(folder, branch) as (stage, world):
        before = stage.push()
        adopt(stage, *options)
        stage.commit("Track the performance")
        with step("first push"):
            first = pushed(stage, before)
        with step("start of the history"):
            dispatch(stage, create="true")
        stage.commit("Something else")
        with step("second push"):
            second = pushed(stage, first)
        for commit, names in stored(stage).items():
            click.echo(f"stored: {commit}, {len(names)} modules of benchmarks")
        for number, plants in ((7, False), (8, True)):
            stage.git("checkout", "--quiet", "--detach", second)
            if plants:
                plant(stage.project, *replace)
            stage.commit("Plant a cost" if plants else "Change nothing")
            payload = proposed(stage, world, second, number, fork=True)
            with step(f"pull request {number}"):
                posted(stage, world, payload, measured(stage, payload))
        pages = len(list((stage.home / "site").rglob("*.html")))
        click.echo(f"site: {pages} pages; checks: {[one['conclusion'] for one in world.checks]}")
        for comment in world.comments:
            click.echo(f"\n{comment['body']}")
        if world.complaints:
            raise SystemExit(f"GitHub would refuse: {world.complaints}")


@contextmanager
def on_stage(folder: Path, branch: str) -> Iterator[tuple[Stage, World]]:
    """The stage with the newest commit and the tags of the clone in *folder*."""
    world = World()
    with TemporaryDirectory() as home, running_github(world) as url:
        stage = Stage(Path(home), url, limit_s=LIMIT_S)
        stage.build(branch)
        stage.git("fetch", "--quiet", "--tags", str(folder.absolute()), "HEAD")
        stage.git("reset", "--quiet", "--hard", "FETCH_HEAD")
        stage.git("push", "--quiet", "--tags", "server")
        yield stage, world


def plant(project: Path, file: str, old: str, new: str) -> None:
    """Replace *old*, which stands once in the file."""
    path = project / file
    code = path.read_text(encoding="utf-8")
    if code.count(old) != 1:
        raise SystemExit(f"{file} has {old!r} {code.count(old)} times: choose what it has once")
    path.write_text(code.replace(old, new), encoding="utf-8")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print how long it took."""
    began_s = time.monotonic()
    yield
    click.echo(f"{name}: {time.monotonic() - began_s:.0f} s")


if __name__ == "__main__":
    main()

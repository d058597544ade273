"""A site beside a project's documents, on the branch of its pages."""

import subprocess
from pathlib import Path

import pytest

from tracker import cli
from tracker.errors import UsageError
from tracker.github.branch import ResultsBranch
from tracker.github.site_branch import site_branch
from tracker.site_data.schema import MARKER


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository whose pages hold documents, and a link out of the branch."""
    work = tmp_path / "work"
    (work / "docs").mkdir(parents=True)
    (work / "docs" / "index.html").write_text("documents")
    (work / "CNAME").write_text("lib.example.org")
    (work / "link").symlink_to(tmp_path)
    git = ["git", "-C", str(work), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "--quiet", "-b", "gh-pages"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "Documents"], check=True)
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(work), str(bare)], check=True)
    return bare


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site as `tracker publish` leaves it, as far as this is about it."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MARKER).write_text("{}")
    (folder / "index.html").write_text("one")
    return folder


def add(remote: Path, site: Path, path: str = "performance") -> bool:
    """Add *site*."""
    return site_branch(ResultsBranch(remote=str(remote), branch="gh-pages"), path).add(site)


def files(remote: Path, branch: str = "gh-pages") -> dict[str, str]:
    """What the branch holds."""
    git = ["git", "-C", str(remote)]
    names = subprocess.check_output([*git, "ls-tree", "-r", "--name-only", branch], text=True)
    return {
        name: subprocess.check_output([*git, "show", f"{branch}:{name}"], text=True)
        for name in names.split()
    }


def test_other_pages_are_left_alone(remote: Path, site: Path):
    """The documents and the domain stay; what only the old site had goes."""
    before = files(remote)
    (site / "old.html").write_text("old")
    assert add(remote, site)
    (site / "old.html").unlink()
    (site / "index.html").write_text("two")
    assert add(remote, site)
    after = files(remote)
    assert after.items() > before.items()
    assert {name: after[name] for name in after.keys() - before} == {
        f"performance/{MARKER}": "{}",
        "performance/index.html": "two",
    }
    assert not add(remote, site)


def test_a_branch_that_is_not_there_begins_with_the_site(
    remote: Path, site: Path, capsys: pytest.CaptureFixture[str]
):
    """The first publication makes it."""
    arguments = ["--remote", str(remote), "--branch", "pages", "--path", "perf/core"]
    assert cli.run(["results", "site", str(site), *arguments]) == 0
    assert set(files(remote, "pages")) == {f"perf/core/{MARKER}", "perf/core/index.html"}
    assert "published" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["docs", "link/x", "../x", "/etc", "", ".git", "a/../b", "-x"])
def test_what_is_not_ours_is_never_replaced(remote: Path, site: Path, path: str):
    """Neither a folder of the project, nor what a link or a path leads to."""
    before = files(remote)
    with pytest.raises(UsageError):
        add(remote, site, path)
    assert files(remote) == before


def test_the_history_is_no_place_for_a_site(remote: Path):
    """It is only ever added to."""
    with pytest.raises(UsageError, match="holds the history"):
        site_branch(ResultsBranch(remote=str(remote), branch="bench-results-core"), "x")


def test_a_folder_that_is_no_site_is_refused(remote: Path, tmp_path: Path):
    """A wrong argument must not publish what it names."""
    with pytest.raises(UsageError, match="is not a site"):
        add(remote, tmp_path)

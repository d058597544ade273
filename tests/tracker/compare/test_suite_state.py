"""What of a suite is measured, in words: which benchmarks, in which environment."""

from pathlib import Path

import pytest

from tests.support.git import git
from tracker.asv.builds import Build
from tracker.compare.suite_state import suite_notes
from tracker.suite.scenarios import Suite


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A suite in a folder of its library's repository, committed."""
    folder = tmp_path / "lib" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "bench.py").write_text("def track_one(): return 1\n", encoding="utf-8")
    (tmp_path / "lib" / "lib.py").touch()
    git(tmp_path / "lib", "init", "--quiet")
    git(tmp_path / "lib", "add", ".")
    git(tmp_path / "lib", "commit", "--quiet", "--message", "First")
    return Suite(root=tmp_path / "lib", folder=folder, project="lib", scenarios=(), libraries=())


def notes(suite: Suite, sha: str = "", environments: int = 1) -> list[str]:
    """What is said where head is *sha*, by default what is checked out."""
    build = Build(
        sha=sha or git(suite.root, "rev-parse", "HEAD"),
        subject="", remark="", python="", env_vars={}, packages={}, failure=None,
        environment="virtualenv-py3.13-numpy", environments=environments,
    )  # fmt: skip
    return list(suite_notes(suite, build))


def test_the_benchmarks_of_head_need_no_word(suite: Suite):
    """Nor does what else differs, or what git does not look at."""
    (suite.root / "lib.py").write_text("x = 1\n", encoding="utf-8")
    (suite.root / ".gitignore").write_text("*.pyc\n", encoding="utf-8")
    (suite.folder / "bench.pyc").touch()
    assert notes(suite) == []


def test_other_benchmarks_are_named(suite: Suite):
    """Those that were edited, added, or are of another branch."""
    head = git(suite.root, "rev-parse", "HEAD")
    (suite.folder / "later.py").touch()
    git(suite.root, "add", ".")
    git(suite.root, "commit", "--quiet", "--message", "Measure more")
    (suite.folder / "bench.py").write_text("def track_one(): return 2\n", encoding="utf-8")
    for name in ("draft.py", "sketch.py"):
        (suite.folder / name).touch()
    (note,) = notes(suite, head)
    assert note == (
        "the benchmarks are those of the work tree, and differ from head's: "
        "bench.py, draft.py, later.py and 1 more"
    )


def test_a_suite_in_another_repository_has_no_benchmarks_of_head(suite: Suite):
    """Its own state is all there is."""
    (suite.folder / "draft.py").touch()
    assert notes(suite, "0" * 40) == []


def test_one_of_several_environments_is_named(suite: Suite):
    """A change that shows in another one is not seen."""
    (note,) = notes(suite, environments=4)
    assert note == (
        "measured in the environment virtualenv-py3.13-numpy, one of 4 of the configuration"
    )

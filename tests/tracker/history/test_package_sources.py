"""Sources of a package at a commit: from real repositories, as clones leave them."""

from pathlib import Path

import pytest

from tests.support.git import git
from tracker.errors import DataError
from tracker.history.package_sources import read_code_change, read_sources


def commit(repo: Path, files: dict[str, str]) -> str:
    """Commit these files, all of them."""
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "more")
    return git(repo, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """An empty repository."""
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


FILES = {
    "src/lib/__init__.py": "",
    "src/lib/deep/é.py": "def f():\n    return '\\u2028'\n\n",
    "src/lib/data.txt": "no Python",
    "tests/lib/__init__.py": "raise SystemExit\n",
    "setup.py": "",
}


def test_files_are_named_from_the_package_on(repo: Path):
    """Wherever the package lies; a folder of tests of the same name is another one."""
    sha = commit(repo, FILES | {"tests/deeper/lib/__init__.py": "1"})
    assert read_sources(repo, sha, "lib") == {
        "lib/__init__.py": "", "lib/deep/é.py": FILES["src/lib/deep/é.py"],
    }  # fmt: skip


def test_what_differs_is_read_from_both_commits(repo: Path):
    """Also where a file came or went."""
    base = commit(repo, FILES)
    head = commit(repo, {"src/lib/new.py": "def g(): ...\n"})
    code = read_code_change(repo, base, head, "lib")
    assert code is not None
    assert code.changed() == (("lib/new.py", "<module>"), ("lib/new.py", "g"))


def test_what_is_not_there_is_no_explanation(repo: Path, tmp_path: Path):
    """No such package, no such commit, a clone without files: no change is known, none invented."""
    sha = commit(repo, FILES)
    with pytest.raises(DataError, match="no package other"):
        read_sources(repo, sha, "other")
    assert read_code_change(repo, sha, "0" * 40, "lib") is None
    git(repo, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(repo, "clone", "-q", "--bare", "--filter=blob:none", f"file://{repo}", str(clone))
    assert read_code_change(clone, sha, sha, "lib") is None

"""The one runner of git."""

import subprocess
from pathlib import Path

import pytest

from tests.support.asv_tree import make_repository
from tracker.errors import DataError, UsageError
from tracker.system.git import ask_git, call_git, clone_of, run_git

ROOT = Path(__file__).parents[3]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """An empty repository."""
    run_git("init", "--quiet", str(tmp_path / "repo"), repo=None, next_step="")
    return tmp_path / "repo"


def test_an_error_has_gits_own_reason(repo: Path):
    """The place, the command and what git says; a question without an answer is no error."""
    with pytest.raises(DataError, match=r"repo: git show failed: fatal: .*'nope'"):
        run_git("show", "nope", repo=repo, next_step="look")
    assert ask_git("rev-parse", "--verify", "nope", repo=repo) == ""


def test_variables_and_input_reach_git(repo: Path, tmp_path: Path):
    """Text or an open file on standard input, and names for a commit."""
    names = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    blob = run_git("hash-object", "-w", "--stdin", repo=repo, next_step="", stdin="text")
    (tmp_path / "file").write_bytes(b"text")
    with (tmp_path / "file").open("rb") as stream:
        same = run_git("hash-object", "--stdin", repo=repo, next_step="", stdin=stream)
    assert same == blob
    tree = run_git("mktree", repo=repo, next_step="").strip()
    commit = run_git("commit-tree", "-m", "m", tree, repo=repo, next_step="", variables=names)
    assert ask_git("show", "-s", "--format=%an <%ce>", commit.strip(), repo=repo) == "x <x>"


def test_nothing_is_fetched_unless_asked(repo: Path, tmp_path: Path):
    """A remote is not even spoken to: the same command succeeds with the network."""
    asked = ("ls-remote", repo.as_uri())
    assert call_git(*asked, repo=tmp_path).returncode
    assert not call_git(*asked, repo=tmp_path, network=True).returncode


@pytest.mark.parametrize("depth", [None, 1])
def test_the_clone_around_us_is_that_of_its_address(tmp_path: Path, depth: int | None):
    """By any of its remotes; one without its past, and one of something else, are not."""
    make_repository(tmp_path / "p.git", 2)
    address = f"file://{tmp_path}/p.git"
    past = [f"--depth={depth}"] if depth else []
    clone = ("clone", "-q", *past, address, str(tmp_path / "work"))
    run_git(*clone, repo=None, next_step="", network=True)
    (tmp_path / "work" / "suite").mkdir()

    assert clone_of(address, tmp_path / "work/suite") == (None if depth else tmp_path / "work")
    assert clone_of(f"{address}-other", tmp_path / "work/suite") is None
    assert clone_of(address, tmp_path) is None


def test_a_machine_without_git_is_told_so(repo: Path, monkeypatch: pytest.MonkeyPatch):
    """No traceback of subprocess."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is not installed"):
        ask_git("status", repo=repo)


def test_time_can_run_out(repo: Path):
    """The caller says what that means."""
    with pytest.raises(subprocess.TimeoutExpired):
        call_git("cat-file", "--batch", repo=repo, timeout_s=0)


def test_no_other_module_starts_git():
    """What the offline rule and the reason cost to forget."""
    starts = [
        path.relative_to(ROOT)
        for path in (ROOT / "tracker").rglob("*.py")
        if '["git"' in path.read_text(encoding="utf-8")
    ]
    assert starts == [Path("tracker/system/git.py")]

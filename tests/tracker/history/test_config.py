"""Where a history comes from: asv's configuration, the command line, and our settings."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.asv_tree import make_repository
from tracker.errors import DataError, UsageError
from tracker.history.commits import find_branch, read_branch, unknown_commits
from tracker.history.config import read_settings, resolve_source
from tracker.history.triage_file import read_triage
from tracker.model import Better


def write_conf(folder: Path, **fields: object) -> str:
    """Write asv.conf.json with a comment in it, as asv's template has many."""
    path = folder / "asv.conf.json"
    path.write_text(f"// asv\n{json.dumps({'version': 1, 'project': 'p', **fields})}")
    return str(path)


def test_asvs_configuration_says_where_everything_is(tmp_path: Path):
    """Paths are taken from the configuration's own folder; comments are allowed."""
    make_repository(tmp_path / "clone", 1)
    config = write_conf(
        tmp_path,
        repo="clone",
        branches=["dev", "main"],
        results_dir="r",
        show_commit_url="https://example.invalid/",
    )

    source = resolve_source(config)

    assert (source.project, source.results) == ("p", str(tmp_path / "r"))
    assert (source.repo, source.branch) == (tmp_path / "clone", "dev")
    assert source.show_commit_url == "https://example.invalid/"


def test_options_win_over_the_configuration(tmp_path: Path):
    """What the command line names is taken, the rest stays."""
    make_repository(tmp_path / "clone", 1)
    config = write_conf(tmp_path, repo="https://example.invalid/p.git")

    source = resolve_source(config, results="x", repo=str(tmp_path / "clone"), branch="b")

    assert (source.results, source.repo, source.branch) == ("x", tmp_path / "clone", "b")


def test_asvs_mirror_of_a_remote_repository_is_used(tmp_path: Path):
    """`asv run` clones a remote repository beside its configuration, under the project's name."""
    make_repository(tmp_path / "p", 1)
    config = write_conf(tmp_path, repo="https://example.invalid/p.git")

    assert resolve_source(config).repo == tmp_path / "p"
    assert resolve_source(write_conf(tmp_path, project="other")).repo is None


def test_what_is_not_a_repository_is_refused(tmp_path: Path):
    """A folder given as repository must be one."""
    with pytest.raises(UsageError, match="not a git repository"):
        resolve_source(write_conf(tmp_path), repo=str(tmp_path))


@pytest.mark.parametrize("content", ["[]", "{", '{"branches": 1}', '{"project": "\xe9"}'])
def test_a_broken_configuration_is_named(tmp_path: Path, content: str):
    """One line with the path of the file."""
    (tmp_path / "asv.conf.json").write_text(content, encoding="latin-1")

    with pytest.raises(DataError, match=r"asv\.conf\.json"):
        resolve_source(str(tmp_path / "asv.conf.json"))


@pytest.mark.parametrize("name", ["tracker.toml", "pyproject.toml"])
def test_rules_come_from_either_file(tmp_path: Path, name: str):
    """`tracker.toml` is all ours, `pyproject.toml` has a table for us."""
    table = "metrics" if name == "tracker.toml" else "tool.tracker.metrics"
    (tmp_path / name).write_text(f'[[{table}]]\npattern = "*"\nbetter = "higher"\n')

    (rule,) = resolve_source(write_conf(tmp_path)).rules

    assert (rule.pattern, rule.better, rule.floor) == ("*", Better.HIGHER, None)


@pytest.mark.parametrize(
    "rule",
    [
        'better = "up"',
        'pattern = "*"\nbetter = "up"',
        'pattern = "*"\nfloor = "x"',
        'pattern = "*"\nfloor = nan',
        'pattern = "*"\nfloor = -0.1',
        'pattern = "*"\ngates = "no"',
        "what = 1",
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused(tmp_path: Path, rule: str):
    """A misspelt rule must not silently stop to hold."""
    (tmp_path / "tracker.toml").write_text(f"[[metrics]]\n{rule}\n")

    with pytest.raises(DataError, match="metrics"):
        resolve_source(write_conf(tmp_path))


def test_settings_that_are_no_text_are_named(tmp_path: Path):
    """Another encoding than UTF-8 is an error that names the file."""
    (tmp_path / "tracker.toml").write_bytes(b'site = "\xe9"')

    with pytest.raises(DataError, match=r"tracker\.toml"):
        resolve_source(write_conf(tmp_path))


def test_tags_and_texts_come_with_the_commits(tmp_path: Path):
    """Annotated and plain tags name their commit; order, date and author are git's."""
    repo = tmp_path / "repo.git"
    shas = make_repository(repo, 3)
    run = ["git", "-C", str(repo), "-c", "user.name=A", "-c", "user.email=a@b.invalid"]
    subprocess.run([*run, "tag", "plain", shas[0]], check=True)
    subprocess.run([*run, "tag", "a,b", shas[0]], check=True)
    subprocess.run([*run, "tag", "-a", "-m", "x", "annotated", shas[2]], check=True)

    commits = read_branch(repo, "main")

    assert [commit.sha for commit in commits] == shas
    assert [commit.tags for commit in commits] == [("a,b", "plain"), (), ("annotated",)]
    assert (commits[1].author, commits[1].subject) == ("Ada", "Change 1")
    assert commits[1].date_ms == 1_700_000_001_000
    assert unknown_commits(repo, [shas[0], "f" * 40]) == {"f" * 40}


def test_no_text_of_a_commit_and_no_setting_of_git_confuses_the_reader(tmp_path: Path):
    """Control characters in author and subject stay there; signatures are not looked at."""
    repo = tmp_path / "repo.git"
    make_repository(repo, 1)
    who = "A\x1fda <a@b.invalid> 1700000001 +0000"
    commit = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 7\na\x1eb\x1fc\x1e\x1f\n"
    run = ["git", "-C", str(repo)]
    stream = f"{commit}from refs/heads/main^0\n"
    subprocess.run([*run, "fast-import", "--quiet"], input=stream.encode(), check=True)
    subprocess.run([*run, "config", "log.showSignature", "true"], check=True)

    (_, hostile) = read_branch(repo, "main")

    assert (hostile.author, hostile.subject) == ("A\x1fda", "a\x1eb\x1fc\x1e\x1f")


def test_a_branch_that_is_not_there_is_named(tmp_path: Path):
    """The error names repository and next step."""
    make_repository(tmp_path / "repo.git", 1)

    with pytest.raises(DataError, match=r"repo\.git") as caught:
        find_branch(tmp_path / "repo.git", "nowhere")

    assert "--branch" in caught.value.next_step


def test_settings_and_triage_may_stand_at_the_top_of_the_repository(tmp_path: Path):
    """Where a pull request's are read. Nearer ones win, and none from above counts."""
    (tmp_path / "tracker.toml").write_text('site = "https://above"')
    top, folder = tmp_path / "top", tmp_path / "top" / "benchmarks"
    folder.mkdir(parents=True)
    assert read_settings(folder) == {}
    (top / ".git").mkdir()
    assert read_settings(folder) == {}
    assert read_triage(folder) == ()

    (top / "pyproject.toml").write_text("[tool.tracker.gates]\ntime = true")
    (top / ".tracker").mkdir()
    rule = '[[accept]]\nbenchmark = "*"\nreason = "r"\nauthor = "a"\n'
    (top / ".tracker" / "triage.toml").write_text(rule)
    assert read_settings(folder) == {"gates": {"time": True}}
    assert [one.reason for one in read_triage(folder)] == ["r"]

    (folder / "tracker.toml").write_text("[gates]\ntime = false")
    assert read_settings(folder) == {"gates": {"time": False}}

"""Whose order the commits stand in: branches near and far, merges, releases, clones in part."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.support.asv_tree import load, only, why, write_benchmarks, write_result
from tests.support.git import git
from tracker.errors import DataError
from tracker.judge import judge
from tracker.judge.first_judged_commit import judge_from_first_commits
from tracker.model import Verdict

ROW = {"a.time_x": [[1.0], [], "1"]}


def commit(repo: Path, text: str) -> str:
    """Add a commit to what is checked out in *repo*; return its sha."""
    git(repo, "commit", "-q", "--allow-empty", "-m", text)
    return git(repo, "rev-parse", "HEAD")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work tree with two commits on main."""
    repo = tmp_path / "work"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main")
    commit(repo, "one")
    commit(repo, "two")
    return repo


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results folder with one benchmark."""
    folder = tmp_path / "results"
    write_benchmarks(folder, {"a.time_x": {}})
    return folder


@pytest.mark.parametrize("branch", ["main", "origin/main", ""])
def test_a_remote_branch_stands_in_for_the_local_one(work, results, tmp_path, branch: str):
    """A CI job's clone is often detached, with `origin/main` alone."""
    write_result(results, git(work, "rev-parse", "HEAD"), ROW)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(work), str(clone))
    git(clone, "checkout", "-q", "--detach")
    git(clone, "branch", "-q", "-D", "main")

    assert len(load(results, clone, branch=branch).commits) == 1


def test_commits_without_dates_have_no_order_to_judge(results):
    """Without a repository as well, nobody knows which of them came first."""
    values = [1.0] * 20 + [2.0] * 20
    for number, value in enumerate(values):
        write_result(results, f"{number:08x}" * 5, {"a.time_x": [[value], [], "1"]})

    judged = judge_from_first_commits(load(results, None), judge)

    (one,) = judged.series
    assert (judged.events, one.verdict) == ((), Verdict.CANNOT_TELL)
    assert np.isfinite(one.series.values).sum() == len(values)
    assert judged.history.notes[0].startswith("40 commits have no date")


def test_one_commit_needs_no_date(results):
    """It is the first and the last."""
    write_result(results, "a" * 40, ROW)
    assert "no date" not in "".join(load(results, None).notes)


def test_a_tag_does_not_shadow_a_branch(work, results):
    """A tag of the branch's name, on another commit, changes nothing."""
    newest = git(work, "rev-parse", "HEAD")
    git(work, "tag", "main", "HEAD~1")
    write_result(results, newest, ROW)

    assert [one.sha for one in load(results, work, branch="main").commits] == [newest]


def test_a_missing_branch_is_named_with_those_that_are_there(work, results):
    """The advice is a branch that exists."""
    write_result(results, git(work, "rev-parse", "HEAD"), ROW)

    with pytest.raises(DataError, match="no branch master") as caught:
        load(results, work, branch="master")

    assert "--branch main" in caught.value.next_step


def test_results_of_another_branch_are_found_there(work, results):
    """When no commit is on the branch, the one that has them is named."""
    git(work, "checkout", "-q", "-b", "next")
    write_result(results, commit(work, "three"), ROW)

    with pytest.raises(DataError, match="of 1 commit with results none is on main") as caught:
        load(results, work, branch="main")

    assert "--branch next" in caught.value.next_step


def test_a_history_that_came_in_by_merges_is_read_by_ancestry(work, results):
    """When most results are of merged commits, all ancestors stand in the order of their dates."""
    git(work, "checkout", "-q", "-b", "fork", "HEAD~1")
    merged = [commit(work, f"fork {i}") for i in range(4)]
    git(work, "checkout", "-q", "main")
    git(work, "merge", "-q", "--no-ff", "-m", "merge", "fork")
    for sha in (*merged, git(work, "rev-parse", "HEAD")):
        write_result(results, sha, ROW)

    history = load(results, work, branch="main")

    assert len(only(history).values) == 5
    assert [one.sha for one in history.commits if one.sha in merged] == merged
    assert "by merges" in history.notes[0]
    assert not history.excluded


def test_releases_off_the_branch_stand_in_the_order_of_their_versions(work, results):
    """Results of tags alone are a history: 1.10 after 1.9, whatever the dates say."""
    shas = {}
    for version in ("1.10.0", "2.0rc1", "1.9.1", "2.0"):
        git(work, "checkout", "-q", "--detach", "main")
        shas[version] = commit(work, version)
        git(work, "tag", f"v{version}")
        write_result(results, shas[version], ROW)

    history = load(results, work, branch="main")

    expected = [shas[version] for version in ("1.9.1", "1.10.0", "2.0rc1", "2.0")]
    assert [one.sha for one in history.commits] == expected
    assert "releases" in history.notes[0]


def test_a_partial_clone_is_asked_nothing_over_the_network(work, results, tmp_path):
    """A commit that it lacks is not fetched: the log of git's own transports stays empty."""
    write_result(results, git(work, "rev-parse", "HEAD"), ROW)
    for number in range(3):
        write_result(results, f"{number}" * 40, ROW)
    git(work, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    git(tmp_path, "clone", "-q", "--filter=tree:0", "--no-checkout", work.as_uri(), str(clone))
    moved = work.rename(tmp_path / "gone")  # any connection fails from now on
    log = tmp_path / "trace"
    os.environ["GIT_TRACE"] = str(log)
    try:
        history = load(results, clone, branch="main")
    finally:
        del os.environ["GIT_TRACE"]

    assert moved.is_dir()
    assert why(history) == {"commit is not in the repository": 3}
    assert "upload-pack" not in log.read_text()


def test_gits_own_reason_and_advice_are_passed_on(work, results, monkeypatch):
    """A repository of somebody else is refused by git: the branch has nothing to do with it."""
    write_result(results, git(work, "rev-parse", "HEAD"), ROW)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(DataError, match="dubious ownership") as caught:
        load(results, work, branch="main")

    assert "safe.directory" in caught.value.next_step
    assert "--branch" not in caught.value.next_step


def test_the_newest_commit_is_the_newest_that_was_measured(work, results):
    """A clone that was fetched long after the last measurement does not date it."""
    write_result(results, git(work, "rev-parse", "HEAD~1"), ROW)
    for number in range(3):
        commit(work, f"later {number}")

    history = load(results, work)

    assert (history.newest, len(history.commits)) == (0, 5)


@pytest.mark.parametrize("seconds", ["-86400", "99999999999999"])
def test_a_commit_of_any_date_is_read(work, results, seconds: str):
    """Git stores dates that no calendar has; the commit keeps its place."""
    lines = [
        f"{line.partition('> ')[0]}> {seconds} +0000" if "> " in line else line
        for line in git(work, "cat-file", "-p", "HEAD").splitlines()
    ]
    path = work / "raw"
    path.write_text("\n".join(lines) + "\n")
    sha = git(work, "hash-object", "--literally", "-t", "commit", "-w", str(path))
    git(work, "update-ref", "refs/heads/main", sha)
    write_result(results, sha, ROW)

    assert [one.sha for one in load(results, work).commits] == [sha]

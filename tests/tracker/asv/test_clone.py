"""Repositories as a checkout in CI leaves them: no local branches, no past, no contents."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from asv import repo as asv_repo

from tests.support.checkout import check_out
from tests.support.git import git
from tracker.asv.clone import as_cloned, new_commits
from tracker.system.git import branch_ref


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A server's repository: `develop` with four commits, and `maint` beside it."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "develop")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(folder, "config", name, "true")
    for number in range(4):
        (folder / "lib.py").write_text(f"N = {number}\n")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", f"Commit {number}")
    git(folder, "branch", "maint", "HEAD~2")
    return folder


def shas(origin: Path) -> list[str]:
    """The commits of `develop`, newest first."""
    return git(origin, "rev-list", "develop").split()


def asv_view(clone: Path) -> asv_repo.Repo:
    """The repository as asv gets it."""
    conf = SimpleNamespace(repo=str(clone), dvcs=None, project="lib")
    return as_cloned(asv_repo.get_repo)(conf)


def test_a_branch_that_only_the_remote_has_is_found(origin: Path, tmp_path: Path):
    """`actions/checkout` makes one local branch at most; the configuration may name several."""
    clone = tmp_path / "clone"
    check_out(str(origin), clone, ref="refs/heads/develop", depth=0)
    view = asv_view(clone)
    assert view.get_branch_commits("maint") == shas(origin)[2:]
    assert view.get_branch_commits("develop") == shas(origin)


@pytest.mark.parametrize("name", [None, "HEAD"])
def test_without_a_branch_in_the_configuration_the_checked_out_commit_counts(
    origin: Path, tmp_path: Path, name: str | None
):
    """Asv would ask for `master`, whatever the default branch is called."""
    clone = tmp_path / "clone"
    check_out(str(origin), clone, ref="", sha=shas(origin)[1], depth=0)
    assert asv_view(clone).get_branch_commits(name) == shas(origin)[1:]


def test_a_mirror_names_its_default_branch(origin: Path, tmp_path: Path):
    """Asv's own mirror, and the clone of another repository, have local branches only."""
    mirror = tmp_path / "mirror"
    subprocess.run(["git", "clone", "--quiet", "--mirror", str(origin), str(mirror)], check=True)
    assert asv_view(mirror).get_branch_commits(None) == shas(origin)


def test_a_users_clone_takes_the_remotes_default_branch(origin: Path, tmp_path: Path):
    """What happens to be checked out is a feature branch more often than not."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(origin), str(clone)], check=True)
    git(clone, "checkout", "--quiet", "-b", "feature")
    assert branch_ref(clone, "") == "refs/heads/develop"


def test_a_partial_clone_has_every_commit_checked_out(origin: Path, tmp_path: Path):
    """Asv's workspace shares the objects of the clone, which may not have them."""
    clone = tmp_path / "clone"
    check_out(origin.as_uri(), clone, ref="refs/heads/develop", depth=0, filtered="blob:none")
    view, oldest = asv_view(clone), shas(origin)[-1]
    view.checkout(str(tmp_path / "workspace"), oldest)
    assert (tmp_path / "workspace" / "lib.py").read_text() == "N = 0\n"


def test_a_shallow_clone_is_checked_out_as_far_as_it_goes(origin: Path, tmp_path: Path):
    """`fetch-depth: 1` is the default of CI."""
    clone = tmp_path / "clone"
    check_out(origin.as_uri(), clone, ref="refs/heads/develop", sha=shas(origin)[0])
    asv_view(clone).checkout(str(tmp_path / "workspace"), shas(origin)[0])
    assert (tmp_path / "workspace" / "lib.py").read_text() == "N = 3\n"


def measured(machine: Path, sha: str, *scenarios: str) -> None:
    """Write a result file of these scenarios."""
    machine.mkdir(parents=True, exist_ok=True)
    content = {"results": {f"{name}.Suite.track_it": [1] for name in scenarios}}
    (machine / f"{sha[:8]}-env.json").write_text(json.dumps(content))


def new(origin: Path, machine: Path, *scenarios: str) -> list[int]:
    """Places of the new commits in `develop`, 0 the newest, in the order of measuring."""
    commits = new_commits(asv_view(origin), ["develop"], machine, scenarios)
    return [shas(origin).index(commit) for commit in commits]


def test_new_is_what_this_machine_lacks(origin: Path, tmp_path: Path):
    """Results of another machine hide nothing: each series would have holes at random."""
    measured(tmp_path / "a", shas(origin)[3], "one")
    measured(tmp_path / "b", shas(origin)[1], "one")
    assert new(origin, tmp_path / "a", "one") == [2, 1, 0]
    assert new(origin, tmp_path / "b", "one") == [0]


def test_new_is_the_newest_commit_on_a_new_machine(origin: Path, tmp_path: Path):
    """Its first time would otherwise be all of the past."""
    assert new(origin, tmp_path / "c", "one", "two") == [0]


def test_a_shard_that_failed_finds_its_commits_again(origin: Path, tmp_path: Path):
    """The other shard's scenarios were stored at these commits; its own were not."""
    measured(tmp_path / "a", shas(origin)[3], "one", "two")
    measured(tmp_path / "a", shas(origin)[0], "one")
    assert new(origin, tmp_path / "a", "two") == [2, 1, 0]
    assert new(origin, tmp_path / "a", "one") == []


def test_a_scenario_that_never_was_measured_begins_at_the_newest_commit(
    origin: Path, tmp_path: Path
):
    """A new scenario, or a module of helpers, does not measure the past of the others again."""
    measured(tmp_path / "a", shas(origin)[0], "one")
    assert new(origin, tmp_path / "a", "one", "new") == [0]
    measured(tmp_path / "a", shas(origin)[0])
    measured(tmp_path / "a", shas(origin)[2], "one")
    assert new(origin, tmp_path / "a", "one", "new") == [1, 0]


def test_a_file_that_cannot_be_read_is_not_measured(origin: Path, tmp_path: Path):
    """It is measured again; asv would end in a traceback."""
    measured(tmp_path / "a", shas(origin)[1], "one")
    (tmp_path / "a" / f"{shas(origin)[1][:8]}-env.json").write_text("{")
    assert new(origin, tmp_path / "a", "one") == [0]

"""The files that `tracker init` writes into another repository, and ours that they call."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workflow_stage import ROOT
from tracker.adopt.files import COMMENT, MEASURE, TrackerSource, comment_workflow, measure_workflow
from tracker.adopt.layout import Layout, Pages, Suite
from tracker.errors import DataError

SHA = "0123456789abcdef0123456789abcdef01234567"
LAYOUT = Layout(
    top=Path(),
    repository="octo/lib",
    branch="main",
    suites=(Suite(config="asv.conf.json", key=""),),
    pages=Pages.NOBODY,
    settings=False,
)


def adopters_files() -> dict[str, str]:
    """The two workflows of the example in docs/github.md; path to text."""
    source = TrackerSource(repository="octo/asynctasq-tracker", commit=SHA)
    return {
        MEASURE: measure_workflow(LAYOUT, source),
        COMMENT: comment_workflow(LAYOUT, source),
    }


def test_documents_show_what_is_written():
    """The example of docs/github.md is the output of `tracker init`."""
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    block = re.search(rf"```yaml\n# {MEASURE}\n(.*?)# {COMMENT}\n(.*?)```", page, re.DOTALL)
    assert block is not None
    shown = [text.replace("OWNER", "octo").replace("SHA", SHA) for text in block.groups()]
    assert shown == list(adopters_files().values())


def test_nothing_is_unpinned():
    """Every foreign action is pinned by a full commit, with its version beside it."""
    folder = ROOT / ".github"
    for path in [*folder.glob("workflows/*.yml"), *folder.glob("actions/*/action.yml")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "uses: ./" not in line:
                assert re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+$", line), line


def test_posting_job_runs_nothing_of_the_pull_request():
    """comment.yml checks out the tracker alone, uses no cache and unpacks no artifact."""
    text = (ROOT / ".github" / "workflows" / "comment.yml").read_text(encoding="utf-8")
    assert text.count("actions/checkout@") == 1
    assert "repository: ${{ inputs.tracker-repository || job.workflow_repository }}" in text
    assert "head_sha" not in text
    assert "download-artifact" not in text
    assert "cache" not in text.split("jobs:")[1]


def found(folder: Path, config: str, **content: object) -> dict[str, str]:
    """What the action says of a project on the branch `trunk` with this *config*."""
    path = folder / config
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 1, **content}))
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-qb", "trunk"], ["commit", "-qm", "x", "--allow-empty"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    done = find_project(folder, config)
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def find_project(folder: Path, config: str) -> subprocess.CompletedProcess[str]:
    """Run the action's script in *folder*."""
    script = ROOT / ".github" / "actions" / "project" / "find_project.py"
    environment = {**os.environ, "CONFIG": config, "GITHUB_REPOSITORY": "octo/lib"}
    return subprocess.run(
        [sys.executable, script], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("config", "repo", "ours"),
    [
        ("asv.conf.json", ".", "."),
        ("benchmarks/asv.conf.json", "..", "."),
        ("asv.conf.json", "https://github.com/Octo/lib.git", "."),
        ("asv.conf.json", "https://github.com/octo/lib/", "."),
        ("asv.conf.json", "git@github.com:octo/lib.git", "."),
        ("asv.conf.json", "https://github.com/octo/other-lib.git", ""),
        ("asv.conf.json", "https://github.com/evil-octo/lib.git", ""),
    ],
)
def test_own_repository_is_known_however_it_is_written(
    tmp_path: Path, config: str, repo: str, ours: str
):
    """Taken for another one, its pull requests would pass without being measured."""
    assert found(tmp_path, config, repo=repo)["repo"] == ours


def test_branch_is_the_projects_own(tmp_path: Path):
    """What asv's configuration says first, else what is checked out."""
    assert found(tmp_path / "a", "asv.conf.json", repo=".")["branch"] == "trunk"
    named = found(tmp_path / "b", "asv.conf.json", repo=".", branches=["dev", "old"])
    assert named["branch"] == "dev"


def test_settings_say_whether_a_history_is_searched(tmp_path: Path):
    """Beside the configuration or above it; whoever says nothing wants no search."""
    assert found(tmp_path / "a", "asv.conf.json", repo=".")["search"] == "false"
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "tracker.toml").write_text("[bisect]\nauto = true\n")
    assert found(tmp_path / "b", "bench/asv.conf.json", repo="..")["search"] == "true"
    (tmp_path / "b" / "tracker.toml").write_text("[bisect]\nauto = 1\n")
    done = find_project(tmp_path / "b", "bench/asv.conf.json")
    assert done.returncode == DataError.exit_code
    assert "bisect.auto cannot be 1" in done.stderr


def test_a_configuration_that_is_not_there_stops_the_job(tmp_path: Path):
    """A misspelt input must not measure another suite instead."""
    (tmp_path / "asv.conf.json").write_text('{"version": 1, "repo": "."}')

    done = find_project(tmp_path, "bench/asv.json")

    assert done.returncode != 0
    assert done.stdout == ""
    assert "there is no file bench/asv.json" in done.stderr

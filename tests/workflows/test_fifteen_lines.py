"""The files that another repository copies from docs/github.md."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workflow_stage import BIN, ROOT

SHA = "0123456789abcdef0123456789abcdef01234567"


def block(document: str) -> str:
    """The first YAML block that speaks of performance.yml."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(# .github/workflows/performance.yml\n.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def snippet() -> dict[str, list[str]]:
    """Path of each file to its lines."""
    files: dict[str, list[str]] = {}
    for line in block("docs/github.md").splitlines():
        if line.startswith("# "):
            lines = files.setdefault(line.removeprefix("# "), [])
        else:
            lines.append(line)
    return files


def test_readme_shows_the_same_files():
    """One truth in two documents."""
    assert block("README.md") == block("docs/github.md")


def test_two_files_are_fifteen_lines():
    """Fifteen lines in two files use all of it."""
    files = snippet()
    assert len(files) == 2
    assert sum(map(len, files.values())) == 15


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with the two files, pinned."""
    for name, lines in snippet().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join(lines).replace("SHA", SHA).replace("OWNER", "octo")
        path.write_text(text + "\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        # The called job uses no cache, which the caller's file alone does not show.
        ["actionlint", "-shellcheck=", "-ignore", "no explicit cache access limit"],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
    ],
    ids=lambda command: command[0],
)
def test_files_are_sound(project: Path, command: list[str]):
    """The snippet passes the same checks as our own workflows."""
    files = [str(path) for path in (project / ".github" / "workflows").iterdir()]
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:], *files],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_inputs_exist(project: Path):
    """Every input that the snippet gives is one that the called workflow takes."""
    for path in (project / ".github" / "workflows").iterdir():
        text = path.read_text(encoding="utf-8")
        called = re.search(r"uses: octo/asynctasq-tracker/(\S+)@", text)
        assert called is not None
        taken = (ROOT / called[1]).read_text(encoding="utf-8")
        given = re.search(r"with: \{(.*)\}", text)
        assert given is not None
        for name in re.findall(r"([a-z-]+): ", given[1].replace("${{ ", "")):
            assert f"      {name}:\n" in taken, name


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
    assert "repository: ${{ inputs.tracker-repository || github.repository }}" in text
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


def test_a_configuration_that_is_not_there_stops_the_job(tmp_path: Path):
    """A misspelt input must not measure another suite instead."""
    (tmp_path / "asv.conf.json").write_text('{"version": 1, "repo": "."}')

    done = find_project(tmp_path, "bench/asv.json")

    assert done.returncode != 0
    assert done.stdout == ""
    assert "there is no bench/asv.json" in done.stderr

"""The files that another repository copies from docs/github.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.stage import BIN, ROOT

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


def test_a_configuration_that_is_not_there_stops_the_job(tmp_path: Path):
    """A misspelt input must not measure another suite instead."""
    (tmp_path / "asv.conf.json").write_text('{"version": 1, "repo": "."}')
    script = ROOT / ".github" / "actions" / "project" / "find_project.py"
    environment = {**os.environ, "CONFIG": "bench/asv.json", "GITHUB_REPOSITORY": "octo/lib"}
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == ""
    assert "there is no bench/asv.json" in done.stderr

"""The committed front end is what its sources build, to the byte; so are the types of its data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ASSETS = Path("tracker/publish/assets")
BUILD = "cd site && npm ci && npm run build"


def find_npm() -> str:
    """Path of npm; without one it fails in CI and skips elsewhere."""
    found = shutil.which("npm") if shutil.which("node") else None
    if found:
        return found
    text = "no Node: install Node 20.19 or newer with npm to rebuild the front end from site/"
    if os.environ.get("CI"):
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def call(folder: Path, *command: str, text: str = "") -> str:
    """Run *command* in *folder*; return what it printed, or fail with it."""
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)}:\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of nothing but site/, with the locked packages installed and nothing built."""
    npm = find_npm()
    folder = tmp_path_factory.mktemp("project")
    leave_out = shutil.ignore_patterns("node_modules", "test-results")
    shutil.copytree(ROOT / "site", folder / "site", ignore=leave_out)
    call(folder / "site", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return folder


def test_the_committed_assets_are_what_the_sources_build(project: Path) -> None:
    """A build from the locked packages has the files of tracker/publish/assets, to the byte."""
    call(project / "site", find_npm(), "run", "build")
    built, committed = (
        {path.name: path.read_bytes() for path in (folder / ASSETS).iterdir()}
        for folder in (project, ROOT)
    )
    assert sorted(built) == sorted(committed), f"build them anew: {BUILD}"
    changed = sorted(name for name in built if built[name] != committed[name])
    assert changed == [], f"build them anew: {BUILD}"


def test_the_types_of_the_data_are_those_of_the_schema(project: Path) -> None:
    """site/src/schema.ts is what the generator makes of the Python schema."""
    schema = call(ROOT, sys.executable, "-m", "tracker.site_data.json_schema")
    node = shutil.which("node") or "node"
    made = call(project / "site", node, "scripts/schema-types.mjs", text=schema)
    assert made == (ROOT / "site/src/schema.ts").read_text(encoding="utf-8")

"""What a release is made of: distributions that work by themselves, and the words of its page."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_wheel_and_sdist_work_in_empty_environments(tmp_path: Path):
    """As `uvx` would run them: version, report and site, with what the package itself brings."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHON": sys.executable,
    }
    done = subprocess.run(
        [ROOT / ".ci" / "distributions", tmp_path / "dist"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": works") == 2


@pytest.mark.parametrize(("version", "code"), [("0.1.0", 0), ("99.0.0", 2), ("", 2)])
def test_a_release_has_words_of_its_own(version: str, code: int):
    """The page is the section of CHANGELOG.md; without one nothing is published."""
    done = subprocess.run(
        [ROOT / ".ci" / "release-notes", version], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert bool(done.stdout.strip()) is (code == 0)
    assert "## [" not in done.stdout

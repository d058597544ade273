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


@pytest.mark.slow
def test_init_pins_the_commit_that_it_was_installed_from(tmp_path: Path):
    """As `uvx --from git+...@SHA tracker init` does: repository and commit need not be named."""
    head = subprocess.check_output(["git", "-C", ROOT, "rev-parse", "HEAD"], text=True).strip()
    home, project = tmp_path / "home", tmp_path / "project"
    install = ["uv", "pip", "install", "--quiet", "--python", home]
    locks = [ROOT / "requirements" / f"{name}.lock" for name in ("build", "run")]
    # From a clone called OWNER/NAME, as on a server.
    clone = tmp_path / "octo" / "tracker.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT.as_uri(), clone], check=True)
    for command in (
        ["uv", "venv", "--quiet", "--python", sys.executable, home],
        *([*install, "--require-hashes", "--requirement", lock] for lock in locks),
        [*install, "--no-deps", "--no-build-isolation", f"git+{clone.as_uri()}@{head}"],
        ["git", "init", "--quiet", "-b", "main", project],
    ):
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
    (project / "pyproject.toml").write_text('[project]\nname = "celery"\n')
    subprocess.run([home / "bin" / "tracker", "init", project, "--yes"], check=True)
    text = (project / ".github" / "workflows" / "performance.yml").read_text(encoding="utf-8")
    assert f"uses: octo/tracker/.github/workflows/performance.yml@{head}" in text

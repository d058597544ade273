"""A small tracked project for the spine's tests: one real release, and commits with a fault."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from tests.support.git import commit, git
from tracker import cli

ROOT = Path(__file__).parents[2]
ENTRY = "src/asynctasq/__main__.py"


def make_project(folder: Path) -> Path:
    """A folder with our configuration and benchmarks, sharing the environments already built."""
    folder.mkdir()
    (folder / "asv.conf.json").write_text((ROOT / "asv.conf.json").read_text(encoding="utf-8"))
    (folder / "benchmarks").symlink_to(ROOT / "benchmarks")
    libraries = ROOT / ".asv" / "libraries"
    libraries.mkdir(parents=True, exist_ok=True)
    (folder / ".asv").mkdir()
    (folder / ".asv" / "libraries").symlink_to(libraries)
    return folder


def make_repository(folder: Path) -> Path:
    """A clone of AsyncTasQ's newest release, with a work tree."""
    bare = folder.with_suffix(".releases")
    code = cli.run(["releases", "asynctasq", "--to", str(bare), "--last", "1", "--quiet"])
    assert code == 0
    subprocess.run(["git", "clone", "--quiet", bare, folder], check=True)
    return folder


def break_build(repository: Path) -> str:
    """A commit that no tool can build."""
    path = repository / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[planted fault\n", encoding="utf-8")
    return commit(repository, "Break the build")


def kill_worker(repository: Path) -> str:
    """A commit that builds, but whose worker ends as soon as it starts."""
    git(repository, "checkout", "--quiet", "HEAD~1", "--", "pyproject.toml")
    path = repository / ENTRY
    fault = 'import sys\nif "worker" in sys.argv:\n    sys.exit("planted: no worker today")\n'
    text = path.read_text(encoding="utf-8")
    end_of_docstring = text.index('"""', 3) + 4
    path.write_text(text[:end_of_docstring] + fault + text[end_of_docstring:], encoding="utf-8")
    return commit(repository, "Kill the worker")


SHORT_RUN = {**os.environ, "TRACKER_RUNS": "1", "PYTHONPATH": str(ROOT)}
"""The environment of a run that measures each cell once."""


def run_command(repository: Path, machine: str, *, scenario: str, control: str) -> list[str]:
    """`tracker run ALL` of one scenario in *repository*, timed only."""
    options = {
        "--only": "times",
        "--repo": str(repository),
        "--machine": machine,
        "--scenarios": scenario,
        "--libraries": control,
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "tracker", "run", "ALL", *words]


def start_run(project: Path, repository: Path, machine: str) -> subprocess.Popen[str]:
    """`tracker run ALL` in a process group of its own, one short run per library."""
    return subprocess.Popen(
        run_command(repository, machine, scenario="basic_throughput", control="celery"),
        cwd=project,
        env=SHORT_RUN,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_of(machine: str) -> list[psutil.Process]:
    """Every process that was started, at any distance, by a run for *machine*."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TRACKER_MACHINE") == machine:
                found.append(process)
        except psutil.Error:
            continue
    return found

"""Two commits through asv itself: run, show, compare and publish work on our results unchanged."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MACHINE = {"machine": "bench", "os": "o", "arch": "a", "cpu": "c", "num_cpu": "2", "ram": "1"}


class Project:
    """A small asv project whose benchmarks are ours and whose commits are empty."""

    def __init__(self, folder: Path) -> None:
        """Two commits, a configuration, a machine."""
        self.folder = folder
        self.repo = folder / "repo"
        self.git("init", "-q", "-b", "main", str(self.repo))
        for subject in ("one", "two"):
            self.git("-C", str(self.repo), "commit", "-q", "--allow-empty", "-m", subject)
        self.commits = self.git("-C", str(self.repo), "log", "--format=%H", "--reverse").split()
        config = {
            "version": 1, "project": "nothing", "repo": str(self.repo), "branches": ["main"],
            "benchmark_dir": str(ROOT / "benchmarks"), "environment_type": "virtualenv",
            "results_dir": str(folder / "results"), "html_dir": str(folder / "html"),
            "env_dir": str(folder / "env"),
        }  # fmt: skip
        (folder / "asv.conf.json").write_text(json.dumps(config))
        machine = {"version": 1, "bench": MACHINE}
        (folder / ".asv-machine.json").write_text(json.dumps(machine))

    def git(self, *words: str) -> str:
        """The output of a git command."""
        who = ["-c", "user.name=t", "-c", "user.email=t@t"]
        return subprocess.run(
            ["git", *who, *words], capture_output=True, text=True, check=True
        ).stdout

    def asv(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        """An asv command, away from the user's own machine file."""
        return subprocess.run(
            [sys.executable, "-m", "asv", *words], cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), **environment},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    def measure(self, commit: str) -> subprocess.CompletedProcess:
        """Run the scenario for one commit, the control only, as few runs as there can be."""
        return self.asv(
            "run", "-E", f"existing:{sys.executable}", "--set-commit-hash", commit,
            "--machine", "bench", "--record-samples", "--launch-method", "forkserver",
            "--bench", r"^basic_throughput\..*\('celery'\)", "--show-stderr",
            TRACKER_LIBRARIES="celery", TRACKER_RUNS="2", TRACKER_MACHINE="bench",
            TRACKER_RESULTS=str(self.folder / "results"), ASV_COMMIT=commit,
            ASV_CONF_DIR=str(ROOT),
        )  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The project with both commits measured."""
    project = Project(tmp_path_factory.mktemp("asv"))
    for commit in project.commits:
        done = project.measure(commit)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


def test_samples_of_every_metric_are_stored(measured):
    """Asv's own file holds two samples per metric of the library that was measured."""
    for commit in measured.commits:
        (path,) = (measured.folder / "results" / "bench").glob(f"{commit[:8]}-*.json")
        stored = json.loads(path.read_text())
        columns = stored["result_columns"]
        for name, row in stored["results"].items():
            cells = dict(zip(columns, row, strict=False))
            values = [v for v in cells["result"] if v is not None and v == v]  # noqa: PLR0124
            assert len(values) == 1, name
            if not name.endswith("throughput_cv"):
                assert sorted(map(len, filter(None, cells["samples"]))) == [2], name


def test_show_prints_the_results_of_a_commit(measured):
    """`asv show` finds the value and its unit."""
    done = measured.asv("show", measured.commits[0], "--machine", "bench")

    assert done.returncode == 0
    assert "basic_throughput.BasicThroughput.track_throughput" in done.stdout


def test_compare_compares_both(measured):
    """`asv compare` has a row per metric."""
    done = measured.asv("compare", *measured.commits, "--machine", "bench")

    assert done.returncode == 0
    assert "track_latency_p50('celery')" in done.stdout


def test_publish_makes_the_site(measured):
    """`asv publish` reads every file without a complaint."""
    done = measured.asv("publish", "--no-pull")

    assert done.returncode == 0
    assert "Skipping" not in done.stdout + done.stderr
    graphs = {p.stem for p in (measured.folder / "html" / "graphs").rglob("*.json")}
    assert "basic_throughput.BasicThroughput.track_throughput" in graphs


def test_run_records_lie_beside_asvs_files(measured):
    """One record per commit, with the reason of nothing."""
    records = sorted((measured.folder / "results" / "bench" / "records").rglob("*.record"))

    assert len(records) == 2
    assert {json.loads(p.read_text())["outcome"] for p in records} == {"measured"}

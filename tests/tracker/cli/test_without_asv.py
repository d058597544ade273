"""The walk of docs/import.md: from a repository with pytest-benchmark alone to verdicts and a site.

Everything is real: git, pytest with its plugin, pyperf, the tracker's commands, asv.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.git import git
from tracker.cli import run
from tracker.errors import ExitCode

ROOT = Path(__file__).parents[3]
BEFORE, AFTER = 6, 6
BENCHMARK = """
import pytest

@pytest.mark.parametrize("size", [100, 400])
def test_sum(benchmark, size):
    benchmark.pedantic(lambda: sum(range(size * {factor})), rounds=25, iterations=200)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty git repository, in which the test goes on."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    monkeypatch.chdir(folder)
    return folder


def commit(folder: Path, text: str, subject: str) -> None:
    """Commit the benchmark *text*."""
    (folder / "test_sum.py").write_text(text)
    (folder / ".gitignore").write_text("bench.json\nhistory/\ntrend/\n__pycache__/\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", subject)


def measure() -> None:
    """The first command of the walk, as a user gives it: beside no other process of pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    own = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    environment = {**own, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "--benchmark-json", "bench.json"],
        check=False, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def documented_commands() -> list[list[str]]:
    """The tracker's commands of the page's first example, as arguments."""
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    block = page.split("```console\n")[1].split("```")[0]
    return [line.split() for line in re.findall(r"^\$ tracker (.+)$", block, flags=re.MULTILINE)]


@pytest.mark.slow
def test_pytest_benchmark_alone_gives_verdicts_and_a_site(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    """What takes three times as long from one commit on is told as worse, at that commit."""
    bring_in, report, publish, serve = documented_commands()
    for number in range(BEFORE + AFTER):
        slower = number >= BEFORE
        commit(project, BENCHMARK.format(factor=3 if slower else 1), f"Change {number}")
        measure()
        assert run(bring_in) == ExitCode.FINE
    capsys.readouterr()

    assert run([*report, "--format", "json"]) == ExitCode.REGRESSION
    document = json.loads(capsys.readouterr().out)
    worse = {
        (change["benchmark"], change["commit"]["sha"])
        for change in document["changes"]
        if change["verdict"] == "worse"
    }
    sha = git(project, "rev-parse", f"HEAD~{AFTER - 1}")
    assert worse == {(f"test_sum.py::test_sum[{n}]", sha) for n in (100, 400)}

    assert run(publish) == ExitCode.FINE
    page = (project / "trend/index.html").read_text().replace("<wbr>", "")
    assert "test_sum.py::test_sum[400]" in page
    assert serve[0] == "serve"
    assert not (project / "asv.conf.json").exists()


@pytest.mark.slow
def test_plain_asv_shows_and_publishes_an_imported_tree(project: Path):
    """With the few settings that asv needs; names with slashes and brackets included."""
    for number in range(3):
        commit(project, BENCHMARK.format(factor=1), f"Change {number}")
        measure()
        assert run(["import", "bench.json", "--results", "history", "-q"]) == ExitCode.FINE
    (project / "benchmarks").mkdir()
    (project / "benchmarks" / "__init__.py").touch()
    settings = {"version": 1, "project": "p", "repo": ".", "branches": ["main"],
                "results_dir": "history", "html_dir": "html"}  # fmt: skip
    (project / "asv.conf.json").write_text(json.dumps(settings))
    for arguments in (["publish", "--no-pull"], ["show", "HEAD"]):
        done = subprocess.run(
            [sys.executable, "-m", "asv", *arguments],
            check=False, capture_output=True, text=True,
            env={**os.environ, "HOME": str(project.parent)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    assert "test_sum.py::test_sum[400]" in done.stdout
    (graph,) = (project / "html/graphs").rglob("*/machine-*/**/test_sum.py__test_sum[[]400[]].json")
    assert len(json.loads(graph.read_text())) == 3


@pytest.mark.slow
def test_a_real_file_of_pyperf_is_imported(project: Path, capsys: pytest.CaptureFixture[str]):
    """Packed, as pyperf writes it: all its values are samples of HEAD."""
    commit(project, "", "Change")
    command = [sys.executable, "-m", "pyperf", "timeit", "--quiet", "--processes=2", "--values=2"]
    options = ["--loops=10", "--warmups=1", "--name=join", "-o", "bench.json.gz"]
    subprocess.run([*command, *options, "'-'.join('abc')"], check=True, capture_output=True)
    assert run(["import", "bench.json.gz", "--results", "history"]) == ExitCode.FINE
    assert "2 x warm-up values" in capsys.readouterr().err
    import pyperf

    theirs = pyperf.BenchmarkSuite.load("bench.json.gz").get_benchmark("join").get_values()
    assert run(["export", "--results", "history", "--out", "h.csv", "-q"]) == ExitCode.FINE
    assert json.dumps(list(theirs)) in (project / "h.csv").read_text().replace('"', "")

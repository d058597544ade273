"""`tracker compare` for real, on a small asv project with a repository of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.git import git
from tracker import cli
from tracker.errors import ExitCode
from tracker.model import Verdict
from tracker.model.comparison import Comparison, Conclusion
from tracker.report.comparison.file import decode

PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "tinylib"
version = "1.0"
[tool.setuptools]
py-modules = ["tinylib"]
"""
BENCHMARK = """
import tinylib


class Suite:
    params = ["plain", "fast"]
    param_names = ["library"]

    def track_steps(self, library):
        return tinylib.STEPS * len(library)

    def track_rate(self, library):
        return 100.0 / tinylib.STEPS
    track_rate.unit = "items/s"
"""
FAILING = """
import os

import tinylib


def track_variable():
    return float(os.environ["VARIABLE"])


def track_rate():
    return 100.0 / tinylib.STEPS


def track_never():
    raise ValueError
"""
SLOW = """
import pathlib
import signal
import time


def time_for_ever():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as a library that has handlers of its own
    pathlib.Path({begun!r}).touch()
    time.sleep({seconds})


time_for_ever.timeout = 2 * {seconds}
"""
BENCHMARK_S = 600
CONFIG = """{"version": 1, "project": "tinylib", "repo": "lib", "branches": ["main"],
 "environment_type": "uv", "pythons": ["3.13"], "build_command": [],
 "matrix": {"env": {"VARIABLE": ["7"]}},
 "install_command": ["in-dir={build_dir} python -m pip install --no-deps ."]}"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Branches: main, worse (a tenth more steps), broken (cannot be built)."""
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (lib / "tinylib.py").write_text("STEPS = 100\n", encoding="utf-8")
    git(lib, "init", "--quiet", "--initial-branch", "main")
    git(lib, "add", ".")
    git(lib, "commit", "--quiet", "--message", "First")
    git(lib, "checkout", "--quiet", "-b", "worse")
    (lib / "tinylib.py").write_text("STEPS = 110\n", encoding="utf-8")
    git(lib, "commit", "--quiet", "--all", "--message", "More steps")
    git(lib, "checkout", "--quiet", "-b", "broken")
    (lib / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    git(lib, "commit", "--quiet", "--all", "--message", "Break the build")
    git(lib, "checkout", "--quiet", "main")
    benchmarks = tmp_path / "benchmarks"
    benchmarks.mkdir()
    (benchmarks / "__init__.py").touch()
    (benchmarks / "bench.py").write_text(BENCHMARK, encoding="utf-8")
    (tmp_path / "asv.conf.json").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def compare(project: Path, base: str, head: str, *options: str) -> tuple[int, Comparison]:
    """Run the command in *project*; return its exit code and its file."""
    out = project / "comparison.json"
    config = str(project / "asv.conf.json")
    code = cli.run(["compare", base, head, "--config", config, "--out", str(out), *options])
    return code, decode(out.read_bytes())


@pytest.mark.slow
def test_a_regression_of_any_asv_project_is_found(project: Path):
    """10 % more steps: worse in both directions of good, measured again, exit code 1."""
    code, comparison = compare(project, "main", "worse", "--budget", "4m")
    assert code == 1
    assert comparison.conclusion is Conclusion.REGRESSION
    assert {row.verdict for row in comparison.rows} == {Verdict.WORSE}
    expected = {"bench.Suite.track_steps": 1.1, "bench.Suite.track_rate": 1 / 1.1}
    assert {row.benchmark for row in comparison.rows} == set(expected)
    assert all(row.ratio == pytest.approx(expected[row.benchmark]) for row in comparison.rows)
    # A parameter of that name is none of our libraries.
    params = {(row.library, *row.params) for row in comparison.rows}
    assert params == {("", ("library", "'plain'")), ("", ("library", "'fast'"))}


@pytest.mark.slow
def test_a_project_with_dependencies_is_built_without_being_told_how(project: Path):
    """By asv's own command the wheels of the dependencies lie beside the project's."""
    lib = project / "lib"
    for branch in ("main", "worse"):
        git(lib, "checkout", "--quiet", branch)
        dependent = PYPROJECT.replace("[tool", 'dependencies = ["packaging"]\n[tool')
        (lib / "pyproject.toml").write_text(dependent, encoding="utf-8")
        git(lib, "commit", "--quiet", "--all", "--message", "Depend")
    config = json.loads(CONFIG)
    del config["build_command"], config["install_command"]
    (project / "asv.conf.json").write_text(json.dumps(config), encoding="utf-8")

    code, comparison = compare(project, "main", "worse", "--budget", "30s", "--exact")

    assert (comparison.base.failure, comparison.head.failure) == (None, None)
    assert code == ExitCode.REGRESSION


@pytest.mark.slow
def test_what_fails_in_head_only_fails_the_comparison(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    """Exit code 3, by name; what fails in base too is a note. The matrix's variables are set.

    Those of its first environment, which is named where there are several.
    """
    config = project / "asv.conf.json"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('["7"]', '["7", "8"]'), encoding="utf-8")
    (project / "benchmarks" / "bench.py").write_text(FAILING, encoding="utf-8")
    lib = project / "lib"
    git(lib, "checkout", "--quiet", "-b", "zero", "main")
    (lib / "tinylib.py").write_text("STEPS = 0\n", encoding="utf-8")
    git(lib, "commit", "--quiet", "--all", "--message", "No steps")

    code, comparison = compare(project, "main", "zero", "--budget", "1m")

    assert code == 3
    assert [(entry.benchmark, entry.side) for entry in comparison.failed] == [
        ("bench.track_rate", "head")
    ]
    assert comparison.vanished == ()
    assert [row.benchmark for row in comparison.rows] == ["bench.track_variable"]
    assert any("bench.track_never" in note for note in comparison.notes)
    assert re.search(r"^measured in the environment \S*VARIABLE7, one of 2 ", comparison.notes[0])
    assert "bench.track_rate cannot be measured in head" in capsys.readouterr().out


@pytest.mark.slow
def test_a_head_that_cannot_be_built_is_told(project: Path, capsys: pytest.CaptureFixture[str]):
    """The comparison is written with the reason, nothing is measured, exit code 3."""
    code, comparison = compare(project, "main", "broken")
    assert code == 3
    assert comparison.conclusion is Conclusion.FAILED
    assert comparison.head.failure
    assert comparison.rows == ()
    assert "FAILED" in capsys.readouterr().out


ENDINGS = """
import os
import time
import tinylib

class Mix:
    params = [1, 2]

    def track_some(self, n):
        if n == 2 and tinylib.STEPS > 100:
            raise ValueError("planted")
        return 1.0

def time_long():
    time.sleep(9)
time_long.timeout = 1

def track_gone():
    os._exit(9)
"""


@pytest.mark.slow
def test_why_each_benchmark_fails_is_told(project: Path, capsys: pytest.CaptureFixture[str]):
    """By compare and by run: an exception with its parameters, a time limit, an end at once."""
    (project / "benchmarks" / "bench.py").write_text(ENDINGS, encoding="utf-8")
    code, comparison = compare(project, "main", "worse", "--budget", "20s")
    assert code == ExitCode.DATA
    (failed,) = comparison.failed
    assert (failed.benchmark, failed.params) == ("bench.Mix.track_some", (("param1", "2"),))
    assert (failed.side, failed.reason) == ("head", "ValueError: planted")
    told = capsys.readouterr().out
    assert "bench.Mix.track_some param1=2 cannot be measured in head" in told
    assert "fails in base and in head: bench.time_long and 1 more (timed out after 1 s)" in told

    config = str(project / "asv.conf.json")
    ran = cli.run(["run", "worse^!", "--config", config, "--machine", "vm"])
    assert ran == ExitCode.CANNOT_TELL
    told = capsys.readouterr().err
    assert "tracker: bench.Mix.track_some(2): ValueError: planted\n" in told
    assert "tracker: bench.time_long: timed out after 1 s\n" in told
    assert "tracker: bench.track_gone: exit status 9\n" in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"uv"', '"existing"', "an existing environment, which holds no other commit"),
        ('"uv"', '"mamba"', "asv has no environment type mamba here"),
        (
            '"uv", "pythons": ["3.13"]',
            '"virtualenv", "pythons": ["3.99"]',
            "python3.99, which the configuration names, is not installed",
        ),
    ],
)
def test_an_environment_that_asv_cannot_make_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str
):
    """By compare, and by run, which shows where to look."""
    config = project / "asv.conf.json"
    text = config.read_text(encoding="utf-8")
    assert text.count(old) == 1
    config.write_text(text.replace(old, new), encoding="utf-8")
    code, _ = compare(project, "main", "worse", "--budget", "1m")
    assert code == ExitCode.CANNOT_TELL
    assert words in capsys.readouterr().out
    assert cli.run(["run", "main^!", "--config", str(config)]) == ExitCode.USAGE
    assert "tracker doctor" in capsys.readouterr().err


@pytest.mark.slow
def test_benchmarks_that_cannot_be_imported_say_why(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    """Not that asv has failed, as its last line says."""
    (project / "benchmarks" / "bench.py").write_text("import numpie\n", encoding="utf-8")
    code, _ = compare(project, "main", "worse", "--budget", "1m")
    assert code == ExitCode.CANNOT_TELL
    assert "ModuleNotFoundError: No module named 'numpie'" in capsys.readouterr().out


def test_an_unknown_commit_is_a_usage_error(project: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing is built; the message is git's."""
    config = str(project / "asv.conf.json")
    assert cli.run(["compare", "main", "nowhere", "--config", config]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_head_that_base_contains_is_refused(project: Path, capsys: pytest.CaptureFixture[str]):
    """The two in the wrong order would compare a commit with itself and call it fine."""
    config = str(project / "asv.conf.json")
    assert cli.run(["compare", "worse", "main", "--config", config]) == 2
    assert "worse already contains main" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["15", "-3m", "0m", "m", "1d"])
def test_a_budget_that_is_no_duration_is_a_usage_error(text: str, project: Path):
    """Only seconds, minutes and hours above zero are."""
    config = str(project / "asv.conf.json")
    assert cli.run(["compare", "main", "worse", "--config", config, "--budget", text]) == 2


def slow_down(project: Path) -> Path:
    """Give *project* a benchmark that takes ten minutes; return the file that it makes first."""
    begun = project / "begun"
    text = SLOW.format(begun=str(begun), seconds=BENCHMARK_S)
    (project / "benchmarks" / "bench.py").write_text(text, encoding="utf-8")
    return begun


ONCE = """
import pathlib
import time


def track_once():
    begun = pathlib.Path({begun!r})
    if begun.exists():
        time.sleep({seconds})
    begun.touch()
    return 1.0


track_once.timeout = 2 * {seconds}
"""


@pytest.mark.slow
def test_the_side_whose_turn_the_time_ended_in_is_not_blamed(project: Path):
    """The first turn has its number at once; the other, of whichever side, is cut off."""
    text = ONCE.format(begun=str(project / "begun"), seconds=BENCHMARK_S)
    (project / "benchmarks" / "bench.py").write_text(text, encoding="utf-8")
    code, comparison = compare(project, "main", "worse", "--budget", "10s")
    assert (project / "begun").exists()
    assert code == ExitCode.CANNOT_TELL
    assert [entry.side for entry in comparison.failed] == ["both"]
    assert processes_of(project) == []


@contextmanager
def slow_comparison(project: Path) -> Iterator[subprocess.Popen[str]]:
    """A comparison in a process group of its own, in the middle of its benchmark."""
    begun = slow_down(project)
    command = [sys.executable, "-m", "tracker", "compare", "main", "worse"]
    heeded = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests may run under nohup
    process = subprocess.Popen(
        command, cwd=project, stderr=subprocess.PIPE, text=True, process_group=0
    )
    signal.signal(signal.SIGHUP, heeded)
    give_up_at = time.monotonic() + BENCHMARK_S / 2
    try:
        while not begun.exists() and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert begun.exists()
        yield process
    finally:
        process.kill()


def processes_of(project: Path) -> list[psutil.Process]:
    """What runs for *project*."""
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if any(str(project) in text for text in p.info["cmdline"] or ())]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_outlives_an_end_of_the_whole_group(project: Path, how: signal.Signals):
    """`timeout`, Ctrl-C and a closed terminal reach us and asv; the benchmark has its own group."""
    with slow_comparison(project) as process:
        os.killpg(process.pid, how)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said
    _, alive = psutil.wait_procs(processes_of(project), timeout=5)
    assert alive == []


@pytest.mark.slow
def test_a_suite_that_takes_longer_than_the_budget_is_not_waited_for(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    """Nobody knows beforehand how long it takes; the answer says what to do."""
    slow_down(project)
    began_s = time.monotonic()
    code, comparison = compare(project, "main", "worse", "--budget", "8s")
    assert time.monotonic() - began_s < BENCHMARK_S / 2
    assert code == ExitCode.CANNOT_TELL
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert "give more time with --budget" in capsys.readouterr().out
    assert processes_of(project) == []

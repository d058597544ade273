"""`tracker bisect` for real, on a small asv project with a repository of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.checkout import check_out
from tests.support.git import git
from tracker import cli
from tracker.bisect.line import Repository

BENCHMARK = """
import tinylib


class Suite:
    def track_steps(self):
        return tinylib.STEPS

    def track_flat(self):
        return 7


def time_work():
    sum(range(tinylib.STEPS * 1000))


time_work.repeat = 3
time_work.warmup_time = 0.02
time_work.sample_time = 0.02
"""
# Copying a module is installing enough, and takes no time.
INSTALL = "import shutil, sysconfig; shutil.copy('tinylib.py', sysconfig.get_paths()['purelib'])"
CONFIG = {
    "version": 1,
    "project": "tinylib",
    "repo": "lib",
    "branches": ["main"],
    "environment_type": "uv",
    "pythons": ["3.13"],
    "build_command": [],
    "install_command": [f'in-dir={{build_dir}} python -c "{INSTALL}"'],
    "uninstall_command": [],
}


def make_project(folder: Path, count: int, steps: Callable[[int], int], broken: set[int]) -> Path:
    """A project with commits c0 to c*count*; *steps* gives each its work; *broken* do not build."""
    lib, benchmarks = folder / "lib", folder / "benchmarks"
    lib.mkdir()
    git(lib, "init", "--quiet", "--initial-branch", "main")
    for number in range(count + 1):
        (lib / "tinylib.py").write_text(f"STEPS = {steps(number)}\n", encoding="utf-8")
        if number in broken:
            (lib / "tinylib.py").unlink()
        (lib / f"note_{number}.md").write_text("Something else.\n", encoding="utf-8")
        git(lib, "add", ".")
        git(lib, "commit", "--quiet", "--message", f"Commit {number}")
        git(lib, "tag", f"c{number}")
    benchmarks.mkdir()
    (benchmarks / "__init__.py").touch()
    (benchmarks / "bench.py").write_text(BENCHMARK, encoding="utf-8")
    (folder / "asv.conf.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return folder


def bisect(project: Path, good: str, bad: str, *options: str) -> int:
    """Run the command in *project*; return its exit code."""
    config = str(project / "asv.conf.json")
    return cli.run(["bisect", good, bad, "--config", config, "--machine", "m", *options])


def rounds_of(project: Path) -> list[list[int]]:
    """The positions of all rounds of the only search in *project*."""
    (state,) = (project / ".asv" / "bisect").glob("*.json")
    return [each["positions"] for each in json.loads(state.read_text())["rounds"]]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_counted_step_among_64_commits_takes_eight_measurements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Both ends and at most six between, as the files say where to look first.

    Then the bad end with it reverted. What was measured are results like any others.
    """
    project = make_project(tmp_path, 64, lambda n: 100 if n < 41 else 110, set())

    assert bisect(project, "c0", "c64", "--metric", "track_steps") == 0

    printed = capsys.readouterr().out
    assert re.match(r"The culprit is \w{10} Commit 41 \(counted, certain\)\.\n", printed)
    assert "110 unit -> 100 unit (-9.1 %), on top of the bad end" in printed
    places = [place for each in rounds_of(project) for place in each]
    assert len([place for place in places if place >= 0]) <= 8
    assert places[-1] == -1
    files = [path.name for path in (project / "results" / "m").glob("*-uv-py3.13.json")]
    assert len(files) == len({place for place in places if place >= 0})
    assert bisect(project, "c0", "c64", "--metric", "track_steps") == 0
    assert capsys.readouterr().out == printed


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_step_within_commits_that_do_not_build_is_a_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Commits 3 to 5 do not build and the step is in them, so four commits are named."""
    project = make_project(tmp_path, 8, lambda n: 100 if n < 5 else 110, {3, 4, 5})

    assert bisect(project, "c0", "c8", "--metric", "bench.Suite.track_steps") == 0

    printed, progress = capsys.readouterr()
    assert "one of these 4, between which nothing can be measured (counted, certain)" in printed
    assert re.findall(r"Commit (\d)", printed) == ["3", "4", "5", "6"]
    told, *_ = re.findall(r"Commit [345]: (it does not build: .+)", progress)
    assert "tinylib" in told, progress


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_interrupted_search_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Ctrl-C ends all that was started, with exit code 130; nothing is measured twice."""
    project = make_project(tmp_path, 16, lambda n: 100 if n < 6 else 110, set())
    command = [sys.executable, "-m", "tracker", "bisect", "c0", "c16", "--metric", "track_steps"]
    process = subprocess.Popen([*command, "--machine", "m"], cwd=project, stderr=subprocess.PIPE)
    folder = project / ".asv" / "bisect"
    limit = time.monotonic() + 400
    while time.monotonic() < limit and not list(folder.glob("*-*.json")):
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in told
    assert not [p for p in psutil.process_iter(["cwd", "cmdline"]) if _is_of(p, project)]
    before = rounds_of(project)
    assert before

    assert bisect(project, "c0", "c16", "--metric", "track_steps") == 0

    assert "Commit 6 (counted, certain)" in capsys.readouterr().out
    after = rounds_of(project)
    assert after[: len(before)] == before
    places = [place for each in after for place in each]
    assert len(places) == len(set(places))


def _is_of(process: psutil.Process, project: Path) -> bool:
    told = [process.info["cwd"] or "", *(process.info["cmdline"] or ())]
    return process.pid != os.getpid() and any(str(project) in text for text in told)


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_timed_step_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Four times the time from commit 11 of 16 on, on a machine that may be busy."""
    project = make_project(tmp_path, 16, lambda n: 20 if n < 11 else 80, {7})
    code = bisect(project, "c0", "c16", "--metric", "time_work", "--budget", "25m")
    printed = capsys.readouterr().out
    assert "Commit 11" in printed
    assert code == 0 or "Not yet one commit" in printed


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_cannot_be_searched_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Equal ends, an end that does not build, a metric that there is not: each in plain words."""
    project = make_project(tmp_path, 3, lambda _: 100, {2})

    assert bisect(project, "c0", "c1", "--metric", "track_steps") == 0
    assert "Nothing to find: the ends do not differ" in capsys.readouterr().out
    assert bisect(project, "c0", "c2", "--metric", "track_steps") == 3
    assert "the bad end" in capsys.readouterr().err
    assert bisect(project, "c0", "c1", "--metric", "track_nothing") == 2
    assert "no metric track_nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("c1", "nowhere", "there is no commit nowhere"),
        ("c1", "c1", "c1 and c1 are the same commit"),
        ("c2", "c1", "c1 comes before c2"),
        ("c1", "side", "c1 is not an ancestor of side"),
        ("c1", "a b;c", "there is no commit a b;c"),
    ],
)
def test_ends_of_no_line_are_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], good: str, bad: str, said: str
):
    """Nothing is built, and the message names what is wrong."""
    project = make_project(tmp_path, 2, lambda _: 100, set())
    git(project / "lib", "checkout", "--quiet", "-b", "side", "c0")
    git(project / "lib", "commit", "--quiet", "--allow-empty", "--message", "Aside")
    assert bisect(project, good, bad) == 2
    assert said in capsys.readouterr().err


def test_a_state_of_another_version_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """It may mean something else; `--fresh` is the way on."""
    project = make_project(tmp_path, 2, lambda _: 100, set())
    folder = project / ".asv" / "bisect"
    assert bisect(project, "c0", "nowhere") == 2
    shas = [
        subprocess.run(
            ["git", "-C", str(project / "lib"), "rev-parse", name], capture_output=True, check=True
        ).stdout.decode()[:8]
        for name in ("c0", "c2")
    ]
    (folder / f"{shas[0]}-{shas[1]}-e3b0c4.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert bisect(project, "c0", "c2") == 3
    assert "--fresh" in capsys.readouterr().err


def line_of(project: Path, good: str, bad: str) -> list[str]:
    """The subjects of the commits that a search would be among."""
    repository = Repository(config=project / "asv.conf.json", repo="", on_line=lambda _: None)
    return [commit.subject for commit in repository.read_line(good, bad)]


def set_repo(project: Path, repo: str, **more: str) -> None:
    """Have the configuration name another repository."""
    config = json.dumps(CONFIG | {"repo": repo, **more})
    (project / "asv.conf.json").write_text(config, encoding="utf-8")


def test_a_mirror_that_is_older_than_the_commits_is_brought_up_to_date(tmp_path: Path):
    """Asv cloned the repository for an earlier search, before they were pushed."""
    project = make_project(tmp_path, 2, lambda _: 100, set())
    server = tmp_path / "server.git"
    git(project, "clone", "--quiet", "--bare", "lib", str(server))
    set_repo(project, server.as_uri(), dvcs="git")
    assert line_of(project, "c0", "c2") == ["Commit 0", "Commit 1", "Commit 2"]
    git(project / "lib", "commit", "--quiet", "--allow-empty", "--message", "Commit 3")
    git(project / "lib", "push", "--quiet", str(server), "main")
    newest = subprocess.run(
        ["git", "-C", str(project / "lib"), "rev-parse", "HEAD"],
        capture_output=True, check=True, text=True,
    ).stdout.strip()  # fmt: skip
    assert line_of(project, "c1", newest) == ["Commit 1", "Commit 2", "Commit 3"]


@pytest.mark.parametrize(("depth", "good"), [(1, "c0"), (2, "side")])
def test_a_clone_without_its_past_is_told_from_commits_of_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], depth: int, good: str
):
    """`fetch-depth` of CI: what the clone lacks does not make the good end no ancestor."""
    project = make_project(tmp_path, 3, lambda _: 100, set())
    lib = project / "lib"
    git(lib, "branch", "side", "c0")
    clone = tmp_path / "clone"
    check_out(lib.as_uri(), clone, ref="refs/heads/main", depth=depth)
    if good == "side":
        git(clone, "fetch", "--quiet", "--depth=1", "origin", "side:side")
    set_repo(project, str(clone))
    assert bisect(project, good, "HEAD") == 2
    told = capsys.readouterr().err
    assert "the clone is shallow" in told
    assert "fetch-depth: 0" in told


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_partial_clone_is_searched(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`--filter=blob:none`: asv's environments share objects that the clone may not have."""
    project = make_project(tmp_path, 4, lambda n: 100 if n < 3 else 110, set())
    lib = project / "lib"
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(lib, "config", name, "true")
    clone = tmp_path / "clone"
    check_out(lib.as_uri(), clone, ref="refs/heads/main", depth=0, filtered="blob:none")
    set_repo(project, str(clone))
    assert bisect(project, "c0", "c4", "--metric", "track_steps") == 0
    assert "Commit 3 (counted, certain)" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_is_not_pushed_yet_is_searched(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A suite in the library's own checkout names the address of the remote, which lacks it."""
    project = make_project(tmp_path, 2, lambda _: 100, set())
    server, work = tmp_path / "server.git", tmp_path / "work"
    git(project, "clone", "--quiet", "--bare", "lib", str(server))
    git(project, "clone", "--quiet", server.as_uri(), "work")
    set_repo(project, server.as_uri(), dvcs="git")
    for name in ("asv.conf.json", "benchmarks"):
        (project / name).rename(work / name)
    (work / "tinylib.py").write_text("STEPS = 110\n", encoding="utf-8")
    git(work, "commit", "--quiet", "--all", "--message", "Not pushed")
    assert bisect(work, "c0", "HEAD", "--metric", "track_steps") == 0
    assert "Not pushed (counted, certain)" in capsys.readouterr().out
    assert not (work / "tinylib").exists(), "asv cloned the remote"

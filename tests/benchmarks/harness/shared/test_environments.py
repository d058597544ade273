"""Locked environments: built once, whole or not at all, rebuilt when their lock changes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.harness.shared import environments
from benchmarks.harness.shared.environments import ensure_environment
from benchmarks.harness.shared.errors import EnvironmentBuildError
from benchmarks.harness.shared.registry import LIBRARIES

HERE = Path(sys.executable)


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """A lock without packages, so that building needs no registry."""
    monkeypatch.setattr(environments, "LOCKS", tmp_path / "locks")
    (tmp_path / "locks").mkdir()
    path = tmp_path / "locks" / "empty.txt"
    path.write_text("# nothing\n")
    return path


def test_an_environment_is_built_once_and_runs(lock, tmp_path):
    """The second call finds it; its interpreter works, and is of the same version."""
    python = ensure_environment("empty", root=tmp_path / "root", base_python=HERE)
    built = python.stat().st_ctime_ns
    again = ensure_environment("empty", root=tmp_path / "root", base_python=HERE)
    version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout

    assert (again, again.stat().st_ctime_ns) == (python, built)
    assert version.split()[1] == sys.version.split()[0]


def test_another_lock_is_another_environment(lock, tmp_path):
    """A changed pin never alters an environment that may be in use."""
    first = ensure_environment("empty", root=tmp_path / "root", base_python=HERE)
    lock.write_text("# nothing else\n")
    second = ensure_environment("empty", root=tmp_path / "root", base_python=HERE)

    assert first != second
    assert first.exists()


def test_what_cannot_be_installed_is_named_and_leaves_nothing_that_would_be_used(lock, tmp_path):
    """A lock without hashes is refused by uv; the next call tries again."""
    lock.write_text("celery==5.7.0\n")
    for _ in range(2):
        with pytest.raises(EnvironmentBuildError, match="pip install") as caught:
            ensure_environment("empty", root=tmp_path / "root", base_python=HERE)

    assert "hash" in caught.value.message
    assert list((tmp_path / "root").glob("empty-*")) == []


def test_a_half_built_environment_is_replaced(lock, tmp_path):
    """A build that was killed left its folder aside; it is not in the way."""
    python = ensure_environment("empty", root=tmp_path / "one", base_python=HERE)
    aside = tmp_path / "two" / f".building-{python.parents[1].name}"
    (aside / "bin").mkdir(parents=True)

    assert ensure_environment("empty", root=tmp_path / "two", base_python=HERE).exists()
    assert not aside.exists()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_no_uv(tmp_path, stop):
    """Else it would write into the folder that the next build makes; killed, only that stays."""
    root, uv, pid = tmp_path / ".asv" / "libraries", tmp_path / "uv", tmp_path / "pid"
    waits = f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    make = "os.makedirs(sys.argv[-1]) if sys.argv[1] == 'venv' else None"
    uv.write_text(
        f"#!{sys.executable}\nimport os, sys, time\n{make}\nif sys.argv[1] == 'pip': {waits}"
    )
    uv.chmod(0o755)
    command = [sys.executable, "-m", "benchmarks.harness.shared.environments", "celery"]
    variables = {**os.environ, "UV": str(uv), "ASV_CONF_DIR": str(tmp_path)}
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as build:
        _wait(lambda: pid.exists() and pid.read_text())
        build.send_signal(stop)
    _wait(lambda: not psutil.pid_exists(int(pid.read_text())))

    left = [path.name for path in root.iterdir() if path.is_dir()]
    assert len(left) == (stop == signal.SIGKILL)


def _wait(condition, limit_s=20):
    until_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_a_name_without_a_lock_is_an_error(lock, tmp_path):
    """The file that is missing is named."""
    with pytest.raises(EnvironmentBuildError) as caught:
        ensure_environment("nothing", root=tmp_path, base_python=HERE)

    assert str(tmp_path / "locks" / "nothing.txt") in caught.value.next_step


def test_without_uv_the_error_says_how_to_get_it(lock, tmp_path, monkeypatch):
    """No UV, none beside the interpreter, none on PATH."""
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(EnvironmentBuildError, match="uv was not found") as caught:
        environments.find_uv()

    assert "make setup" in caught.value.next_step


def test_a_uv_that_is_not_there_is_an_error(lock, tmp_path, monkeypatch):
    """The variable UV names it, so the next step names the variable."""
    monkeypatch.setenv("UV", "/no/such/uv")
    with pytest.raises(EnvironmentBuildError, match="/no/such/uv cannot be run") as caught:
        ensure_environment("empty", root=tmp_path / "root", base_python=HERE)

    assert "correct UV" in caught.value.next_step


def test_an_interpreter_that_does_not_run_is_an_error(lock, tmp_path):
    """The path that was given is named."""
    with pytest.raises(EnvironmentBuildError, match="/no/python"):
        ensure_environment("empty", root=tmp_path, base_python=Path("/no/python"))


def test_every_library_and_the_harness_have_a_lock_with_hashes():
    """What is measured is pinned to the byte."""
    for name in (*LIBRARIES, environments.HARNESS):
        text = (environments.LOCKS / f"{name}.txt").read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins, name
        assert text.count("--hash=sha256:") >= len(pins), name


def pins(lock: Path) -> dict[str, str]:
    """What a lock installs: the name of each package to its version and the condition for it."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line]
    return dict(line.strip(" \\").split("==", 1) for line in lines)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_tracked_library_gets_the_dependencies_of_its_lock(library):
    """Without itself, since its commits are built, and with what only older releases need."""
    own, tracked = (environments.LOCKS / folder / f"{library}.txt" for folder in ("", "tracked"))
    more = tracked.with_suffix(".in")
    named = more.read_text(encoding="utf-8").splitlines() if more.exists() else []
    extra = {name for name in named if not name.startswith("#")}
    expected, found = pins(own), pins(tracked)

    assert library in expected
    assert extra <= set(found)
    del expected[library]
    assert {name: pin for name, pin in found.items() if name not in extra} == expected

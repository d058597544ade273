"""Processes end with their keeper, even those that try not to."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.harness.lab.processes import usage, watchdog
from benchmarks.harness.lab.processes.processes import Keeper, child_environment

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)  # as RQ's work-horses do: out of the leader's process group
    time.sleep(600)
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def keeper(monkeypatch, tmp_path):
    """A keeper whose folder is below the test's own."""
    monkeypatch.setenv("TRACKER_TMP", str(tmp_path))
    with Keeper() as made:
        yield made


def start(keeper: Keeper, code: str, name: str = "the child"):
    """Python running *code*."""
    return keeper.start(
        name, [sys.executable, "-S", "-c", code],
        environment=child_environment({}), log=keeper.folder / "log",
    )  # fmt: skip


def wait_for(condition, within_s: float = 10.0) -> None:
    """Wait until *condition* is true, or fail."""
    limit = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_child_that_left_the_process_group_is_killed_too(keeper):
    """SIGTERM ignored, process group changed: the session is what counts."""
    process = start(keeper, STUBBORN)
    wait_for(lambda: process.log.read_text() == "ready\n")
    members = watchdog.session_members(process.pid)
    keeper.stop(process, grace_s=0.1)

    assert len(members) == 2
    assert watchdog.session_members(process.pid) == []


def test_what_died_says_how_with_its_last_words(keeper):
    """Name, exit code and the end of the log make the reason."""
    process = start(
        keeper, "import sys; print('first'); sys.exit('it was the cable')", "the worker"
    )
    process.popen.wait()

    assert process.died() == "the worker died (exit code 1): first / it was the cable"


def test_what_was_killed_names_the_signal(keeper):
    """A negative exit code is a signal, by its name."""
    process = start(keeper, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    process.popen.wait()

    assert process.died() == "the child died (killed by SIGSEGV)"


def test_leaving_the_block_leaves_nothing(monkeypatch, tmp_path):
    """Processes, folder and watchdog are gone, also when the block raised."""
    monkeypatch.setenv("TRACKER_TMP", str(tmp_path))
    before = set(psutil.Process().children(recursive=True))
    children = []

    def work(made: Keeper) -> None:
        start(made, STUBBORN)
        children.extend(set(psutil.Process().children(recursive=True)) - before)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Keeper() as made:
        work(made)
    _, alive = psutil.wait_procs(children, timeout=5)

    assert len(children) >= 2
    assert alive == []
    assert list(tmp_path.iterdir()) == []


def test_log_tail_is_bounded(keeper):
    """A worker that printed megabytes gives a reason of one line."""
    process = start(keeper, "print('x' * 100_000); raise SystemExit(3)")
    process.popen.wait()

    assert len(process.died()) < 500
    assert "\n" not in process.died()


def test_switches_of_the_users_interpreter_do_not_reach_workers(monkeypatch):
    """PYTHON variables and the virtual environment stay here; the module path is ours."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("KEPT", "1")
    made = child_environment({"MORE": "2"})

    assert {"PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}.isdisjoint(made)
    assert (made["KEPT"], made["MORE"]) == ("1", "2")
    assert (Path(made["PYTHONPATH"]) / "benchmarks").is_dir()


def test_cpu_of_a_tree_counts_children_that_are_gone():
    """A tenth of a second burnt by a child that has ended is still its parent's."""
    before = usage.usage_of(usage.our_tree()).cpu_s
    burn = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
    subprocess.run([sys.executable, "-S", "-c", burn], check=True)
    used = usage.usage_of(usage.our_tree()).cpu_s - before

    assert 0.09 < used < 2.0


def test_below_is_the_part_of_the_tree_under_the_roots(keeper):
    """Workers are told from the producer although all are ours."""
    process = start(keeper, STUBBORN)
    other = start(keeper, "import time; time.sleep(600)")
    wait_for(lambda: "ready" in process.log.read_text())
    found = {p.pid for p in usage.below(usage.our_tree(), [process.pid])}
    members = set(watchdog.session_members(process.pid))
    keeper.stop(process, grace_s=0)

    assert found == members
    assert other.pid not in found


@pytest.mark.parametrize("lists", [usage.LISTS_CHILDREN, False])
def test_descendants_are_found_whichever_thread_started_them(lists, monkeypatch):
    """A grandchild and the child of a second thread are there, as psutil says."""
    monkeypatch.setattr(usage, "LISTS_CHILDREN", lists)
    sleep = "__import__('time').sleep(600)"
    again = f"[sys.executable, '-S', '-c', {sleep!r}]"
    start_another = f"import subprocess, sys; subprocess.run({again})"
    command = [sys.executable, "-S", "-c", start_another]
    started: list[subprocess.Popen[bytes]] = []
    done = threading.Event()

    def start_and_stay() -> None:
        started.append(subprocess.Popen(command, start_new_session=True))
        done.wait()

    thread = threading.Thread(target=start_and_stay)
    thread.start()
    try:
        wait_for(lambda: started and psutil.Process(started[0].pid).children())
        expected = {p.pid for p in psutil.Process().children(recursive=True)}
        found = {p.pid for p in usage.our_tree()}
    finally:
        done.set()
        thread.join()
        watchdog.kill_session(started[0].pid)
        started[0].wait()

    assert found == expected | {os.getpid()}


@pytest.mark.alone
def test_a_killed_process_pool_leaves_no_semaphores(keeper):
    """Python's own cleaner of named semaphores is given the moment that it needs."""
    pool = """
import multiprocessing, time
kept = [multiprocessing.get_context("spawn").Lock() for _ in range(5)]
print("ready", flush=True)
time.sleep(600)
"""
    before = named_semaphores()
    process = start(keeper, pool)
    wait_for(lambda: process.log.read_text() == "ready\n")
    made = named_semaphores() - before
    keeper.stop(process, grace_s=0)

    assert len(made) == 5
    assert watchdog.session_members(process.pid) == []
    assert not made & named_semaphores()


def test_a_slow_cleaner_of_semaphores_is_waited_for(keeper, tmp_path):
    """On a busy machine it takes more than a moment; killed before, it leaves them for ever."""
    cleaner = f"""
# multiprocessing.resource_tracker, as a busy machine lets it run
import sys, time
sys.stdin.read()
time.sleep(1)
open({str(tmp_path / "cleaned")!r}, "w").close()
"""
    pool = f"""
import subprocess, sys, time
cleaner = subprocess.Popen([sys.executable, "-S", "-c", {cleaner!r}], stdin=subprocess.PIPE)
print("ready", flush=True)
time.sleep(600)
"""
    process = start(keeper, pool)
    wait_for(lambda: process.log.read_text() == "ready\n")
    keeper.stop(process, grace_s=0)

    assert (tmp_path / "cleaned").exists()
    assert watchdog.session_members(process.pid) == []


def named_semaphores() -> set[str]:
    """Those that Python's multiprocessing has made on this machine."""
    return {path.name for path in Path("/dev/shm").glob("sem.mp-*")}  # noqa: S108

"""Local processes end with the command that started them, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

WORKING = """
import sys, time
sys.path.insert(0, {folder!r})
from slow_tasks import slow
from tracker.execution.parallel import open_mapper

if __name__ == "__main__":
    with open_mapper(None, 2) as mapper:
        print(mapper(slow, [{folder!r}] * 4))
"""
SLOW = """
import time
from pathlib import Path

def slow(tasks):
    (Path(tasks[0]) / "working").touch()
    time.sleep(60)
    return list(tasks)
"""


@pytest.fixture
def temporary():
    """A folder for what a killed command cannot remove; its path is short enough for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


@pytest.mark.alone
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_or_killed_it_leaves_no_processes_and_no_semaphores(
    tmp_path: Path, temporary: str, how: signal.Signals
):
    """Its workers do not finish their task first, nor wait for another one."""
    (tmp_path / "slow_tasks.py").write_text(SLOW, encoding="utf-8")
    script = tmp_path / "working.py"
    script.write_text(WORKING.format(folder=str(tmp_path)), encoding="utf-8")
    before = semaphores()
    variables = {**os.environ, "TMPDIR": temporary}
    process = subprocess.Popen([sys.executable, script], env=variables, stderr=subprocess.DEVNULL)
    wait_for((tmp_path / "working").exists)
    started = psutil.Process(process.pid).children(recursive=True)
    made = semaphores() - before

    process.send_signal(how)
    process.wait(10)

    wait_for(lambda: not any(each.is_running() for each in started))
    assert made
    assert not made & semaphores()


def wait_for(condition, within_s: float = 20.0) -> None:
    """Wait until *condition* is true, or fail."""
    limit = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def semaphores() -> set[str]:
    """The named semaphores of Python's multiprocessing on this machine."""
    return {path.name for path in Path("/dev/shm").glob("sem.mp-*")}  # noqa: S108

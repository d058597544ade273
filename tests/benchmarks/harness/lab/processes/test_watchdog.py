"""What the watchdog kills, and when it gives up."""

import os
import signal
import subprocess
import sys
import time

import pytest

from benchmarks.harness.lab.processes import watchdog


def test_a_stopped_session_is_killed_though_looking_takes_longer_than_patience(
    monkeypatch: pytest.MonkeyPatch,
):
    """A busy machine needs a second to list its processes; the harness hung on a frozen worker."""
    look = watchdog.session_members

    def slowly(session: int) -> list[int]:
        members = look(session)
        time.sleep(1.5 * watchdog.GIVE_UP_S)
        return members

    monkeypatch.setattr(watchdog, "session_members", slowly)
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    try:
        os.kill(sleeper.pid, signal.SIGSTOP)
        watchdog.kill_session(sleeper.pid)
        assert sleeper.wait(timeout=10) == -signal.SIGKILL
    finally:
        sleeper.kill()
        sleeper.wait()

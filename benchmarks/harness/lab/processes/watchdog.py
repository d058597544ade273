"""A small process that cleans up when the harness is gone, however it went.

It reads lines of JSON on standard input, and when that closes it kills every session and removes
every folder that was named and not taken back:

    {"session": 123} {"folder": "/tmp/..."} {"forget_session": 123} {"forget_folder": "/tmp/..."}

It lives in a session of its own, so neither Ctrl-C nor a signal to the harness's process group
reaches it. A leader's children stay in its session even when they change their process group.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

GIVE_UP_S = 0.4
SPARING_S = 5.0
ROUND_S = 0.02

CLEANER = b"multiprocessing.resource_tracker"
"""It removes the named semaphores of a killed process pool, and ends by itself after that: at once,
but on a busy machine it has to wait for its turn. Killed before, it leaves them for ever."""

PROC = Path("/proc")


def session_members(session: int) -> list[int]:
    """Process ids of *session*, zombies left out; none where there is no /proc."""
    members = []
    for stat in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = stat.read_text(encoding="ascii", errors="replace")
            fields = text.rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                members.append(int(stat.parent.name))
    return members


def kill_session(session: int) -> None:
    """SIGKILL everything in *session*, and look again until nothing is left.

    Where there is no /proc only the process group of its leader can be told.
    """
    if not (PROC / "self/stat").exists():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(session, signal.SIGKILL)
        return
    spared_until_s = time.monotonic() + SPARING_S
    give_up_s = GIVE_UP_S + time.monotonic()
    while members := session_members(session):
        now_s = time.monotonic()
        cleaners = {pid for pid in members if _cleans_up(pid)} if now_s < spared_until_s else set()
        for pid in set(members) - cleaners:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if cleaners:
            give_up_s = now_s + GIVE_UP_S
        elif now_s > give_up_s:  # a look takes that long where many others run, so not before
            return
        time.sleep(ROUND_S)


def _cleans_up(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return CLEANER in (PROC / str(pid) / "cmdline").read_bytes()
    return False


def main() -> None:
    """Keep the lists until standard input closes, then clean up what is left on them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    kept: dict[str, set[object]] = {"session": set(), "folder": set()}
    for text in sys.stdin:
        with contextlib.suppress(ValueError, KeyError):  # half a line, when we were killed writing
            for key, value in json.loads(text).items():
                name = key.removeprefix("forget_")
                (kept[name].add if name == key else kept[name].discard)(value)
    for session in kept["session"]:
        kill_session(int(str(session)))
    for folder in kept["folder"]:
        shutil.rmtree(str(folder), ignore_errors=True)


if __name__ == "__main__":
    main()

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

KILL_ROUNDS = 20


def session_members(session: int) -> list[int]:
    """Process ids of *session*, zombies left out; only its leader where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return [session]
    members = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = (entry / "stat").read_text(encoding="ascii", errors="replace")
            fields = text.rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                members.append(int(entry.name))
    return members


def kill_session(session: int) -> None:
    """SIGKILL everything in *session*, and look again until nothing is left."""
    for _ in range(KILL_ROUNDS):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(session, signal.SIGKILL)
        members = session_members(session) if Path("/proc/self/stat").exists() else []
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not members:
            return
        time.sleep(0.02)


def main() -> None:
    """Keep the lists until standard input closes, then clean up what is left on them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sessions: set[int] = set()
    folders: set[str] = set()
    for text in sys.stdin:
        with contextlib.suppress(ValueError):
            line = json.loads(text)
            sessions |= {line[key] for key in ("session",) if key in line}
            folders |= {line[key] for key in ("folder",) if key in line}
            sessions.discard(line.get("forget_session"))
            folders.discard(line.get("forget_folder"))
    for session in sessions:
        kill_session(session)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

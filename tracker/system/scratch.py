"""Folders for temporary files that do not outlive their command, even one that was killed.

They lie in the system's temporary folder, not in the project's: servers keep sockets in them, whose
paths may have about a hundred bytes, and may run as another user, to whom a home is closed.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "asynctasq-tracker-"

# A folder younger than this may just be about to be locked.
YOUNG_S = 60.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder, locked while it is used; those that nobody holds any more are removed first."""
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        lock = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(lock)


def remove_abandoned() -> None:
    """Remove the folders of commands that were killed: a lock ends with its process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = folder.stat(follow_symlinks=False)
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > YOUNG_S:
                _remove_unless_locked(folder)


def _remove_unless_locked(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)

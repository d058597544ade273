"""Temporary folders end with their command, also with one that was killed."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from tracker.system.scratch import PREFIX, YOUNG_S, remove_abandoned, scratch_folder

HOLD = """
import time
from tracker.system.scratch import scratch_folder
with scratch_folder() as folder:
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's temporary folder, empty."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.fixture
def holder(temporary):
    """Another process that holds a folder; the process, and the folder made old."""
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (folder,) = temporary.iterdir()
        make_old(folder)
        yield process, folder
        process.kill()


def make_old(folder):
    """As if nothing had been added for a while."""
    then = time.time() - 2 * YOUNG_S
    os.utime(folder, (then, then))


def test_a_folder_ends_with_its_block(temporary):
    """Whatever lies in it goes along."""
    with scratch_folder() as folder:
        (folder / "file").touch()
        assert folder.parent == temporary
    assert list(temporary.iterdir()) == []


def test_what_a_killed_command_left_is_removed_by_the_next(holder):
    """As long as the command lives its folder stays, however old; after SIGKILL it goes."""
    process, folder = holder
    remove_abandoned()
    assert folder.is_dir()

    process.kill()
    process.wait()
    with scratch_folder():
        assert not folder.exists()


def test_only_old_folders_of_ours_are_removed(temporary):
    """A new one may just be about to be locked; other names are not ours."""
    new, other = temporary / f"{PREFIX}new", temporary / "tracker-other"
    new.mkdir()
    other.mkdir()
    make_old(other)
    remove_abandoned()
    assert new.is_dir()
    assert other.is_dir()

"""Files that are replaced in one step."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.system.atomic import replace_file


def broken() -> Iterator[bytes]:
    """The beginning of a file, and then an error."""
    yield b"half"
    raise OSError("no space left on device")


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    """The error passes on; a reader never sees half of a file."""
    path = tmp_path / "new" / "file.json"
    replace_file(path, [b"old ", b"contents"])
    with pytest.raises(OSError, match="no space"):
        replace_file(path, broken())
    assert path.read_bytes() == b"old contents"
    assert list(path.parent.iterdir()) == [path]


def test_others_may_read_what_the_umask_lets_them(tmp_path: Path):
    """Results are shared: a file for its owner alone would stop the next user of the tree."""
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "file.json", [b"{}"])
    finally:
        os.umask(before)
    assert (tmp_path / "file.json").stat().st_mode & 0o777 == 0o640

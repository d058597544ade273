"""A site can lie at any fsspec address, and is there what it is in a folder, to the byte."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from tests.support.site_histories import SMALL, make_history
from tests.support.site_records import with_records
from tracker.errors import DataError, UsageError
from tracker.publish.site import publish
from tracker.publish.store import open_store
from tracker.site_data.schema import MARKER


@pytest.fixture
def address() -> Iterator[str]:
    """An address in memory, empty before and after."""
    memory = fsspec.filesystem("memory")
    yield "memory://site-of-a-test/below"
    if memory.exists("/site-of-a-test"):
        memory.rm("/site-of-a-test", recursive=True)


def in_folder(folder: Path) -> dict[str, bytes]:
    """Every file below *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def at_address(address: str) -> dict[str, bytes]:
    """Every file below *address*."""
    filesystem, root = fsspec.core.url_to_fs(address)
    return {name.removeprefix(f"{root}/"): filesystem.cat(name) for name in filesystem.find(root)}


def test_a_site_is_the_same_in_a_folder_and_elsewhere(address: str, tmp_path: Path) -> None:
    """A folder, file:// and memory:// hold the same files with the same bytes."""
    for out in (tmp_path / "folder", f"file://{tmp_path}/file", address):
        publish(with_records(make_history(), SMALL), out)

    assert in_folder(tmp_path / "folder") == in_folder(tmp_path / "file") == at_address(address)


def test_the_same_again_writes_nothing(address: str) -> None:
    """Publishing the same to an address again writes and removes no file."""
    first = publish(make_history(), address)
    again = publish(make_history(), address)

    assert first.written >= first.files > 0
    assert (again.files, again.written, again.removed) == (first.files, 0, 0)


def test_what_no_build_needs_is_removed(address: str) -> None:
    """Data of the first build are gone from the address after the third."""
    publish(make_history(), address)
    first = {name for name in at_address(address) if name.startswith("data/series/")}
    for seed in (8, 9):
        publish(make_history(dataclasses.replace(SMALL, seed=seed)), address)

    assert first
    assert first & set(at_address(address)) == set()


def test_foreign_files_are_left_alone(address: str) -> None:
    """An address that holds somebody's files is refused, and they stay."""
    fsspec.filesystem("memory").pipe_file("/site-of-a-test/below/thesis.tex", b"years of work")

    with pytest.raises(UsageError, match="not a site"):
        publish(make_history(), address)
    assert list(at_address(address)) == ["thesis.tex"]


def test_a_damaged_marker_is_named_with_its_address(address: str) -> None:
    """The error of a damaged marker says where it lies."""
    open_store(address).write(MARKER, b"{")

    with pytest.raises(DataError, match=MARKER) as caught:
        publish(make_history(), address)
    assert address in caught.value.message


def test_an_unknown_protocol_is_named() -> None:
    """An address that fsspec does not know is a data error, not a traceback."""
    with pytest.raises(DataError, match="nosuch"):
        open_store("nosuch://bucket/site")

"""Where the files of a site lie: a local folder, or any fsspec address. Paths have slashes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tracker.errors import DataError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

TEMPORARY = ".writing-"


class Store(Protocol):
    """What the writer of a site needs; OSError when the store refuses."""

    def entries(self) -> set[str]:
        """Return the names at the top; the store is made if it does not exist."""

    def has(self, path: str) -> bool:
        """Whether *path* is a file."""

    def read(self, path: str) -> bytes:
        """Return the contents of *path*; FileNotFoundError when it is not there."""

    def write(self, path: str, data: bytes, *, is_read: bool = True) -> None:
        """Write *path* so that readers, if there are any, see the old contents or the new ones."""

    def remove(self, path: str) -> None:
        """Remove *path* if it is there."""

    def names(self, folder: str) -> list[str]:
        """Return the names of the files of *folder*, sorted; none when there is no folder."""

    def count(self) -> int:
        """Return how many files there are."""


def open_store(address: str | Path) -> Store:
    """Return the store at *address*; DataError when fsspec cannot open it."""
    if "://" not in str(address):
        return LocalStore(Path(address))
    import fsspec  # only here: loading it takes longer than writing a small site

    try:
        filesystem, root = fsspec.core.url_to_fs(str(address))
    except (ImportError, ValueError) as error:
        raise DataError(
            f"{address} cannot be opened: {error}", "install the package that fsspec names"
        ) from error
    local = "file" in filesystem.protocol
    return LocalStore(Path(root)) if local else RemoteStore(filesystem, root)


class LocalStore:
    """A folder; a file is swapped by renaming. Its folders are listed once, not asked file by file.

    Paths are strings and files mere descriptors: with `Path` and `open` two thousand small files
    cost three times as much.
    """

    def __init__(self, root: Path) -> None:
        """Keep the folder *root*."""
        self._root = root
        self._known: dict[str, set[str]] = {}

    def entries(self) -> set[str]:
        """See `Store.entries`."""
        self._root.mkdir(parents=True, exist_ok=True)
        return {entry.name for entry in self._root.iterdir()}

    def has(self, path: str) -> bool:
        """See `Store.has`."""
        folder, _, name = path.rpartition("/")
        return name in self._listed(folder)

    def read(self, path: str) -> bytes:
        """See `Store.read`."""
        return (self._root / path).read_bytes()

    def write(self, path: str, data: bytes, *, is_read: bool = True) -> None:
        """See `Store.write`."""
        folder, _, name = path.rpartition("/")
        known = self._listed(folder)
        if not known:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        if is_read:
            self._swap(folder, name, data)
        else:
            _write_new(f"{self._root}/{path}", data)
        known.add(name)

    def _swap(self, folder: str, name: str, data: bytes) -> None:
        temporary = f"{self._root}/{folder}/{TEMPORARY}{os.getpid()}-{name}"
        try:
            _write_new(temporary, data)
            os.replace(temporary, f"{self._root}/{folder}/{name}")  # noqa: PTH105
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _listed(self, folder: str) -> set[str]:
        """Return the names of the files of *folder*, kept from the first call on."""
        known = self._known.get(folder)
        if known is None:
            known = self._known[folder] = set(self.names(folder))
        return known

    def remove(self, path: str) -> None:
        """See `Store.remove`."""
        folder, _, name = path.rpartition("/")
        (self._root / path).unlink(missing_ok=True)
        self._listed(folder).discard(name)

    def names(self, folder: str) -> list[str]:
        """See `Store.names`."""
        try:
            with os.scandir(self._root / folder) as entries:
                return sorted(e.name for e in entries if e.is_file(follow_symlinks=False))
        except FileNotFoundError:
            return []

    def count(self) -> int:
        """See `Store.count`."""
        return sum(len(names) for _, _, names in self._root.walk())


def _write_new(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        while data:  # a full disk takes a part before it refuses
            data = data[os.write(handle, data) :]
    finally:
        os.close(handle)


class RemoteStore:
    """Any other store that fsspec knows, listed once: only one writer may be at work."""

    def __init__(self, filesystem: "AbstractFileSystem", root: str) -> None:
        """List what is below *root* now."""
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        filesystem.invalidate_cache()
        found = filesystem.find(self._root) if filesystem.exists(self._root) else []
        self._paths = {name.removeprefix(self._root).lstrip("/") for name in found}
        self._made: set[str] = set()

    def entries(self) -> set[str]:
        """See `Store.entries`."""
        return {path.partition("/")[0] for path in self._paths}

    def has(self, path: str) -> bool:
        """See `Store.has`."""
        return path in self._paths

    def read(self, path: str) -> bytes:
        """See `Store.read`."""
        content: bytes = self._filesystem.cat_file(f"{self._root}/{path}")
        return content

    def write(self, path: str, data: bytes, *, is_read: bool = True) -> None:  # noqa: ARG002
        """See `Store.write`; object stores swap a file as a whole."""
        parent = f"{self._root}/{path}".rpartition("/")[0]
        if parent not in self._made:
            self._filesystem.makedirs(parent, exist_ok=True)
            self._made.add(parent)
        self._filesystem.pipe_file(f"{self._root}/{path}", data)
        self._paths.add(path)

    def remove(self, path: str) -> None:
        """See `Store.remove`."""
        if path in self._paths:
            self._filesystem.rm_file(f"{self._root}/{path}")
            self._paths.remove(path)

    def names(self, folder: str) -> list[str]:
        """See `Store.names`."""
        inside = (
            path.removeprefix(f"{folder}/") for path in self._paths if path.startswith(f"{folder}/")
        )
        return sorted(name for name in inside if "/" not in name)

    def count(self) -> int:
        """See `Store.count`."""
        return len(self._paths)

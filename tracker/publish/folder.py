"""The folder of a site, wherever it lies: what may be written, never half, what removed, and when.

A folder belongs to us when it holds our marker. Files whose names carry a hash never change, so
they are written when they are missing. A file that no build needs any more stays for `GRACE`
builds more: pages that are open, and caches in between, still ask for it.

Nobody reads a folder whose first build is not complete: files are written in place, and where that
broke off, none that is there is trusted.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from tracker.errors import DataError, UsageError
from tracker.publish.store import TEMPORARY, Store, open_store
from tracker.site_data.schema import MARKER

GRACE = 1
_OWN_FOLDERS = ("data", "data/series", "data/values", "data/runs", "assets", "list")


class _Marker(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    build: str
    stale: dict[str, int]


class SiteFolder:
    """Writes into one folder; use `open_folder` to get one."""

    def __init__(self, store: Store, marker: _Marker) -> None:
        """Take over *store*, which must be ours."""
        self._store = store
        self._marker = marker
        self._is_read = bool(marker.build) or store.has("index.html")
        self.written = 0

    def holds(self, build: str, paths: Iterable[str]) -> bool:
        """Whether the folder was left complete by *build*, and still has the files *paths*."""
        return self._marker.build == build and all(map(self._store.has, ("index.html", *paths)))

    def write_missing(self, path: str, make: Callable[[], bytes]) -> None:
        """Write a file whose name carries the hash of its contents, unless it is there."""
        if not self._is_read:
            self._store.write(path, make(), is_read=False)
            self.written += 1
        elif not self._store.has(path):
            self._write(path, make())

    def write_changed(self, path: str, data: bytes) -> None:
        """Write a file of a fixed name, unless it holds the same bytes already."""
        try:
            if self._store.read(path) == data:
                return
        except FileNotFoundError:
            pass
        self._write(path, data)

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the names of the files of *folder* that end in *suffix*."""
        return [name for name in self._store.names(folder) if name.endswith(suffix)]

    def count(self) -> int:
        """Return how many files the folder holds, our marker and those of the grace included."""
        return self._store.count()

    def finish(self, build: str, needed: Iterable[str]) -> int:
        """Forget what no build of the last `GRACE` needs; return how many files were removed.

        Nothing ages when *build* is the same as before.
        """
        if build == self._marker.build:  # mended, not changed: nothing ages
            return 0
        present = {
            f"{folder}/{name}" for folder in _OWN_FOLDERS for name in self._store.names(folder)
        }
        stale = {path: self._marker.stale.get(path, 0) + 1 for path in present - set(needed)}
        gone = [path for path, age in stale.items() if age > GRACE or TEMPORARY in path]
        for path in gone:
            self._store.remove(path)
        kept = {path: stale[path] for path in sorted(stale.keys() - set(gone))}
        self._write(MARKER, msgspec.json.encode(_Marker(format=1, build=build, stale=kept)))
        return len(gone)

    def _write(self, path: str, data: bytes) -> None:
        self._store.write(path, data)
        self.written += 1


def open_folder(root: str | Path) -> SiteFolder:
    """Return the folder at *root*, a path or an fsspec address, made if it does not exist.

    Raises:
        UsageError: it holds files and is not a site of ours, or it is not a folder.
        DataError: it cannot be read or written.
    """
    try:
        store = open_store(root)
        entries = store.entries()
        if MARKER not in entries:
            if entries:
                raise UsageError(
                    f"{root} contains files and is not a site of tracker",
                    "name an empty or a new folder with --out",
                )
            marker = _Marker(format=1, build="", stale={})
            store.write(MARKER, msgspec.json.encode(marker))
        return SiteFolder(store, _read_marker(root, store.read(MARKER)))
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{root} is not a folder", "name a folder with --out") from error
    except OSError as error:
        raise DataError(
            f"cannot write the site to {root}: {error.strerror or error}",
            "check the permissions of the folder, or name another with --out",
        ) from error


def _read_marker(root: str | Path, data: bytes) -> _Marker:
    try:
        return msgspec.json.decode(data, type=_Marker)
    except msgspec.DecodeError as error:
        raise DataError(
            f"{root}/{MARKER} is damaged: {error}", "delete the folder and publish again"
        ) from error

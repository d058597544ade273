"""The folder of a site: what may be written there, never half, and what may be removed when.

A folder belongs to us when it holds our marker. Files whose names carry a hash never change, so
they are written when they are missing. A file that no build needs any more stays for `GRACE`
builds more: pages that are open, and caches in between, still ask for it.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from tracker.errors import DataError, UsageError

MARKER = ".tracker-site.json"
GRACE = 1
_OWN_FOLDERS = ("data", "data/series", "data/values", "data/runs", "assets", "list")
_TEMPORARY = ".writing-"


class _Marker(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    build: str
    stale: dict[str, int]


class SiteFolder:
    """Writes into one folder; use `open_folder` to get one."""

    def __init__(self, root: Path, marker: _Marker) -> None:
        """Take over *root*, which must be ours."""
        self._root = root
        self._marker = marker
        self._made: set[Path] = set()
        self.written = 0

    def holds(self, build: str) -> bool:
        """Whether the folder was left complete by *build*."""
        return self._marker.build == build and (self._root / "index.html").is_file()

    def write_missing(self, path: str, make: Callable[[], bytes]) -> None:
        """Write a file whose name carries the hash of its contents, unless it is there."""
        if not (self._root / path).exists():
            self._write(path, make())

    def write_changed(self, path: str, data: bytes) -> None:
        """Write a file of a fixed name, unless it holds the same bytes already."""
        try:
            if (self._root / path).read_bytes() == data:
                return
        except FileNotFoundError:
            pass
        self._write(path, data)

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the names of the files of *folder* that end in *suffix*."""
        try:
            with os.scandir(self._root / folder) as entries:
                return sorted(e.name for e in entries if e.name.endswith(suffix))
        except FileNotFoundError:
            return []

    def count(self) -> int:
        """Return how many files the folder holds, our marker and those of the grace included."""
        return sum(len(names) for _, _, names in self._root.walk())

    def finish(self, build: str, needed: Iterable[str]) -> int:
        """Forget what no build of the last `GRACE` needs; return how many files were removed.

        Nothing ages when *build* is the same as before.
        """
        if build == self._marker.build:  # mended, not changed: nothing ages
            return 0
        present = {f"{folder}/{name}" for folder in _OWN_FOLDERS for name in self._files(folder)}
        stale = {path: self._marker.stale.get(path, 0) + 1 for path in present - set(needed)}
        gone = [path for path, age in stale.items() if age > GRACE or _TEMPORARY in path]
        for path in gone:
            (self._root / path).unlink(missing_ok=True)
        kept = {path: stale[path] for path in sorted(stale.keys() - set(gone))}
        self._write(MARKER, msgspec.json.encode(_Marker(format=1, build=build, stale=kept)))
        return len(gone)

    def _files(self, folder: str) -> list[str]:
        try:
            with os.scandir(self._root / folder) as entries:
                return [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        except FileNotFoundError:
            return []

    def _write(self, path: str, data: bytes) -> None:
        target = self._root / path
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        temporary = target.parent / f"{_TEMPORARY}{os.getpid()}-{target.name}"
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        self.written += 1


def open_folder(root: Path) -> SiteFolder:
    """Return the folder *root*, made if it does not exist.

    Raises:
        UsageError: it holds files and is not a site of ours, or it is not a folder.
        DataError: it cannot be read or written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        entries = {entry.name for entry in root.iterdir()}
        if MARKER not in entries:
            if entries:
                raise UsageError(
                    f"{root} holds files and is not a site that tracker wrote",
                    "name an empty or a new folder with --out",
                )
            marker = _Marker(format=1, build="", stale={})
            (root / MARKER).write_bytes(msgspec.json.encode(marker))
        return SiteFolder(root, _read_marker(root / MARKER))
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{root} is not a folder", "name a folder with --out") from error
    except OSError as error:
        raise DataError(
            f"cannot write the site to {root}: {error.strerror}",
            "check the permissions of the folder, or name another with --out",
        ) from error


def _read_marker(path: Path) -> _Marker:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Marker)
    except msgspec.DecodeError as error:
        raise DataError(
            f"{path} is damaged: {error}", "delete the folder and publish again"
        ) from error

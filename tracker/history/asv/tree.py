"""A results tree wherever it lives: a local folder, or any fsspec address."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tracker.errors import DataError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_RECORD = re.compile(r"(.+/)?records/[^/]+/[^/]+\.record")
BENCHMARKS = "benchmarks.json"
# Where projects keep the results, from the folder of their configuration or of their repository.
_USUAL_FOLDERS = (
    "results", ".asv/results", "benchmarks/results", "benchmarks/.asv/results", "asv_bench/results",
)  # fmt: skip
_MARKS = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "updated", "created")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file of the tree and what tells whether it is still the same.

    Attributes:
        path: relative to the tree, with forward slashes.
        mark: changes when the file changes: mtime in ns, or what the store offers (ETag, ...).
    """

    path: str
    size_bytes: int
    mark: str


class Tree(Protocol):
    """What the readers need of a results tree."""

    address: str

    def list_files(self) -> list[Stamp]:
        """Return every JSON file at any depth, sorted by path."""

    def list_records(self) -> list[Stamp]:
        """Return the run records, `<machine>/records/*/*.record`, sorted by path."""

    def read(self, path: str) -> bytes:
        """Return the contents of *path*; OSError when that fails."""


def open_tree(address: str) -> Tree:
    """Return the tree at *address*; DataError when there is none."""
    if "://" not in address:
        found: Tree | None = LocalTree(address) if Path(address).is_dir() else None
    else:
        found = _open_remote(address)
    if found is None:
        raise DataError(f"{address}: no results here", advise_results(address))
    return found


def advise_results(
    address: str,
    or_else: str = "measure first (tracker run), or name another folder: --results DIR",
) -> str:
    """Return what to do where *address* holds no results: there may be some close by."""
    root = Path(address)
    places = (root.parent, root.parent.parent, root) if "://" not in address else ()
    others = (folder for place in places for folder in usual_results(place) if folder != root)
    other = next(others, None)
    if other is None:
        return or_else
    return f"the results may be those in {other}: --results {other}"


def usual_results(place: Path) -> Iterator[Path]:
    """Give the folders with results where projects keep them, seen from *place*."""
    folders = (place / name for name in _USUAL_FOLDERS)
    yield from (folder for folder in folders if (folder / BENCHMARKS).is_file())


def _open_remote(address: str) -> "RemoteTree | None":
    import fsspec  # only here: loading it takes longer than listing a folder

    try:
        filesystem, root = fsspec.core.url_to_fs(address)
        return RemoteTree(address, filesystem, root) if filesystem.isdir(root) else None
    except (ImportError, ValueError) as error:
        raise DataError(
            f"{address} cannot be opened: {error}", "install the package that fsspec names"
        ) from error


class LocalTree:
    """A folder. Apart from fsspec because a listing of 4,000 files is ten times as fast."""

    def __init__(self, root: str) -> None:
        """Keep the folder *root*."""
        self.address = root

    def list_files(self) -> list[Stamp]:
        """See `Tree.list_files`."""
        return self._walk(lambda path: path.endswith(".json"))

    def list_records(self) -> list[Stamp]:
        """See `Tree.list_records`."""
        return self._walk(lambda path: _RECORD.fullmatch(path) is not None)

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        with open(f"{self.address}/{path}", "rb") as file:  # noqa: PTH123 - half of Path's cost
            return file.read()

    def _walk(self, is_wanted: Callable[[str], bool]) -> list[Stamp]:
        """Return the wanted files below the root. Links to folders are not followed, as by asv."""
        stamps: list[Stamp] = []
        prefixes = [""]
        while prefixes:
            prefix = prefixes.pop()
            with os.scandir(f"{self.address}/{prefix}") as entries:
                for entry in entries:
                    path = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        prefixes.append(f"{path}/")
                    elif is_wanted(path) and (stamp := _stamp(entry, path)):
                        stamps.append(stamp)
        return sorted(stamps, key=lambda stamp: stamp.path)


def _stamp(entry: os.DirEntry[str], path: str) -> Stamp | None:
    """Return what is known of a file; None for what is none, such as a link that leads nowhere."""
    try:
        if not entry.is_file():
            return None
        stat = entry.stat()
    except OSError:
        return None
    return Stamp(path=path, size_bytes=stat.st_size, mark=str(stat.st_mtime_ns))


class RemoteTree:
    """Any other store that fsspec knows."""

    def __init__(self, address: str, filesystem: "AbstractFileSystem", root: str) -> None:
        """Keep an opened *filesystem* and the folder *root* in it."""
        self.address = address
        self._filesystem = filesystem
        self._root = root.rstrip("/")

    def list_files(self) -> list[Stamp]:
        """See `Tree.list_files`."""
        return [stamp for stamp in self._find() if stamp.path.endswith(".json")]

    def list_records(self) -> list[Stamp]:
        """See `Tree.list_records`."""
        return [stamp for stamp in self._find() if _RECORD.fullmatch(stamp.path)]

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        content: bytes = self._filesystem.cat_file(f"{self._root}/{path}")
        return content

    def _find(self) -> list[Stamp]:
        found = self._filesystem.find(self._root, detail=True)
        return sorted(
            (
                Stamp(
                    path=name.removeprefix(self._root).lstrip("/"),
                    size_bytes=int(facts.get("size") or 0),
                    mark=_mark(facts),
                )
                for name, facts in found.items()
            ),
            key=lambda stamp: stamp.path,
        )


def _mark(facts: Mapping[str, object]) -> str:
    """Join whatever the store says about the age and the contents of a file."""
    return "|".join(str(facts[name]) for name in _MARKS if facts.get(name) is not None)

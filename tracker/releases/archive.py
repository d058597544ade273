"""The files of a source distribution, read from its archive without unpacking it to disk."""

import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tracker.errors import DataError

_LIMIT_BYTES = 512 * 2**20
_NOWHERE = "/nowhere"  # only to judge paths by; nothing is written


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedFile:
    """A file of the archive: its path below the top folder, git's mode for it, its contents."""

    path: str
    mode: str
    content: bytes


def read_archive(archive: Path) -> tuple[list[ArchivedFile], int]:
    """Return (files sorted by path, newest time of change in s) of the source distribution.

    Raises DataError for an archive that is damaged, or would write outside of its own folder.
    """
    files: dict[str, ArchivedFile] = {}
    tops: set[str] = set()
    newest_s = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member, content in _members(tar, archive.name):
                top, *below = PurePosixPath(member.name).parts
                tops.add(top)
                path = "/".join(below)
                _check_path(path, archive.name)
                files[path] = ArchivedFile(path=path, mode=_mode(member), content=content)
                newest_s = max(newest_s, int(member.mtime))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(
            f"{archive.name} cannot be unpacked safely: {error}",
            "skip this release with --last, or report it to the library's maintainers",
        ) from error
    if len(tops) > 1:
        raise DataError(
            f"{archive.name} has several top-level folders: {', '.join(sorted(tops))}",
            "skip this release with --last, or report it to the library's maintainers",
        )
    return [files[path] for path in sorted(files)], newest_s


def _members(tar: tarfile.TarFile, name: str) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Give the files and links of *tar* below its top folder, each judged by the data filter."""
    room = _LIMIT_BYTES
    for raw in tar:
        member = tarfile.data_filter(raw, _NOWHERE)
        if member.isdir():
            continue
        room -= member.size
        if room < 0:
            raise DataError(f"{name} unpacks to more than 512 MiB", "skip it with --last")
        if member.issym():
            yield member, member.linkname.encode()
            continue
        stream = tar.extractfile(raw)
        yield member, stream.read() if stream else b""


def _mode(member: tarfile.TarInfo) -> str:
    if member.issym():
        return "120000"
    return "100755" if (member.mode or 0) & stat.S_IXUSR else "100644"


def _check_path(path: str, archive: str) -> None:
    """Refuse what git would take for its own, or could not store."""
    parts = path.split("/")
    if any(part.lower() == ".git" or part in {"", ".", ".."} for part in parts) or "\n" in path:
        raise DataError(
            f"{archive} contains {path!r}, which git cannot store", "skip it with --last"
        )

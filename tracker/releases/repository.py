"""A git repository of a library's releases: one commit and one tag per source distribution.

The same releases give the same bytes in every folder: author, dates and order are fixed, so the
results that were measured on one machine belong to the commits of another. A later call only adds
newer releases; what is there is never written anew.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tracker.errors import DataError, UsageError
from tracker.releases.archive import read_archive
from tracker.releases.registry import Sdist, download
from tracker.system.git import run_git

_BRANCH = "main"
_LIBRARY_KEY = "tracker.library"
_AUTHOR = "tracker releases <releases@tracker.invalid>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a call did.

    Attributes:
        added: versions that became commits, ascending.
        kept: versions that were there before.
        refused: versions older than the newest kept one, which cannot be put in between.
    """

    added: tuple[Version, ...]
    kept: tuple[Version, ...]
    refused: tuple[Version, ...]


def choose(sdists: Sequence[Sdist], *, last: int | None, pre_releases: bool) -> list[Sdist]:
    """Return the newest *last* of *sdists* (all without it), ascending."""
    wanted = [sdist for sdist in sdists if pre_releases or not sdist.version.is_prerelease]
    if not wanted:
        raise DataError("every release is a pre-release", "include them with --pre-releases")
    return wanted[-last:] if last else wanted


def update_repository(
    library: str,
    sdists: Sequence[Sdist],
    folder: Path,
    downloads: Path,
    say: Callable[[str], None],
) -> Added:
    """Bring the bare repository *folder* up to *sdists* (ascending), making it where it is not.

    A repository that is made appears whole or not at all.
    """
    kept = _known_versions(library, folder) if folder.exists() and any(folder.iterdir()) else ()
    newest = max(kept, default=None)
    fresh = [sdist for sdist in sdists if newest is None or sdist.version > newest]
    present = {sdist.version for sdist in fresh} | set(kept)
    refused = [sdist.version for sdist in sdists if sdist.version not in present]
    if kept:
        _import(folder, library, fresh, downloads, say)
    else:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as name:
            building = Path(name) / "repo"
            _git(None, "init", "--quiet", "--bare", f"--initial-branch={_BRANCH}", str(building))
            _git(building, "config", _LIBRARY_KEY, library)
            _import(building, library, fresh, downloads, say)
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
    return Added(added=tuple(sdist.version for sdist in fresh), kept=kept, refused=tuple(refused))


def _known_versions(library: str, folder: Path) -> tuple[Version, ...]:
    """Return the versions in our own repository *folder*; UsageError when it is not ours."""
    try:
        owner = _git(folder, "config", "--local", _LIBRARY_KEY).strip()
    except DataError:
        owner = ""
    if owner != library:
        raise UsageError(
            f"{folder} exists and is not a repository of {library}'s releases",
            "name another folder: --to DIR",
        )
    versions = []
    for tag in _git(folder, "tag", "--list").split():
        try:
            versions.append(Version(tag))
        except InvalidVersion:
            continue
    return tuple(sorted(versions))


def _import(
    folder: Path,
    library: str,
    sdists: Sequence[Sdist],
    downloads: Path,
    say: Callable[[str], None],
) -> None:
    """Add one commit and one tag for each of *sdists*, all or none."""
    if not sdists:
        return
    has_branch = bool(_git(folder, "for-each-ref", f"refs/heads/{_BRANCH}").strip())
    parent = f"from refs/heads/{_BRANCH}^0\n" if has_branch else ""
    with tempfile.TemporaryFile() as stream:
        for sdist in sdists:
            say(f"{library} {sdist.version}")
            stream.writelines(_commit(library, sdist, download(sdist, downloads), parent))
            parent = ""
        stream.write(b"done\n")
        stream.seek(0)
        step = "remove the folder and run the command again"
        asked = ("fast-import", "--quiet", "--done")
        run_git(*asked, repo=folder, next_step=step, stdin=stream)


def _commit(library: str, sdist: Sdist, archive: Path, parent: str) -> Iterator[bytes]:
    """Give git's fast-import commands for the whole tree of one release and its tag."""
    files, newest_s = read_archive(archive)
    uploaded_s = (
        int(datetime.fromisoformat(sdist.upload_time).timestamp())
        if sdist.upload_time
        else newest_s
    )
    who = f"{_AUTHOR} {uploaded_s} +0000"
    message = f"{library} {sdist.version}\n\n{sdist.filename}\nsha256 {sdist.sha256}\n".encode()
    yield f"commit refs/heads/{_BRANCH}\nauthor {who}\ncommitter {who}\n".encode()
    yield b"data %d\n%s\n" % (len(message), message)
    yield f"{parent}deleteall\n".encode()
    for file in files:
        yield f"M {file.mode} inline {_quoted(file.path)}\n".encode()
        yield b"data %d\n%s\n" % (len(file.content), file.content)
    yield f"reset refs/tags/v{sdist.version}\nfrom refs/heads/{_BRANCH}\n\n".encode()


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _git(folder: Path | None, *arguments: str) -> str:
    return run_git(*arguments, repo=folder, next_step="name another folder: --to DIR")

"""Adds a published site to a branch that holds other pages too, such as a project's documents."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tracker.errors import UsageError
from tracker.github.branch import BRANCH, TRIES, ResultsBranch
from tracker.site_data.schema import MARKER
from tracker.system.scratch import scratch_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBranch:
    """A folder of a branch.

    Attributes:
        branch: the branch, and how git may write to it.
        path: the folder, relative to the top.
    """

    branch: ResultsBranch
    path: PurePosixPath

    def add(self, site: Path) -> bool:
        """Replace the folder by *site*, and push; say whether anything changed.

        Raises:
            UsageError: *site* is none, or the folder holds what is not ours.
            NetworkError: git refused, or others were quicker every time.
        """
        if not (site / MARKER).is_file():
            raise UsageError(f"{site} is not a site", "name a folder that `tracker publish` wrote")
        for _ in range(TRIES):
            with scratch_folder() as scratch:
                clone = scratch / "branch"
                self.branch.open(clone)
                _replace(clone / self.path, site)
                if not self.branch.changes(clone):
                    return False
                if self.branch.store(clone, f"Publish {self.path}"):
                    return True
        raise self.branch.moved_on()


def site_branch(branch: ResultsBranch, path: str) -> SiteBranch:
    """Return the folder *path* of *branch*.

    Raises:
        UsageError: the branch is the history's, or the path leads out of it.
    """
    if branch.branch.startswith(BRANCH):
        raise UsageError(f"{branch.branch} holds the history", "name another branch for the site")
    plain = re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", path)
    if not plain or ".." in path:
        raise UsageError(f"{path!r} is not a folder of a branch", "name one, such as performance")
    return SiteBranch(branch=branch, path=PurePosixPath(path))


def _replace(target: Path, site: Path) -> None:
    """Put *site* in the place of *target*, which is ours, or not there; links are not followed."""
    if any(folder.is_symlink() for folder in (target, *target.parents)):
        raise UsageError(
            f"{target.name} is reached through a symbolic link on that branch",
            "name another folder",
        )
    if target.exists() and not (target / MARKER).is_file():
        raise UsageError(f"{target.name} on that branch is not a site of ours", "name a new folder")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)

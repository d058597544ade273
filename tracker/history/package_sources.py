"""The Python sources of a package at a commit, read from git."""

import secrets
from pathlib import Path, PurePosixPath

from tracker.errors import DataError
from tracker.explain.source_code import CodeChange, compare_sources
from tracker.system.git import run_git

_NEXT_STEP = "explain in a clone that has both commits and their files"


def read_code_change(repo: Path, base: str, head: str, package: str) -> CodeChange | None:
    """Return how *package* differs between two commits; None where they cannot be read."""
    try:
        sources = [read_sources(repo, sha, package) for sha in (base, head)]
    except DataError:
        return None
    return compare_sources(*sources)


def read_sources(repo: Path, sha: str, package: str) -> dict[str, str]:
    """Return the text of each file of *package* at *sha*, by its path from the package on.

    Raises:
        DataError: the commit or its files are not in *repo* (a partial clone lacks the latter), or
            there is no such package.
    """
    listed = run_git("ls-tree", "-r", "--name-only", "-z", sha, repo=repo, next_step=_NEXT_STEP)
    files = _files_of(listed.split("\0"), package)
    if not files:
        raise DataError(f"{repo}: no package {package} at {sha[:10]}", _NEXT_STEP)
    mark = secrets.token_hex(20)  # begins each file in what git prints
    wanted = "".join(f"{sha}:{path}\n" for path in files)
    batch = run_git("cat-file", f"--batch={mark}", repo=repo, next_step=_NEXT_STEP, stdin=wanted)
    texts = [text.removesuffix("\n") for text in batch.split(f"{mark}\n")[1:]]
    if len(texts) != len(files):
        raise DataError(f"{repo}: files of {sha[:10]} are missing", _NEXT_STEP)
    return dict(zip(files.values(), texts, strict=True))


def _files_of(paths: list[str], package: str) -> dict[str, str]:
    """Path in the repository to path from the package on; a package of tests lies deeper."""
    roots = [
        PurePosixPath(path).parent
        for path in paths
        if path == f"{package}/__init__.py" or path.endswith(f"/{package}/__init__.py")
    ]
    root = min(roots, key=lambda one: len(one.parts), default=None)
    return {
        path: str(package / PurePosixPath(path).relative_to(root))
        for path in paths
        if root is not None and path.endswith(".py") and PurePosixPath(path).is_relative_to(root)
    }

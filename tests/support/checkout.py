"""What `actions/checkout` leaves of a repository, by the git commands that it runs.

Written after src/ref-helper.ts, src/git-command-manager.ts and src/git-source-provider.ts of the
pinned commit. In a container-free test the address is a local path, which git fetches by its file
protocol as from a server.
"""

import subprocess
from pathlib import Path


def check_out(
    url: str, folder: Path, *, ref: str, sha: str = "", depth: int = 1, filtered: str = ""
) -> None:
    """Leave in *folder* what the action does for these inputs.

    Args:
        url: address of the repository.
        folder: where to, empty or not there.
        ref: full name of a ref; "" where a commit was named.
        sha: the commit, "" where a ref of another repository was named.
        depth: `fetch-depth`, 0 for all of it.
        filtered: `filter`, such as `blob:none`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _git(folder, "init", "--quiet")
    _git(folder, "remote", "add", "origin", url)
    _git(folder, "config", "--local", "gc.auto", "0")
    options = ["--no-tags", "--prune", "--no-recurse-submodules"]
    options += [f"--filter={filtered}"] if filtered else []
    options += [f"--depth={depth}"] if depth else []
    everything = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
    one = _one(ref, sha)
    if depth:
        _git(folder, "fetch", *options, "origin", one)
    else:
        pulls = [one] if ref.startswith("refs/pull/") else []
        _git(folder, "fetch", *options, "origin", *everything, *pulls)
        if sha and not _has(folder, sha):  # of a fork, or moved on since
            _git(folder, "fetch", *options, "origin", one)
    if ref.startswith("refs/heads/"):
        branch = ref.removeprefix("refs/heads/")
        _git(
            folder, "checkout", "--quiet", "--force", "-B", branch, f"refs/remotes/origin/{branch}"
        )
    elif ref.startswith("refs/pull/"):
        _git(folder, "checkout", "--quiet", "--force", ref.replace("refs/", "refs/remotes/", 1))
    else:
        _git(folder, "checkout", "--quiet", "--force", sha or ref)


def _one(ref: str, sha: str) -> str:
    """The refspec of one commit."""
    if ref.startswith("refs/heads/"):
        return f"+{sha or ref}:{ref.replace('refs/heads/', 'refs/remotes/origin/', 1)}"
    if ref.startswith("refs/pull/"):
        return f"+{sha or ref}:{ref.replace('refs/', 'refs/remotes/', 1)}"
    return f"+{ref}:{ref}" if ref else sha


def _has(folder: Path, sha: str) -> bool:
    command = ["git", "-C", str(folder), "cat-file", "-e", f"{sha}^{{commit}}"]
    return not subprocess.run(command, check=False, capture_output=True).returncode


def _git(folder: Path, *arguments: str) -> None:
    command = ["git", "-C", str(folder), "-c", "protocol.version=2", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}"

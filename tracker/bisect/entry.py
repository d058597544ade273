"""Reads the commits between two, and builds one; runs as `python -m tracker.bisect.entry`.

asv prints to stdout and keeps global state, so it gets a process of its own. The request is a JSON
object in the environment variable `TRACKER_BISECT`; the answer is written to the file it names.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.asv.build_entry import (
    build_commit,
    fork_point,
    git,
    load_config,
    open_repository,
    sha_of,
    subject_of,
)
from tracker.system.child_processes import heed_signals
from tracker.system.git import ask_git

# A commit of the log: what starts it cannot be part of a subject together with a sha.
_START = re.compile(r"\x01(?=[0-9a-f]{40}\x02)")
_LOG = ("log", "-m", "--first-parent", "--reverse", "--no-show-signature", "--name-only", "-z",
        "--format=%x01%H%x02%s")  # fmt: skip
_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "tracker"), ("EMAIL", "tracker@localhost"))
}


def run() -> None:
    """Answer the request of `TRACKER_BISECT`."""
    heed_signals()
    request = json.loads(os.environ["TRACKER_BISECT"])
    conf = load_config(request)
    names = [request[end] for end in ("good", "bad", "sha") if end in request]
    repository, path = open_repository(conf, names)
    match request["task"]:
        case "line":
            answer = _line(path, request["good"], request["bad"])
        case "revert":
            answer = {"sha": _revert(path, request["sha"], request["onto"])}
        case _:
            conf.env_dir = request["folder"]
            answer = asdict(build_commit(conf, repository, path, request["sha"], ""))
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


def _line(path: Path, good: str, bad: str) -> dict[str, Any]:
    start, end = (sha_of(path, name) for name in (good, bad))
    if start == end:
        raise SystemExit(f"nothing to search: {good} and {bad} are the same commit")
    base = fork_point(path, start, end)
    if base == end:
        raise SystemExit(f"nothing to search: {bad} comes before {good}")
    if base != start:
        raise SystemExit(f"nothing to search: {good} is not an ancestor of {bad}")
    commits = list(_commits(git(path, *_LOG, f"{start}..{end}")))
    first = {"sha": start, "subject": subject_of(path, start), "files": []}
    return {"commits": [first, *commits]}


def _commits(log: str) -> Iterator[dict[str, Any]]:
    for each in _START.split(log)[1:]:
        head, _, names = each.partition("\0")
        sha, _, subject = head.partition("\x02")
        files = [name.strip("\n") for name in names.split("\0")]
        yield {"sha": sha, "subject": subject.strip(), "files": [name for name in files if name]}


def _revert(path: Path, sha: str, onto: str) -> str:
    """A commit on top of *onto* without what *sha* did; "" where git cannot make it by itself.

    A merge of *onto* and the parent whose common ancestor is *sha* itself. They are objects and no
    more: no branch, index or work tree of the repository is touched.
    """
    base = _commit(path, f"{sha}^{{tree}}")
    sides = [_commit(path, f"{each}^{{tree}}", base) for each in (onto, f"{sha}^")]
    tree = ask_git("merge-tree", "--write-tree", *sides, repo=path, network=True)
    return _commit(path, tree, onto) if tree else ""


def _commit(path: Path, tree: str, *parents: str) -> str:
    """The sha of a new commit."""
    options = [option for parent in parents for option in ("-p", parent)]
    return git(path, "commit-tree", *options, "-m", "Revert", tree, variables=_NOBODY)


if __name__ == "__main__":
    run()

"""Prints `config=`, `repo=` and `branch=` lines for the action beside this file."""  # noqa: INP001

import os
import re
import sys
from pathlib import Path

from tracker.adopt.tracked import Tracked, clone_tracked, current_branch, find_tracked
from tracker.errors import TrackerError

SUITE = Path(".tracker-source", "asv.conf.json")
CLONE_TO = Path("tracked.git")


def main() -> int:
    """Answer for the checkout in this folder; what is wrong is an annotation of the run."""
    try:
        tracked = find_tracked(
            Path(),
            asked=os.environ.get("CONFIG", ""),
            repository=os.environ["GITHUB_REPOSITORY"],
            suite=SUITE,
        )
        repo = _clone(tracked)
        answer = {
            "config": str(tracked.config),
            "repo": str(repo or ""),
            "branch": current_branch(tracked, repo) if repo else tracked.branch,
        }
        for name, value in answer.items():
            if not re.fullmatch(r"[\w./-]*", value):
                print(f"find_project.py: {name} cannot be {value!r}", file=sys.stderr)  # noqa: T201
                return 2
            print(f"{name}={value}")  # noqa: T201 - the runner reads it
    except TrackerError as error:
        print(f"{error.message}; try: {error.next_step}", file=sys.stderr)  # noqa: T201
        return int(error.exit_code)
    return 0


def _clone(tracked: Tracked) -> Path | None:
    """The tracked repository here; None when it is another one, and no clone was asked for."""
    if tracked.own:
        return Path()
    return clone_tracked(tracked, CLONE_TO) if os.environ.get("CLONE") == "true" else None


if __name__ == "__main__":
    sys.exit(main())

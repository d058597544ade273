"""Prints what the outputs of the action beside this file are, a line each."""  # noqa: INP001

import json
import os
import re
import sys
from pathlib import Path

from not_measured import leave

from tracker.adopt.tracked_project import Tracked, clone_tracked, current_branch, find_tracked
from tracker.errors import DataError, TrackerError
from tracker.history.config import read_settings_for
from tracker.settings.searches import parse_searches

SUITE = Path(".tracker-source", "asv.conf.json")
CLONE_TO = Path("tracked.git")


def main() -> int:
    """Answer for the checkout in this folder, or say why there is nothing to measure."""
    try:
        tracked = find_tracked(
            Path(),
            asked=os.environ.get("CONFIG", ""),
            repository=os.environ["GITHUB_REPOSITORY"],
            suite=SUITE,
        )
        answer = describe(tracked)
        searches = parse_searches(read_settings_for(tracked.config)).auto
    except TrackerError as error:
        text = f"{error.message}; try: {error.next_step}"
        print(f"find_project.py: {text}", file=sys.stderr)  # noqa: T201
        return int(error.exit_code) if not skip("setup", text) else 0
    if not answer["repo"] and skip("other_repository", "another repository is tracked"):
        return 0
    for name, value in {"measure": "true", **answer, "search": str(searches).lower()}.items():
        print(f"{name}={value}")  # noqa: T201 - the runner reads it
    return 0


def describe(tracked: Tracked) -> dict[str, str]:
    """What the workflow needs of *tracked*; names that no shell could misread.

    Raises:
        DataError: a name has other characters than those of paths.
    """
    repo: Path | None = Path() if tracked.own else None
    if repo is None and os.environ.get("CLONE") == "true":
        repo = clone_tracked(tracked, CLONE_TO)
    answer = {
        "config": str(tracked.config),
        "repo": "" if repo is None else str(repo),
        "branch": tracked.branch if repo is None else current_branch(tracked, repo),
    }
    for name, value in answer.items():
        if not re.fullmatch(r"[\w./-]*", value):
            raise DataError(f"{name} cannot be {value!r}", "rename it")
    return answer


def skip(reason: str, text: str) -> bool:
    """Leave word that nothing is measured, where a pull request is to be told; say whether."""
    folder = os.environ.get("LEAVE")
    if not folder:
        return False
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    leave(Path(folder), reason, text, event)
    print("measure=false")  # noqa: T201 - the runner reads it
    return True


if __name__ == "__main__":
    sys.exit(main())

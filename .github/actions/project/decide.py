"""Decides from the event whether to measure; runs before anything is installed.

Standard library only. Prints `measure=true` or `measure=false`.
"""  # noqa: INP001

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from not_measured import leave


def main() -> int:
    """Answer for the event of this job."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    # A commit that somebody asked for is measured, whatever the rules say.
    obstacle = None if os.environ["HEAD"] else obstacle_of(event, os.environ)
    if obstacle is not None:
        reason, text = obstacle
        leave(Path(os.environ["LEAVE"]), reason, text, event)
        print(f"not measured: {text}", file=sys.stderr)  # noqa: T201
    print(f"measure={str(obstacle is None).lower()}")  # noqa: T201 - the runner reads it
    return 0


def obstacle_of(event: dict[str, Any], options: Mapping[str, str]) -> tuple[str, str] | None:
    """Why *event* is not measured: a reason by its name, and one sentence; None when it is."""
    if "merge_group" in event:
        off = options["MERGE_QUEUE"] != "true"
        return ("merge_group", "the merge queue is not measured") if off else None
    pull, label = event["pull_request"], options["LABEL"]
    if not asks(event, label, drafts=options["DRAFTS"] == "true"):
        return "unrelated", f"{event.get('action')} asks for no new measurement"
    if pull.get("draft") and options["DRAFTS"] != "true":
        return "draft", "drafts are not measured"
    if label and label not in {one["name"] for one in pull["labels"]}:
        return "label", f"pull requests are measured when they have the label {label}"
    if not touches(pull["base"]["sha"], pull["head"]["sha"], patterns(options)):
        return "paths", "no file changed that the path rules measure"
    return None


def asks(event: dict[str, Any], label: str, *, drafts: bool) -> bool:
    """Whether *event* can change what there is to measure."""
    match event.get("action"):
        case "labeled" | "unlabeled":
            return bool(label) and bool(event["label"]["name"] == label)
        case "edited":
            return "base" in (event.get("changes") or {})
        case "ready_for_review" | "converted_to_draft":
            return not drafts
        case _:
            return True


def patterns(options: Mapping[str, str]) -> list[str]:
    """The path rules as git's own patterns; none when there are no rules."""
    wanted = [line.strip() for line in options["PATHS"].splitlines() if line.strip()]
    ignored = [line.strip() for line in options["PATHS_IGNORE"].splitlines() if line.strip()]
    return [f":(top,glob){line}" for line in wanted] + [
        f":(top,exclude,glob){line}" for line in ignored
    ]


def touches(base: str, head: str, rules: list[str]) -> bool:
    """Whether anything that *rules* name changed since *head* left *base*."""
    if not rules:
        return True
    command = ["git", "diff", "--quiet", f"{base}...{head}", "--", *rules]
    return bool(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())

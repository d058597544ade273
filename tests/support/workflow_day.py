"""The steps of a repository's first day on the stage: pushes, runs by hand, pull requests."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.fake_github.world import REPOSITORY, World, zipped
from tests.support.workflow_stage import Stage
from tracker.github.branch import ResultsBranch

MEASURE, COMMENT = "performance.yml", "performance-comment.yml"
ARTIFACT = "comparison-1"


def stored(stage: Stage) -> dict[str, set[str]]:
    """Start of a commit to the scenarios that the history has of it."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "history"
        ResultsBranch(remote=str(stage.home / "origin.git")).pull(folder)
        return {
            path.name[:8]: {name.partition(".")[0] for name in json.loads(text)["results"]}
            for path in folder.glob("results/actions-*/????????-*.json")
            for text in [path.read_text(encoding="utf-8")]
        }


def dispatch(stage: Stage, **inputs: object) -> str:
    """Run the workflow by hand."""
    payload = {"inputs": {"range": "NEW", **inputs}, "ref": stage.ref}
    return stage.act("workflow_dispatch", payload, MEASURE)


def pushed(stage: Stage, before: str) -> str:
    """Push what is checked out, and run the workflow of that; the commit."""
    after = stage.push()
    stage.act("push", {"ref": stage.ref, "before": before, "after": after}, MEASURE)
    return after


def proposed(stage: Stage, world: World, base: str, number: int, *, fork: bool) -> dict[str, Any]:
    """Propose what is checked out, as GitHub keeps it; the payload of the event."""
    head = stage.git("rev-parse", "HEAD")
    # A branch's name and a title are text of a stranger: no shell may ever run them.
    branch = "feature$(touch PWNED)" if fork else f"change-{number}"
    if not fork:
        stage.push(f"refs/heads/{branch}")
    stage.push(f"refs/pull/{number}/head")
    stage.push(f"refs/pull/{number}/merge")
    source = "stranger/bench" if fork else REPOSITORY
    pull = world.pull(number, branch=branch, sha=head, source=source)
    pull["base"]["sha"] = base
    pull["labels"] = []
    pull["title"] = 'Faster"; touch PWNED; echo "`touch PWNED`'
    return {"action": "opened", "number": number, "pull_request": pull}


def measured(stage: Stage, payload: dict[str, Any]) -> Path:
    """Run the workflow of the pull request; the one file that it leaves."""
    default, stage.ref = stage.ref, f"refs/pull/{payload['number']}/merge"
    stage.act("pull_request", payload, MEASURE)
    stage.ref = default
    (left,) = (stage.home / "artifacts" / "comparison-1").iterdir()
    return left


def posted(stage: Stage, world: World, payload: dict[str, Any], left: Path) -> None:
    """Run the workflow that posts, with rights and on the default branch."""
    head = payload["pull_request"]["head"]
    run = world.run(
        payload["number"] + 90,
        head_sha=head["sha"],
        head_branch=head["ref"],
        path=f".github/workflows/{MEASURE}",
        source=head["repo"]["full_name"],
    )
    world.artifact(zipped(comparison_json=left.read_bytes()), name=ARTIFACT, run=run["id"])
    stage.act("workflow_run", {"action": "completed", "workflow_run": run}, COMMENT)

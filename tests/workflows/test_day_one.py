"""Day one in repositories of many kinds: from `tracker init` to history, comment and site."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import REPOSITORY, World, zipped
from tests.support.workflow_project import SCENARIOS, adopt, set_value, write_project
from tests.support.workflow_stage import Stage
from tracker.github.branch import ResultsBranch
from tracker.model import Verdict
from tracker.report.comparison.file import decode

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

MEASURE, COMMENT = "performance.yml", "performance-comment.yml"
ARTIFACT = "comparison-1"


@dataclass
class Kind:
    """A kind of repository."""

    config: str = "asv.conf.json"
    branch: str = "main"
    more: dict[str, object] = field(default_factory=dict)


KINDS = {
    "at the top": Kind(),
    "in benchmarks": Kind(config="benchmarks/asv.conf.json", branch="master"),
    "with comments": Kind(config="asv_bench/asv.conf.jsonc", branch="develop"),
    "by its address": Kind(more={"repo": "https://github.com/octo/bench.git"}),
    "two branches": Kind(branch="develop", more={"branches": ["develop", "maint"]}),
    "branch of another name": Kind(branch="trunk", more={"branches": ["HEAD"]}),
    "monorepo": Kind(config="packages/core/asv.conf.json"),
}


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    """The runner's side."""
    with running_github(world) as url:
        yield Stage(tmp_path, url)
    assert world.complaints == []
    assert not list(tmp_path.rglob("PWNED"))


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


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_repository_is_tracked_from_its_first_push(stage: Stage, world: World, kind: Kind):
    """Three commands: init, push, and the run that starts the history. Nothing is edited."""
    stage.build(kind.branch)
    write_project(stage, kind.config, **kind.more)
    first = stage.commit("A library and its benchmarks")
    stage.push("refs/heads/maint")
    adopt(stage)
    merged = stage.commit("Track the performance")
    pushed(stage, first)

    dispatch(stage, create="true")
    tips = {merged, first} if "maint" in str(kind.more) else {merged}
    assert stored(stage) == {tip[:8]: set(SCENARIOS) for tip in tips}
    assert (stage.home / "site" / "index.html").is_file()

    stage.commit("Something else")
    second = pushed(stage, merged)
    assert stored(stage).keys() == {commit[:8] for commit in {*tips, second}}

    for number, value, fork in ((7, 1500, False), (8, 500, True)):
        stage.git("checkout", "--quiet", "--detach", second)
        set_value(stage, value)
        stage.commit(f"Return {value}")
        payload = proposed(stage, world, second, number, fork=fork)
        left = measured(stage, payload)
        comparison = decode(left.read_bytes())
        assert len(comparison.rows) == len(SCENARIOS), comparison.notes
        worse = {row.verdict is Verdict.WORSE for row in comparison.rows}
        assert worse == {fork}
        posted(stage, world, payload, left)
    better, regression = (comment["body"] for comment in world.comments)
    assert "regression" not in better
    assert "Performance regression: 2 metrics are worse" in regression
    assert [check["conclusion"] for check in world.checks] == ["success", "failure"]

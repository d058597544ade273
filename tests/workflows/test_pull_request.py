"""From a fork's pull request to the posted comment, through the real workflows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import BASE, REPOSITORY, World, zipped
from tests.support.workflow_stage import ROOT, Stage
from tracker.report.comparison.file import decode, encode

pytestmark = pytest.mark.slow

COMPARISONS = ROOT / "tests" / "golden" / "comparisons"
# A branch's name and a title are text of a stranger: no shell may ever run them.
BRANCH = "feature$(touch PWNED)"
TITLE = 'Faster"; touch PWNED; echo "`touch PWNED`'


@pytest.fixture
def world() -> World:
    """GitHub's side."""
    return World()


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    """The runner's side."""
    with running_github(world) as url:
        stage = Stage(tmp_path, url)
        stage.build()
        yield stage
    assert world.complaints == []
    assert not list(tmp_path.rglob("PWNED"))


def opened(stage: Stage, world: World) -> dict[str, Any]:
    """A fork's pull request; the payload of its event."""
    head = stage.commit("a fork's change")
    pull = world.pull(branch=BRANCH, sha=head)
    pull["title"] = TITLE
    pull["base"]["sha"] = BASE
    return {"action": "opened", "number": 7, "pull_request": pull}


def measured(stage: Stage, name: str, head: str, code: int) -> None:
    """What `tracker compare` is going to say."""
    comparison = decode((COMPARISONS / f"{name}.json").read_bytes())
    ours = replace(comparison, head=replace(comparison.head, sha=head))
    (stage.home / "comparison.json").write_bytes(encode(ours))
    (stage.home / "code").write_text(str(code), encoding="utf-8")


def run_event(world: World, head: str, action: str, conclusion: str = "success") -> dict[str, Any]:
    """The payload of the event that follows the measuring run."""
    if not world.runs:
        path = ".github/workflows/track.yml"
        world.run(head_sha=head, head_branch=BRANCH, path=path, conclusion=conclusion)
    return {"action": action, "workflow_run": world.runs[0]}


def test_forks_pull_request_gets_its_comment(stage: Stage, world: World):
    """Measured without rights, posted with rights: one comment, one check, then both updated."""
    payload = opened(stage, world)
    head = payload["pull_request"]["head"]["sha"]
    measured(stage, "one_regression", head, code=1)

    stage.act("workflow_run", run_event(world, head, "requested"), "comment.yml")
    assert [check["status"] for check in world.checks] == ["in_progress"]

    stage.act("pull_request", payload, "track.yml")
    (artifact,) = (stage.home / "artifacts").iterdir()
    assert [path.name for path in artifact.iterdir()] == ["comparison.json"]
    compare = next(call for call in stage.calls() if call.startswith("compare"))
    assert compare.startswith(f"compare {BASE} {head} --config asv.conf.json --repo .")

    world.artifact(zipped(comparison_json=(artifact / "comparison.json").read_bytes()))
    stage.act("workflow_run", run_event(world, head, "completed"), "comment.yml")
    (comment,) = world.comments
    assert "Performance regression: 2 metrics are worse" in comment["body"]
    assert comment["issue_url"].endswith(f"{REPOSITORY}/issues/7")
    assert [check["conclusion"] for check in world.checks] == ["failure"]


def test_crashed_measurement_is_reported(stage: Stage, world: World):
    """When `tracker compare` leaves nothing, the job fails and the comment says so."""
    payload = opened(stage, world)
    head = payload["pull_request"]["head"]["sha"]
    (stage.home / "comparison.json").touch()
    (stage.home / "code").write_text("3", encoding="utf-8")

    stage.act("pull_request", payload, "track.yml", fails=True)
    assert not (stage.home / "artifacts").exists()

    stage.act("workflow_run", run_event(world, head, "completed", "failure"), "comment.yml")
    assert "Not measured" in world.comments[0]["body"]
    assert [check["conclusion"] for check in world.checks] == ["neutral"]


def test_hostile_artifact_posts_nothing(stage: Stage, world: World):
    """A refused artifact fails the posting job, and nothing else happens."""
    payload = opened(stage, world)
    head = payload["pull_request"]["head"]["sha"]
    world.artifact(zipped(comparison_json=b'{"version": 1, "pull": 1}'))

    log = stage.act("workflow_run", run_event(world, head, "completed"), "comment.yml", fails=True)

    assert "nothing was posted" in log
    assert world.comments == []
    assert world.checks == []


def test_pull_request_that_changes_nothing_tracked_is_left_alone(stage: Stage, world: World):
    """Where another repository is tracked, nothing is measured and nothing is said."""
    (stage.home / "project" / "asv.conf.json").write_text(
        '{"version": 1, "repo": "https://github.com/other/library.git"}', encoding="utf-8"
    )
    payload = opened(stage, world)
    head = payload["pull_request"]["head"]["sha"]

    stage.act("pull_request", payload, "track.yml")
    assert [call for call in stage.calls() if call.startswith("compare")] == []

    stage.act("workflow_run", run_event(world, head, "completed"), "comment.yml")
    assert world.comments == []

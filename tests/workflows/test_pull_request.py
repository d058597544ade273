"""What a pull request leaves when it is not measured, or cannot be, and what is posted of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import World, zipped
from tests.support.workflow_project import adopt, set_value, write_project
from tests.support.workflow_stage import ROOT, Stage

slow = pytest.mark.slow
DECIDE = ROOT / ".github" / "actions" / "project" / "decide.py"
HEAD, BASE = "a" * 40, "b" * 40


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    """The runner's side: a project that is set up."""
    with running_github(world) as url:
        stage = Stage(tmp_path, url)
        stage.build()
        write_project(stage)
        adopt(stage)
        stage.commit("start")
        stage.push()
        yield stage
    assert world.complaints == []


def measure(stage: Stage, payload: dict[str, Any], *, fails: bool = False) -> dict[str, Any]:
    """Run the workflow of a pull request at what is checked out; the file that it leaves."""
    base, head = stage.git("rev-parse", "HEAD~1"), stage.push("refs/pull/7/head")
    stage.push("refs/pull/7/merge")
    stage.ref = "refs/pull/7/merge"
    sides = {"base": {"sha": base}, "head": {"sha": head}, "labels": [], "number": 7}
    event = {"action": "opened", "number": 7, "pull_request": {**sides, **payload}}
    stage.act("pull_request", event, "performance.yml", fails=fails)
    left = list((stage.home / "artifacts").glob("comparison-1/*"))
    assert len(left) == (0 if fails else 1)
    assert all(path.name == "not-measured.json" for path in left)
    return json.loads(left[0].read_text()) if left else {}


@slow
def test_word_of_a_draft_is_left_before_anything_is_installed(stage: Stage):
    """One artifact of one small file; no command of ours is needed for it."""
    head = stage.commit("Change")
    left = measure(stage, {"draft": True})
    assert (left["reason"], left["head"]) == ("draft", head)
    assert stage.calls() == []


@slow
def test_a_head_without_the_configuration_is_the_maintainers_business(stage: Stage):
    """It was moved away: what is then measured is nothing, never another library."""
    stage.git("rm", "--quiet", "asv.conf.json")
    stage.commit("Move the benchmarks")
    left = measure(stage, {})
    assert left["reason"] == "setup"
    assert "asv.conf.json" in left["text"]
    assert stage.calls() == []


@slow
def test_a_pull_request_that_cannot_change_what_is_tracked_says_so(stage: Stage):
    """Another repository is tracked."""
    config = {"version": 1, "repo": "https://github.com/other/library.git"}
    (stage.project / "asv.conf.json").write_text(json.dumps(config), encoding="utf-8")
    stage.commit("Track another")
    assert measure(stage, {})["reason"] == "other_repository"


@slow
def test_a_measurement_that_crashed_leaves_nothing(stage: Stage, world: World):
    """The job fails, and what is posted is that nothing was measured."""
    stage.git("rm", "-r", "--quiet", "suite")
    head = stage.commit("Remove the benchmarks")
    measure(stage, {}, fails=True)
    world.pull(branch="feature", sha=head)
    path = ".github/workflows/performance.yml"
    run = world.run(head_sha=head, head_branch="feature", path=path, conclusion="failure")
    stage.ref, stage.sha = "refs/heads/main", stage.git("rev-parse", "HEAD~1")
    event = {"action": "completed", "workflow_run": run}
    stage.act("workflow_run", event, "performance-comment.yml")
    assert "Not measured" in world.comments[0]["body"]
    assert "success" not in [check["conclusion"] for check in world.checks]


@slow
def test_hostile_artifact_posts_nothing(stage: Stage, world: World):
    """A refused artifact fails the posting job, and nothing else happens."""
    head = stage.commit("Change")
    world.pull(branch="feature", sha=head)
    path = ".github/workflows/performance.yml"
    run = world.run(head_sha=head, head_branch="feature", path=path)
    world.artifact(zipped(comparison_json=b'{"version": 1, "pull": 1}'))
    event = {"action": "completed", "workflow_run": run}
    log = stage.act("workflow_run", event, "performance-comment.yml", fails=True)
    assert "nothing was posted" in log
    assert world.comments == []


@slow
def test_a_group_of_the_merge_queue_is_compared(stage: Stage):
    """Without it a required check would strand the queue."""
    base = stage.git("rev-parse", "HEAD")
    set_value(stage, 1200)
    head = stage.commit("Change")
    stage.ref = "refs/heads/gh-readonly-queue/main/pr-7-x"
    stage.push()
    group = {"base_sha": base, "head_sha": head, "head_ref": stage.ref}
    stage.act("merge_group", {"merge_group": group}, "performance.yml")
    (left,) = (stage.home / "artifacts" / "comparison-1").iterdir()
    assert json.loads(left.read_text())["head"]["sha"] == head


def decide(tmp_path: Path, event: dict[str, Any], **options: str) -> str:
    """The reason of `decide.py` for *event*; "" when it is measured."""
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    defaults = {
        "HEAD": "",
        "LABEL": "",
        "DRAFTS": "false",
        "MERGE_QUEUE": "true",
        "PATHS": "",
        "PATHS_IGNORE": "",
        "LEAVE": str(tmp_path / "leave"),
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
    }
    done = subprocess.run(
        [sys.executable, DECIDE], env={**os.environ, **defaults, **options}, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    left = tmp_path / "leave" / "not-measured.json"
    assert done.stdout == f"measure={str(not left.exists()).lower()}\n"
    content = json.loads(left.read_text()) if left.exists() else {"reason": ""}
    return str(content["reason"])


def event_of(action: str = "opened", *labels: str, **more: Any) -> dict[str, Any]:
    """A pull request's event."""
    pull = {"head": {"sha": HEAD}, "base": {"sha": BASE}, "labels": [{"name": n} for n in labels]}
    return {"action": action, "pull_request": {**pull, **more.pop("pull", {})}, **more}


@pytest.mark.parametrize(
    ("event", "options", "reason"),
    [
        (event_of(), {}, ""),
        (event_of(pull={"draft": True}), {}, "draft"),
        (event_of(pull={"draft": True}), {"DRAFTS": "true"}, ""),
        (event_of("ready_for_review"), {}, ""),
        (event_of("ready_for_review"), {"DRAFTS": "true"}, "unrelated"),
        (event_of(), {"LABEL": "benchmark"}, "label"),
        ({"inputs": {"head": HEAD}}, {"HEAD": HEAD, "LABEL": "benchmark"}, ""),
        (event_of("synchronize", "benchmark"), {"LABEL": "benchmark"}, ""),
        (event_of("labeled", "benchmark", label={"name": "benchmark"}), {"LABEL": "benchmark"}, ""),
        (event_of("labeled", "bug", label={"name": "bug"}), {"LABEL": "benchmark"}, "unrelated"),
        (event_of("labeled", "bug", label={"name": "bug"}), {}, "unrelated"),
        (event_of("edited", changes={"title": {}}), {}, "unrelated"),
        (event_of("edited", changes={"base": {}}), {}, ""),
        ({"merge_group": {"head_sha": HEAD, "base_sha": BASE}}, {}, ""),
        ({"merge_group": {"head_sha": HEAD}}, {"MERGE_QUEUE": "false"}, "merge_group"),
    ],
)
def test_what_is_measured_is_decided_by_event_label_and_draft(
    tmp_path: Path, event: dict[str, Any], options: dict[str, str], reason: str
):
    """A new title or another label asks for nothing; a new base does."""
    assert decide(tmp_path, event, **options) == reason


@pytest.mark.parametrize(
    ("rules", "measured"),
    [
        ({}, True),
        ({"PATHS_IGNORE": "docs/**\n**/*.md"}, False),
        ({"PATHS_IGNORE": "docs/**"}, True),
        ({"PATHS": "src/**"}, False),
        ({"PATHS": "src/**\ndocs/**"}, True),
        ({"PATHS": "docs/**", "PATHS_IGNORE": "docs/*"}, False),
    ],
)
def test_path_rules_look_at_what_the_pull_request_changed(
    tmp_path: Path, rules: dict[str, str], *, measured: bool
):
    """Not at what its base gained since: only the commits of the pull request count."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]

    def commit(*names: str) -> str:
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "x"], check=True)
        return subprocess.check_output([*git, "rev-parse", "HEAD"], text=True).strip()

    subprocess.run([*git, "init", "--quiet", "-b", "main"], check=True)
    commit()
    subprocess.run([*git, "checkout", "--quiet", "-b", "change"], check=True)
    head = commit("docs/a.rst", "docs/b.md", "c.md")
    subprocess.run([*git, "checkout", "--quiet", "main"], check=True)
    base = commit("src/new.py")
    sides = {"head": {"sha": head}, "base": {"sha": base}}
    reason = decide(tmp_path, event_of(pull=sides), **rules)
    assert reason == ("" if measured else "paths")

"""Day one in repositories of many kinds: from `tracker init` to history, comment and site."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import World
from tests.support.workflow_day import dispatch, measured, posted, proposed, pushed, stored
from tests.support.workflow_project import SCENARIOS, adopt, set_value, write_project
from tests.support.workflow_stage import Stage
from tracker.model import Verdict
from tracker.report.comparison.file import decode

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


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

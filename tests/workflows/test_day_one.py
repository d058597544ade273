"""Day one in repositories of many kinds: from `tracker init` to history, comment and site."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import World
from tests.support.workflow_day import dispatch, measured, posted, proposed, pushed, stored
from tests.support.workflow_project import SCENARIOS, adopt, set_value, write_project
from tests.support.workflow_stage import ROOT, Stage
from tracker import cli
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


def test_a_library_that_we_know_is_tracked_without_a_suite_of_its_own(stage: Stage, world: World):
    """Huey's newest release, real workers and a real broker: history, site, and a line more told.

    Of our suite one scenario is left, and the clock gets a minute: what is tested is the way.
    """
    stage.limit_s = 900.0
    stage.build()
    _leave_scenario(stage.home / "tracker" / "benchmarks", "basic_throughput")
    _take_release(stage, "huey")
    first = stage.commit("A release")
    stage.push()
    adopt(stage)
    workflow = stage.project / ".github" / "workflows" / "performance.yml"
    text = workflow.read_text(encoding="utf-8")
    workflow.write_text(text.replace("|| '15m'", "|| '1m'"))
    merged = stage.commit("Track the performance")
    pushed(stage, first)

    dispatch(stage, create="true")
    assert stored(stage) == {merged[:8]: {"basic_throughput"}}
    assert (stage.home / "site" / "index.html").is_file()

    source = stage.project / "huey" / "api.py"
    code = source.read_text(encoding="utf-8")
    (call,) = re.findall(r"( +)def _execute\(.*\n", code)[:1]
    planted = re.sub(r"( +def _execute\(.*\n)", rf"\1{call}    planted = 0\n", code, count=1)
    source.write_text(planted, encoding="utf-8")
    stage.commit("Set a variable in each task")
    payload = proposed(stage, world, merged, 7, fork=True)
    left = measured(stage, payload)
    rows = {row.metric: row for row in decode(left.read_bytes()).rows if row.counted}
    lines = rows["lines_per_task"]
    assert (lines.library, lines.verdict) == ("huey", Verdict.WORSE)
    assert lines.head.median - lines.base.median == pytest.approx(1, abs=0.2)
    posted(stage, world, payload, left)
    assert "`Huey._execute`" in world.comments[-1]["body"]
    assert [check["status"] for check in world.checks] == ["completed"]


def _leave_scenario(benchmarks: Path, name: str) -> None:
    """Our suite with one scenario, in the place of the link to it."""
    benchmarks.unlink()
    shutil.copytree(
        ROOT / "benchmarks", benchmarks, ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    for path in benchmarks.glob("*.py"):
        if path.stem not in {"__init__", name}:
            path.unlink()


def _take_release(stage: Stage, library: str) -> None:
    """Fill the project with the newest release of *library*."""
    releases = stage.home / "releases"
    assert cli.run(["releases", library, "--to", str(releases), "--last", "1", "--quiet"]) == 0
    stage.git("fetch", "--quiet", str(releases), "HEAD")
    stage.git("checkout", "--quiet", "FETCH_HEAD", "--", ".")

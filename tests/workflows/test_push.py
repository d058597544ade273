"""From a push to the stored history, the published site, and the pull request that hears of it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import BOT, HEAD, World
from tests.support.workflow_asv_tree import MACHINE, SCENARIOS, benchmark, write_commit, write_frame
from tests.support.workflow_stage import Stage
from tracker.github.branch import BRANCH, ResultsBranch
from tracker.model import Verdict
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import own_marker
from tracker.report.comparison.verdicts import Claim, PullVerdicts, find_hidden, hide

pytestmark = pytest.mark.slow

COMMITS = 30
MERGE = 15
NEW = 2
START_S = 1_760_000_000


@pytest.fixture
def world() -> World:
    """GitHub's side."""
    return World()


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    """The runner's side, with a bare repository for the history."""
    with running_github(world) as url:
        stage = Stage(tmp_path, url)
        stage.build()
        bare = ["git", "init", "--quiet", "--bare", str(tmp_path / "remote.git")]
        subprocess.run(bare, check=True)
        yield stage
    assert world.complaints == []


def branch(stage: Stage) -> ResultsBranch:
    """The history."""
    return ResultsBranch(remote=str(stage.home / "remote.git"))


def grow(stage: Stage) -> list[str]:
    """Thirty commits; the fifteenth makes everything 20 % slower. The last two are new."""
    shas = [stage.commit(f"commit {i}") for i in range(COMMITS)]
    known = stage.home / "known" / "results"
    write_frame(known)
    for i, sha in enumerate(shas[:-NEW]):
        write_commit(known, sha, START_S + i * 86_400, _value(i))
    for scenario in SCENARIOS:
        measured = stage.home / "measured" / scenario
        write_frame(measured, (scenario,))
        for i in range(COMMITS - NEW, COMMITS):
            write_commit(measured, shas[i], START_S + i * 86_400, _value(i), (scenario,))
    branch(stage).create()
    branch(stage).push(stage.home / "known")
    return shas


def _value(i: int) -> float:
    wobble = 1 + 0.004 * ((i * 7919) % 5 - 2)
    return (1000.0 if i < MERGE else 800.0) * wobble


def warned(world: World, sha: str) -> None:
    """The pull request behind the slow commit, whose comment had warned of one benchmark."""
    world.pull(7, state="closed")
    world.merged[sha] = [7]
    claim = Claim(
        benchmark=benchmark("one"),
        params=(),
        metric="throughput",
        verdict=Verdict.WORSE,
        ratio=0.8,
    )
    told = PullVerdicts(
        version=1,
        pull=0,
        commit="",
        head=HEAD,
        base=sha,
        conclusion=Conclusion.REGRESSION,
        claims=(claim,),
    )
    world.comment(BOT, f"{own_marker()}head={HEAD} -->\n\ntold you\n\n{hide(told)}")


def push(stage: Stage, shas: list[str]) -> str:
    """Run the workflow of a push to main."""
    payload = {"ref": "refs/heads/main", "before": shas[-NEW - 1], "after": shas[-1]}
    return stage.act("push", payload, "track.yml")


def test_push_becomes_history_site_and_news(stage: Stage, world: World):
    """Two shards measure; both land in one history; the site and the old comment show it."""
    shas = grow(stage)
    warned(world, shas[MERGE])

    push(stage, shas)

    branch(stage).pull(stage.home / "back")
    newest = stage.home / "back" / "results" / MACHINE / f"{shas[-1][:8]}-env-py3.13.json"
    stored = json.loads(newest.read_text(encoding="utf-8"))
    assert set(stored["results"]) == {benchmark(scenario) for scenario in SCENARIOS}
    assert (stage.home / "site" / "index.html").is_file()

    body = world.comments[0]["body"]
    assert "✅ confirmed by" in body
    assert find_hidden(body) is not None
    (verdict,) = (stage.home / "back" / "verdicts").iterdir()
    assert verdict.name == f"{shas[MERGE][:12]}.json"

    runs = [call for call in stage.calls() if call.startswith("run ")]
    assert sorted(call.partition("--scenarios ")[2].split()[0] for call in runs) == ["one", "two"]


def test_push_again_stores_nothing_and_says_nothing(stage: Stage, world: World):
    """The same push again adds no commit to the history and writes no comment."""
    shas = grow(stage)
    warned(world, shas[MERGE])
    push(stage, shas)
    before = subprocess.check_output(
        ["git", "rev-parse", BRANCH], cwd=stage.home / "remote.git", text=True
    )
    world.log.clear()

    push(stage, shas)

    after = subprocess.check_output(
        ["git", "rev-parse", BRANCH], cwd=stage.home / "remote.git", text=True
    )
    assert after == before
    assert [entry for entry in world.log if entry[0] != "GET"] == []


def test_a_shard_that_dies_loses_nothing_that_was_measured(stage: Stage):
    """Its job fails, and yet what it had finished is stored and published with the others'."""
    shas = grow(stage)
    (stage.home / "dies-in-two").touch()
    payload = {"ref": "refs/heads/main", "before": shas[-NEW - 1], "after": shas[-1]}

    stage.act("push", payload, "track.yml", fails=True)

    branch(stage).pull(stage.home / "back")
    newest = stage.home / "back" / "results" / MACHINE / f"{shas[-1][:8]}-env-py3.13.json"
    stored = json.loads(newest.read_text(encoding="utf-8"))
    assert set(stored["results"]) == {benchmark(scenario) for scenario in SCENARIOS}
    assert (stage.home / "site" / "index.html").is_file()


def test_missing_history_stops_the_run(stage: Stage, world: World):
    """Without the branch nothing is measured, stored or published."""
    stage.commit("one")
    payload = {"ref": "refs/heads/main", "before": "0" * 40, "after": "1" * 40}

    log = stage.act("push", payload, "track.yml", fails=True)

    assert "no history to go on from" in log
    assert not (stage.home / "site").exists()
    assert [call.split()[0] for call in stage.calls()] == ["results"]


def test_first_run_is_dispatched_by_hand(stage: Stage):
    """`create` starts the history, once, and the range is measured."""
    shas = [stage.commit(f"commit {i}") for i in range(3)]
    for scenario in SCENARIOS:
        measured = stage.home / "measured" / scenario
        write_frame(measured, (scenario,))
        write_commit(measured, shas[-1], START_S, 1000.0, (scenario,))
    inputs = {"range": "main~2..main", "create": "true", "size": "quick"}

    stage.act("workflow_dispatch", {"inputs": inputs, "ref": "refs/heads/main"}, "track.yml")

    runs = [call for call in stage.calls() if call.startswith("run ")]
    assert [run.split()[1] for run in runs] == ["main~2..main"] * len(SCENARIOS)
    assert (stage.home / "site" / "index.html").is_file()

"""From a push to the stored history, the published site, and the pull request that hears of it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.fake_github.server import running_github
from tests.support.fake_github.world import BOT, HEAD, World
from tests.support.workflow_asv_tree import MACHINE, SCENARIOS, benchmark, write_commit, write_frame
from tests.support.workflow_project import adopt, set_value, write_project
from tests.support.workflow_stage import Stage
from tracker.github.branch import BRANCH, ResultsBranch
from tracker.model import Verdict
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import own_marker
from tracker.report.comparison.pull_verdicts import Claim, PullVerdicts, find_hidden, hide

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

COMMITS = 30
MERGE = 15
NEW = 2
START_S = 1_760_000_000


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Iterator[Stage]:
    """The runner's side: a project that is set up, without a history."""
    with running_github(world) as url:
        stage = Stage(tmp_path, url)
        stage.build()
        write_project(stage)
        adopt(stage)
        choose(stage)
        stage.commit("start")
        yield stage
    assert world.complaints == []


def choose(stage: Stage) -> None:
    """What an adopter writes into his file: inputs that differ."""
    path = stage.project / ".github" / "workflows" / "performance.yml"
    chosen = """
      shards: 2
      runner: '["ubuntu-24.04"]'
      python-versions: "3.12"
      before: touch "$STAGE/prepared by $(basename "$PWD")"
"""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    with:\n", f"    with:{chosen}"), encoding="utf-8")


def branch(stage: Stage) -> ResultsBranch:
    """The history."""
    return ResultsBranch(remote=str(stage.home / "origin.git"))


def grow(stage: Stage, unmeasured: range = range(0)) -> list[str]:
    """Thirty commits; the fifteenth makes everything 20 % slower. The last two are new.

    Of those in *unmeasured* the history has nothing either.
    """
    shas = []
    for i in range(COMMITS):
        set_value(stage, _value(i))
        shas.append(stage.commit(f"commit {i}"))
    known = stage.home / "known" / "results"
    write_frame(known)
    for i, sha in enumerate(shas[:-NEW]):
        if i not in unmeasured:
            write_commit(known, sha, START_S + i * 86_400, _value(i))
    branch(stage).create()
    branch(stage).push(stage.home / "known")
    return shas


def _value(i: int) -> float:
    wobble = 1 + 0.004 * ((i * 7919) % 5 - 2)
    return (1000.0 if i < MERGE else 800.0) * wobble


def warned(world: World, sha: str) -> None:
    """The pull request behind the slow commit, whose comment had warned of one benchmark."""
    world.pull(7)
    world.merge(7, sha)
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


def push(stage: Stage, before: str, *, fails: bool = False) -> str:
    """Push all commits, and run the workflow of that push; its log."""
    payload = {"ref": stage.ref, "before": before, "after": stage.push()}
    return stage.act("push", payload, "performance.yml", fails=fails)


def newest(stage: Stage, sha: str) -> set[str]:
    """The benchmarks that the history has of a commit."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "history"
        branch(stage).pull(folder)
        path = folder / "results" / MACHINE / f"{sha[:8]}-uv-py3.13.json"
        stored: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
        return set(stored["results"])


def searches(stage: Stage) -> list[dict[str, object]]:
    """The states of searches that the history has."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "history"
        branch(stage).pull(folder)
        return [json.loads(path.read_text()) for path in folder.glob("searches/*.json")]


def head_of_history(stage: Stage) -> str:
    """The newest commit of the results branch."""
    command = ["git", "rev-parse", BRANCH]
    return subprocess.check_output(command, cwd=stage.home / "origin.git", text=True)


def test_push_becomes_history_site_and_news(stage: Stage, world: World):
    """Two shards measure; both land in one history; the site and the old comment show it."""
    shas = grow(stage)
    warned(world, shas[MERGE])

    push(stage, shas[-NEW - 1])

    both = {benchmark(scenario) for scenario in SCENARIOS}
    assert [newest(stage, sha) for sha in shas[-NEW:]] == [both] * NEW
    assert (stage.home / "site" / "index.html").is_file()
    body = world.comments[0]["body"]
    assert "✅ confirmed by" in body
    assert find_hidden(body) is not None
    assert list(stage.home.glob("prepared by *"))
    assert (stage.home / "pythons").read_text().split() == ["3.12", "3.13"] * len(SCENARIOS)
    runs = [call for call in stage.calls() if call.startswith("run ")]
    assert sorted(call.partition("--scenarios ")[2].split()[0] for call in runs) == ["one", "two"]

    # The same push again adds no commit to the history and writes no comment.
    before = head_of_history(stage)
    world.log.clear()
    push(stage, shas[-NEW - 1])
    assert head_of_history(stage) == before
    assert [entry for entry in world.log if entry[0] != "GET"] == []


def test_a_shard_that_died_is_made_up_for_when_it_is_run_again(stage: Stage):
    """Its job fails, the other's results are stored and shown; the next run measures the rest."""
    shas = grow(stage)
    suite = stage.project / "suite" / "two.py"
    sound = suite.read_text(encoding="utf-8")
    deadly = sound.replace("return", "import os; os.kill(os.getppid(), 9); return")
    suite.write_text(deadly, encoding="utf-8")
    broken = stage.commit("Break one scenario")

    push(stage, shas[-NEW - 1], fails=True)

    assert (stage.home / "site" / "index.html").is_file()
    assert newest(stage, broken) == {benchmark("one")}
    suite.write_text(sound, encoding="utf-8")
    mended = stage.commit("Mend it")
    push(stage, broken)
    both = {benchmark(scenario) for scenario in SCENARIOS}
    assert [newest(stage, sha) for sha in (*shas[-NEW:], broken, mended)] == [both] * (NEW + 2)


def test_missing_history_stops_the_run(stage: Stage):
    """Without the branch nothing is measured, stored or published."""
    before = stage.git("rev-parse", "HEAD")
    stage.commit("Something else")

    log = push(stage, before, fails=True)

    assert "has no branch bench-results" in log
    assert not (stage.home / "site").exists()
    assert [call.split()[0] for call in stage.calls()] == ["results"]


def test_a_range_is_measured_by_hand(stage: Stage):
    """`create` starts the history, once, and the range is measured."""
    shas = [stage.commit(f"commit {i}") for i in range(3)]
    stage.push()
    inputs = {"range": "main~2..main", "create": "true"}

    stage.act("workflow_dispatch", {"inputs": inputs, "ref": stage.ref}, "performance.yml")

    both = {benchmark(scenario) for scenario in SCENARIOS}
    assert [newest(stage, sha) for sha in shas[1:]] == [both] * 2
    assert (stage.home / "site" / "index.html").is_file()


def test_a_scheduled_run_searches_what_nobody_measured(stage: Stage):
    """The commit of a step is found before the site is published; the next night asks no more."""
    settings = stage.project / "tracker.toml"
    settings.write_text(f"{settings.read_text()}[bisect]\nauto = true\n", encoding="utf-8")
    path = stage.project / ".github" / "workflows" / "performance.yml"
    night = 'on:\n  schedule: [{cron: "23 2 * * *"}]\n'
    path.write_text(path.read_text().replace("on:\n", night), encoding="utf-8")
    stage.commit("Search at night")
    shas = grow(stage, unmeasured=range(MERGE - 4, MERGE + 4))
    stage.push()

    stage.act("schedule", {"schedule": "23 2 * * *", "ref": stage.ref}, "performance.yml")

    assert [newest(stage, sha) for sha in shas[MERGE - 1 : MERGE + 1]] == [{benchmark("one")}] * 2
    (state,) = searches(stage)
    assert (state["finished"], state["found"]) == (True, [shas[MERGE]])
    calls = [call.split()[0] for call in stage.calls()]
    assert calls.index("run") < calls.index("bisect") < calls.index("publish")

    log = stage.act("schedule", {"schedule": "23 2 * * *", "ref": stage.ref}, "performance.yml")
    assert "Nothing to search: " in log
    assert searches(stage) == [state]

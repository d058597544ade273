"""`tracker bisect --auto` for real: a history whose middle nobody has measured."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.asv_tree import write_benchmarks, write_result
from tests.tracker.bisect.test_bisect_asv import make_project
from tracker import cli

STEPS, FLAT = "bench.Suite.track_steps", "bench.Suite.track_flat"
COMMITS, GAP = 32, range(6, 26)
VERSIONS = "\nSuite.track_steps.version = Suite.track_flat.version = '1'\n"
ON = "[bisect]\nauto = true\n"


def sha_of(project: Path, name: str) -> str:
    """A commit of the library."""
    command = ["git", "-C", str(project / "lib"), "rev-parse", name]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()


def half_measured(
    folder: Path, *, settings: str = ON, broken: frozenset[int] = frozenset(), flat: int = 7
) -> Path:
    """Commit 13 of 32 makes more steps; of the twenty in the middle there are no results.

    The recorded values of `track_flat` grow to *flat* there, though it gives 7 everywhere.
    """
    project = make_project(folder, COMMITS, lambda n: 100 if n < 13 else 110, set(broken))
    with (project / "benchmarks" / "bench.py").open("a", encoding="utf-8") as file:
        file.write(VERSIONS)
    (project / "tracker.toml").write_text(settings, encoding="utf-8")
    results = project / "results"
    kind = {"type": "track", "unit": "unit"}
    write_benchmarks(results, {STEPS: kind, FLAT: kind})
    for number in (n for n in range(COMMITS + 1) if n not in GAP):
        values = (100, 7) if number < GAP.start else (110, flat)
        rows = {
            name: [[value], [], "1", 1, 1]
            for name, value in zip((STEPS, FLAT), values, strict=True)
        }
        write_result(results, sha_of(project, f"c{number}"), rows, env="uv-py3.13", date_ms=number)
    return project


@pytest.fixture
def auto(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The command; its exit code."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))

    def call(project: Path, *options: str) -> int:
        config = str(project / "asv.conf.json")
        return cli.run(["bisect", "--auto", "--config", config, "--machine", "m", *options])

    return call


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_step_of_the_history_is_found_once(auto, tmp_path: Path, capsys):
    """The report offers the search; it finds the commit, and the second call has nothing to do."""
    project = half_measured(tmp_path)
    config = ["--config", str(project / "asv.conf.json")]
    assert cli.run(["report", *config]) == 1
    offered = f"tracker bisect {sha_of(project, 'c5')[:8]} {sha_of(project, 'c26')[:8]}"
    assert f"{offered} --metric {STEPS}" in capsys.readouterr().out

    states = tmp_path / "states"
    assert auto(project, "--states", str(states)) == 0

    found = capsys.readouterr().out
    assert f"{sha_of(project, 'c13')[:10]} Commit 13 (counted, certain)." in found
    files = {path.name[:8] for path in (project / "results" / "m").glob("*-uv-py3.13.json")}
    assert {sha_of(project, f"c{number}")[:8] for number in (12, 13)} <= files
    (state,) = states.iterdir()
    assert not list((project / ".asv" / "bisect").glob("*-*-*.json"))

    kept = state.read_bytes()
    assert auto(project, "--states", str(states)) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Nothing to search: ")
    assert printed.count("\n") == 1
    assert state.read_bytes() == kept
    cli.run(["report", *config])
    assert "tracker bisect" not in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_interrupted_call_goes_on_where_it_was(auto, tmp_path: Path, capsys):
    """Ctrl-C keeps every round, counts for no attempt, and leaves with 130."""
    project = half_measured(tmp_path)
    command = [sys.executable, "-m", "tracker", "bisect", "--auto", "--machine", "m"]
    process = subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    folder = project / ".asv" / "bisect"
    limit = time.monotonic() + 400
    while time.monotonic() < limit and not list(folder.glob("*-*-*.json")):
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    (path,) = folder.glob("*-*-*.json")
    before = json.loads(path.read_text())
    assert before["rounds"]
    assert (before["finished"], before["attempts"]) == (False, 0)

    assert auto(project) == 0

    assert "Commit 13 (counted, certain)" in capsys.readouterr().out
    after = json.loads(path.read_text())
    assert after["rounds"][: len(before["rounds"])] == before["rounds"]
    places = [place for each in after["rounds"] for place in each["positions"]]
    assert len(places) == len(set(places))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_budget_that_is_used_leaves_the_rest_for_the_next_call(auto, tmp_path: Path, capsys):
    """Time for the ends alone: no answer yet, and what was measured is kept."""
    project = half_measured(tmp_path)

    assert auto(project, "--budget", "1s") == 5

    assert "Not yet one commit: one of these 21 of 21 commits" in capsys.readouterr().out
    (path,) = (project / ".asv" / "bisect").glob("*-*-*.json")
    state = json.loads(path.read_text())
    assert (state["finished"], state["attempts"], len(state["rounds"])) == (False, 1, 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_range_that_cannot_be_searched_stops_no_other(auto, tmp_path: Path, capsys):
    """An end that does not build any more is told, with its own exit code, and counted."""
    project = half_measured(tmp_path, broken=frozenset({26}))

    assert auto(project) == 5

    assert "Cannot be searched: the bad end" in capsys.readouterr().out
    (path,) = (project / ".asv" / "bisect").glob("*-*-*.json")
    assert json.loads(path.read_text())["attempts"] == 1


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_step_that_is_not_there_is_an_answer_too(auto, tmp_path: Path, capsys):
    """What moved most in the history gives the same number at both ends today.

    Once that is measured, what else moved there is a step of its own, and is searched in turn.
    """
    project = half_measured(tmp_path, flat=14)
    assert auto(project) == 0
    told = capsys.readouterr().out
    assert f" {FLAT}\nNothing to find: the ends do not differ" in told
    assert auto(project) == 0
    found = f" {STEPS}\nThe culprit is {sha_of(project, 'c13')[:10]} Commit 13"
    assert found in capsys.readouterr().out
    assert auto(project) == 0
    assert capsys.readouterr().out.startswith("Nothing to search: ")


def test_nothing_is_done_where_nobody_wants_it(auto, tmp_path: Path, capsys):
    """One line; nothing is read, let alone built."""
    project = half_measured(tmp_path, settings="")
    assert auto(project) == 0
    assert capsys.readouterr().out == (
        "Nothing to do: [bisect] auto is not true in tracker.toml.\n"
    )
    assert not (project / ".asv").exists()


def test_a_setting_that_is_not_understood_is_named(auto, tmp_path: Path, capsys):
    """With the file, before anything is measured."""
    project = half_measured(tmp_path, settings="[bisect]\nauto = true\nbudget = 30\n")
    assert auto(project) == 3
    assert "tracker.toml" in (told := capsys.readouterr().err)
    assert "bisect.budget cannot be 30" in told


@pytest.mark.parametrize(
    "arguments", [("c0", "c1", "--auto"), ("--auto", "--metric", "m"), ("c0",)]
)
def test_ends_are_either_given_or_chosen(tmp_path: Path, capsys, arguments: tuple[str, ...]):
    """Both at once, or neither, is a usage error."""
    (tmp_path / "asv.conf.json").write_text("{}", encoding="utf-8")
    assert cli.run(["bisect", *arguments, "--config", str(tmp_path / "asv.conf.json")]) == 2
    assert "--auto" in capsys.readouterr().err

"""`tracker doctor`: what it says of repositories that work, and of those that do not."""

from pathlib import Path

import pytest

from tests.support.checkout import check_out
from tests.support.spine import make_project, make_repository
from tests.tracker.adopt.test_init import git, init, repository
from tracker import cli
from tracker.adopt.checks import Diagnosis, State, check_all

CONFIG = """{"version": 1, "project": "lib", "repo": ".", "environment_type": "virtualenv",
 "pythons": ["3.13"]%s}"""


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with a suite and our files, and its history beside."""
    folder = repository(tmp_path, "asv.conf.json", branch="develop")
    (folder / "asv.conf.json").write_text(CONFIG % "")
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks" / "bench.py").touch()
    init(folder, "--yes")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Benchmarks")
    git(folder, "branch", "bench-results")
    return folder


def checks(clone: Path, **environment: str) -> dict[str, Diagnosis]:
    """The checks of a clone; of several about one thing the worst."""
    found = sorted(
        check_all(clone / "asv.conf.json", environment), key=lambda check: check.state.value
    )
    order = {State.WORKS: 0, State.WARNS: 1, State.MISSING: 2}
    return {check.about: check for check in sorted(found, key=lambda check: order[check.state])}


def test_a_repository_that_is_set_up_lacks_nothing(origin: Path, tmp_path: Path):
    """As a job sees it, at a commit of no branch."""
    clone = tmp_path / "clone"
    check_out(origin.as_uri(), clone, ref="refs/heads/develop", depth=0)
    answers = checks(clone, GITHUB_ACTIONS="true", GITHUB_TOKEN="x")  # noqa: S106
    assert State.MISSING not in {check.state for check in answers.values()}
    assert answers["history"].finding == "bench-results"
    assert answers["clone"].finding == "whole"


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("clone", "fetch-depth: 0"),
        ("branch", "leave them out"),
        ("environment", "python-versions"),
        ("history", "create=true"),
        ("workflow", "tracker init"),
        ("rights", "github.token"),
    ],
)
def test_what_is_missing_comes_with_the_next_step(
    origin: Path, tmp_path: Path, about: str, words: str
):
    """Each is found, and says what to do."""
    (origin / "asv.conf.json").write_text(
        (CONFIG % ', "branches": ["nowhere"]').replace('"3.13"', '"2.6"')
    )
    git(origin, "rm", "--quiet", "-r", ".github")
    git(origin, "commit", "--quiet", "--all", "--message", "Break it")
    git(origin, "branch", "-D", "bench-results")
    clone = tmp_path / "clone"
    check_out(origin.as_uri(), clone, ref="refs/heads/develop", depth=1)
    check = checks(clone, GITHUB_ACTIONS="true")[about]
    assert check.state is not State.WORKS
    assert words in check.advice


@pytest.mark.parametrize(
    ("old", "new", "about", "words"),
    [
        ('"repo": "."', '"repo": "benchmarks"', "repository", "no git repository at benchmarks"),
        ('"virtualenv"', '""', "environment", "names no `environment_type`"),
        ('"virtualenv"', '"mamba"', "environment", "asv has no environment type mamba here"),
        ('"virtualenv"', '"existing"', "environment", "holds no other commit"),
        ('"3.13"', '"same"', "environment", "holds no other commit"),
        ('"3.13"', '"3.99"', "environment", "python3.99, which the configuration names, is not"),
    ],
)
def test_what_asv_would_refuse_is_missing(origin: Path, old: str, new: str, about: str, words: str):
    """It is told before anything is measured."""
    conf = origin / "asv.conf.json"
    conf.write_text(conf.read_text().replace(old, new))
    check = checks(origin)[about]
    assert check.state is State.MISSING
    assert words in check.finding


@pytest.mark.parametrize("kind", ["conda", "uv"])
def test_a_tool_that_brings_its_interpreters_is_named_once(origin: Path, kind: str):
    """However many are asked for, and none of them need be on the path."""
    conf = origin / "asv.conf.json"
    text = conf.read_text().replace("virtualenv", kind)
    conf.write_text(text.replace('"3.13"', '"3.13", "3.99"'))
    told = [check.finding for check in check_all(conf, {}) if check.about == "environment"]
    assert len(told) == (kind == "conda")
    assert not [finding for finding in told if "3.99" in finding]


def test_the_exit_code_says_whether_something_is_missing(
    origin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """0 when all is there, 2 when the user has something to do."""
    clone = tmp_path / "clone"
    check_out(origin.as_uri(), clone, ref="refs/heads/develop", depth=0)
    assert cli.run(["doctor", "--config", str(clone / "asv.conf.json")]) == 0
    assert cli.run(["doctor", "--config", str(clone / "none.json")]) == 2
    assert "MISSING configuration" in capsys.readouterr().out


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_noise_of_our_own_scenarios_is_that_of_the_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Equal code moves no count, so counting first would leave nothing to time."""
    config = make_project(tmp_path / "project") / "asv.conf.json"
    repository = make_repository(tmp_path / "library")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("https://github.com/adamrefaey/asynctasq.git", str(repository)))
    command = ["doctor", "--config", str(config), "--noise", "90s", "--budget", "3m", "--quiet"]
    cli.run([*command, "--scenarios", "basic_throughput"])
    told = capsys.readouterr().out
    assert "against itself; a comparison of 3m here finds" in told
    assert "%  basic_throughput.BasicThroughput.track_memory_peak" in told

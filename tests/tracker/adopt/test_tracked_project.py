"""What is measured in a repository: its own suite, a library that we know, or nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from benchmarks.harness.shared.registry import LIBRARIES
from tests.support.asv_tree import make_repository
from tracker.adopt.tracked_project import Tracked, clone_tracked, current_branch, find_tracked
from tracker.errors import UsageError
from tracker.suite.scenarios import read_suite

ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with our suite beside, as the workflows check them out."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "-b", "trunk", str(folder)], check=True)
    suite = folder / ".tracker-source"
    suite.mkdir()
    (suite / "asv.conf.json").symlink_to(ROOT / "asv.conf.json")
    (suite / "benchmarks").symlink_to(ROOT / "benchmarks")
    return folder


def configure(checkout: Path, name: str, **content: object) -> None:
    """Write and add a configuration of asv."""
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    comment = "// of the project\n" if name.endswith("c") else ""
    path.write_text(comment + json.dumps({"version": 1, "repo": ".", **content}))
    (path.parent / "benchmarks").mkdir(exist_ok=True)
    subprocess.run(["git", "-C", str(checkout), "add", "--force", name], check=True)


def tracked(checkout: Path, repository: str = "octo/lib", asked: str = "") -> Tracked:
    """What *checkout* tracks."""
    suite = checkout / ".tracker-source" / "asv.conf.json"
    return find_tracked(checkout, asked=asked, repository=repository, suite=suite)


@pytest.mark.parametrize(
    ("name", "repo"),
    [
        ("asv.conf.json", "."),
        ("asv.conf.jsonc", "."),
        ("asv_bench/asv.conf.json", ".."),
        ("benchmarks/asv.conf.json", ".."),
        ("packages/core/perf/asv.conf.jsonc", "https://github.com/Octo/lib.git"),
    ],
)
def test_the_projects_own_suite_is_found_wherever_it_is(checkout: Path, name: str, repo: str):
    """Pandas has it in asv_bench/, numpy and scipy in benchmarks/; some write it with comments."""
    configure(checkout, name, repo=repo)
    answer = tracked(checkout)
    assert answer.config == checkout / name
    assert answer.own


def test_of_several_suites_one_must_be_named(checkout: Path):
    """Measuring one of them in silence would leave the others unwatched."""
    for name in ("a/asv.conf.json", "b/asv.conf.json"):
        configure(checkout, name, repo="..")
    with pytest.raises(UsageError, match=r"several configurations of asv: a/.*, b/") as error:
        tracked(checkout)
    assert "input `config`" in error.value.next_step
    assert tracked(checkout, asked="b/asv.conf.json").config == checkout / "b/asv.conf.json"


def test_the_configuration_at_the_top_outranks_others(checkout: Path):
    """A project may keep further ones, as asv itself does for its tests."""
    configure(checkout, "asv.conf.json")
    configure(checkout, "tests/asv.conf.json")
    assert tracked(checkout).config == checkout / "asv.conf.json"


def test_what_git_does_not_track_is_no_suite(checkout: Path):
    """A virtual environment may hold asv's own template."""
    place = checkout / ".venv" / "asv" / "asv.conf.json"
    place.parent.mkdir(parents=True)
    place.write_text("{}")
    with pytest.raises(UsageError, match="nothing to measure"):
        tracked(checkout)


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_that_we_know_is_measured_as_itself(checkout: Path, library: str):
    """By its name: in a repository of dramatiq it is dramatiq that is measured, not AsyncTasQ."""
    (checkout / "tracker.toml").write_text("[gates]\nthroughput = true\n")
    answer = tracked(checkout, f"somebody/{library.title()}")
    content = json.loads(answer.config.read_text())
    assert read_suite(answer.config).project == library
    assert answer.own
    assert os.path.realpath(answer.address) == os.path.realpath(checkout)
    assert content["show_commit_url"].endswith(f"somebody/{library.title()}/commit/")
    assert "branches" not in content
    assert (answer.config.parent / "tracker.toml").is_file()


def test_a_projects_name_outranks_its_repositorys(checkout: Path):
    """A repository that is called like a library need not hold it, and the other way round."""
    (checkout / "pyproject.toml").write_text('[project]\nname = "celery_plugins"\n')
    with pytest.raises(UsageError, match="our suite does not know celery-plugins"):
        tracked(checkout, "octo/celery")
    (checkout / "pyproject.toml").write_text('[tool.poetry]\nname = "RQ"\n')
    assert read_suite(tracked(checkout, "octo/queue").config).project == "rq"


def test_a_foreign_repository_without_a_suite_stops(checkout: Path):
    """AsyncTasQ would be measured, published as theirs, and every pull request called fine."""
    with pytest.raises(UsageError, match="nothing to measure") as error:
        tracked(checkout, "octo/weather")
    assert "input `config`" in error.value.next_step


def test_another_repository_is_known_as_another(checkout: Path, tmp_path: Path):
    """Its branch is that of its own clone, whatever it is called."""
    make_repository(tmp_path / "other.git", 2, "develop")
    configure(checkout, "asv.conf.json", repo=str(tmp_path / "other.git"))
    answer = tracked(checkout)
    assert not answer.own
    clone = clone_tracked(answer, tmp_path / "clone.git")
    assert current_branch(answer, clone) == "develop"

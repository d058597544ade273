"""`tracker compare-libraries` on run records."""

import json
from pathlib import Path

import pytest

from tests.support.git import git
from tests.support.run_records import run_record, store_record
from tracker import cli
from tracker.errors import ExitCode


def store(results: Path, library: str, throughput: float, **changes: object) -> None:
    """Write a run record of three runs."""
    samples = {"throughput": [throughput, throughput * 1.01, throughput * 0.99]}
    store_record(results, run_record(library, samples, **changes))


def test_the_tracked_library_is_the_base_and_celery_comes_next(tmp_path: Path, capsys):
    """Rows of text: base, then celery, then the rest; ratio, interval and effect beside each."""
    for library, rate in (("huey", 300.0), ("celery", 100.0), ("asynctasq", 200.0)):
        store(tmp_path, library, rate)
    assert cli.run(["compare-libraries", "--results", str(tmp_path), "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["asynctasq", "celery", "huey"]
    assert "0.50" in lines[3]
    assert "-1.00 large" in lines[3]


def test_the_newest_commit_counts_although_an_older_one_was_measured_later(tmp_path, capsys):
    """Old commits are often measured after new ones."""
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet", "--initial-branch", "main")
    shas = []
    for name in ("old", "new"):
        git(repository, "commit", "--quiet", "--allow-empty", "--message", name)
        shas.append(git(repository, "rev-parse", "HEAD"))
    results = tmp_path / "results"
    store(results, "celery", 100.0)
    store(results, "asynctasq", 200.0, commit=shas[1], finished_at_ms=1)
    store(results, "asynctasq", 50.0, commit=shas[0], finished_at_ms=2)
    where = ["--results", str(results), "--repo", str(repository)]
    assert cli.run(["compare-libraries", *where, "--format", "json", "--quiet"]) == 0
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert {row["library"]: row["median"] for row in table["rows"]}["asynctasq"] == 200.0


def test_two_machines_are_never_set_side_by_side(tmp_path: Path, capsys):
    """Without a name the command says which there are."""
    for name in ("a", "b"):
        store(tmp_path, "celery", 100.0, machine=name)
    command = ["compare-libraries", "--results", str(tmp_path)]
    assert cli.run(command) == ExitCode.USAGE
    assert "results of different machines are not comparable: a, b" in capsys.readouterr().err
    assert cli.run([*command, "--machine", "a"]) == 0


@pytest.mark.parametrize(
    ("option", "name", "there"),
    [
        ("machine", "c", "a"),
        ("base", "celeri", "asynctasq, celery"),
        ("against", "huey", "asynctasq, celery"),
        ("scenarios", "basic,io_bound", "basic_throughput"),
    ],
)
def test_a_name_that_was_not_measured_is_refused(tmp_path, capsys, option, name, there):
    """It is named with what there is, not answered with tables that lack it."""
    for library in ("asynctasq", "celery"):
        store(tmp_path, library, 100.0, machine="a")
    command = ["compare-libraries", "--results", str(tmp_path), f"--{option}", name]
    assert cli.run(command) == ExitCode.USAGE
    said = capsys.readouterr()
    assert name.replace(",", ", ") in said.err
    assert f"choose from {there}" in said.err
    assert said.out == ""


def test_results_without_run_records_are_no_comparison(tmp_path: Path, capsys):
    """Of another asv project there are none: a data error, not an empty answer."""
    assert cli.run(["compare-libraries", "--results", str(tmp_path)]) == ExitCode.DATA
    assert "no run records" in capsys.readouterr().err

"""What `tracker report` lists, and that it never depends on what was kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.real_results import lay_out
from tracker.cli import run
from tracker.errors import ExitCode

type Report = Callable[..., tuple[int, str]]


@pytest.fixture
def report(config: Path, capsys: pytest.CaptureFixture[str]) -> Report:
    """The exit code of the command on the demo, and what it wrote."""

    def call(*options: str) -> tuple[int, str]:
        code = run(["report", "-q", "--config", str(config), *options])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return call


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's results, and an empty cache."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    return lay_out(folder)


def test_a_kept_cache_and_an_empty_one_give_the_same_report(
    config: Path, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One file is added between two calls: every byte is as if nothing had been kept."""
    files = (config.parent / "results" / "demo").glob("*-*.json")
    newest = max(files, key=lambda path: path.stat().st_size)
    aside = tmp_path / newest.name
    shutil.move(newest, aside)
    before = report("--format", "json")
    shutil.move(aside, newest)

    kept, again = report("--format", "json"), report("--format", "json")
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "empty"))

    assert report("--format", "json") == kept == again != before


def test_a_library_that_is_none_is_refused(report: Report):
    """As an unknown commit is; those that there are get named."""
    code, text = report("--library", "asynctask")
    assert code == ExitCode.USAGE
    assert "name one of asynctasq, celery" in text


def test_options_choose_what_is_listed(report: Report):
    """A library, a verdict, a release: fewer rows, the same exit code."""
    code, whole = report("--limit", "99")
    listed = [
        report("--limit", "99", "--library", "asynctasq"),
        report("--limit", "99", "--verdict", "suspected"),
        report("--since", "v1.7.0"),
    ]

    assert [one for one, _ in listed] == [code] * 3
    ours, suspected, later = (text for _, text in listed)
    table = "Where the series stand"
    assert "track_throughput('celery')" in whole.partition(table)[2]
    assert "'celery'" not in ours.partition(table)[2].partition("Expected")[0]
    assert " no change" not in suspected.partition(table)[2]
    assert "No events" in later


def test_a_beginning_that_nobody_knows_is_refused(report: Report):
    """A word that is no commit, release or day: one line with the next step."""
    code, text = report("--since", "yesterday")

    assert code == ExitCode.USAGE
    assert "--since yesterday: no commit of this history" in text

"""`tracker explain`: from records without measuring, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.support.real_results import lay_out
from tracker.cli import run
from tracker.errors import ExitCode

TAGS = ("v1.4.1", "v1.5.0")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's results; their repository has commits without files."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    return lay_out(tmp_path)


def test_two_releases_are_explained_from_their_records(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """1.4.1 to 1.5.0: one command less, and what came with it, although sources are missing."""
    out = tmp_path / "explain.json"
    assert run(["explain", "v1.4.1", "v1.5.0", "--config", str(config), "--out", str(out)]) == 0
    first, command, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("Why (basic_throughput): round trips per task 5.00 to 3.00;")
    assert command.startswith("Worker: zrangebyscore 1 to 0 commands a task")
    content = json.loads(out.read_bytes())
    assert content["code_known"] is False
    assert content["scenarios"][0]["causes"][0]["name"] == "zrangebyscore"


def without_clone(config: Path) -> None:
    """The results alone are here, as after downloading them."""
    (config.parent / "repo.git").rename(config.parent / "elsewhere.git")


def test_records_explain_without_a_clone(config: Path, capsys: pytest.CaptureFixture[str]):
    """Names are versions or hashes then; what the sources would tell is said to be missing."""
    shas = [(config.parent / f"repo.git/refs/tags/{tag}").read_text() for tag in TAGS]
    without_clone(config)
    for base, head in (TAGS, [sha[:10] for sha in shas], [tag.removeprefix("v") for tag in TAGS]):
        assert run(["explain", base, head, "--config", str(config)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[1].startswith("Worker: zrangebyscore 1 to 0 commands a task")
        assert lines[-2].startswith("Missing: the sources (there is no local clone: name one by")
        assert lines[-1] == "Missing: instructions (not counted at quick size)."


def test_a_name_that_several_recorded_commits_have_is_refused(
    config: Path, capsys: pytest.CaptureFixture[str]
):
    """Two commits that call themselves 1.4.1: only a hash can tell them apart."""
    without_clone(config)
    (record,) = [
        path
        for path in config.parent.glob("results/*/records/*/basic_throughput.asynctasq.record")
        if json.loads(path.read_bytes())["library_versions"]["asynctasq"] == "1.4.1"
    ]
    twin = json.loads(record.read_bytes()) | {"commit": "c" * 40}
    record.with_name("twin.asynctasq.record").write_text(json.dumps(twin), encoding="utf-8")
    assert run(["explain", "v1.4.1", "v1.5.0", "--config", str(config)]) == ExitCode.USAGE
    assert "v1.4.1 is ambiguous" in capsys.readouterr().err


def test_the_report_explains_its_events(config: Path, capsys: pytest.CaptureFixture[str]):
    """Below the event of release 1.5.0 stands why, in Markdown as code."""
    run(["report", "-q", "--config", str(config)])
    assert "     Worker: zrangebyscore 1 to 0 commands a task" in capsys.readouterr().out
    run(["report", "-q", "--config", str(config), "--format", "markdown"])
    assert "<br>Worker: `zrangebyscore` 1 to 0 commands a task" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("v1.4.1", "v9.9.9"), ExitCode.USAGE, "no commit v9.9.9"),
        (("v1.4.1", "v1.5.0", "--fresh"), ExitCode.DATA, "benchmark"),
        (("v1.4.1", "v1.5.0", "--split"), ExitCode.DATA, "benchmark"),
        (("v1.4.1", "v1.5.0", "--base-packages", "redis"), ExitCode.USAGE, "names no versions"),
        (("v1.4.1", "v1.5.0", "--out", "/nowhere/x.json"), ExitCode.USAGE, "/nowhere/x.json"),
    ],
)
def test_what_cannot_be_is_refused(
    config: Path,
    arguments: tuple[str, ...],
    code: ExitCode,
    said: str,
    capsys: pytest.CaptureFixture[str],
):
    """An unknown commit, a project without benchmarks, a file that cannot be written."""
    assert run(["explain", *arguments, "--config", str(config)]) == code
    assert said in capsys.readouterr().err


def own_suite(config: Path) -> None:
    """Benchmarks of ours, as far as asking whether they can count looks."""
    adapters = config.parent / "benchmarks" / "harness" / "library" / "adapters"
    adapters.mkdir(parents=True)
    (adapters / "asynctasq_adapter.py").write_text("", encoding="utf-8")


def test_equal_packages_are_not_split(config: Path, capsys: pytest.CaptureFixture[str]):
    """The six releases were measured with one lock: nothing is built to find that out."""
    own_suite(config)
    arguments = ["explain", "v1.4.1", "v1.5.0", "--split", "--config", str(config)]
    assert run(arguments) == ExitCode.USAGE
    assert "name no package whose versions differ" in capsys.readouterr().err


def test_a_suite_that_cannot_count_is_told_before_anything_is_built(
    config: Path, capsys: pytest.CaptureFixture[str]
):
    """An asv project of others has clocks only."""
    suite = config.parent / "benchmarks"
    suite.mkdir()
    (suite / "simple.py").write_text("def time_nothing(): ...\n", encoding="utf-8")
    assert run(["explain", "v1.4.1", "v1.5.0", "--config", str(config), "--fresh"]) == 2
    assert "record no counts to explain a change with" in capsys.readouterr().err

"""`tracker plan` on files: scenario names and durations without running anything."""

import json
from pathlib import Path

import pytest

from tracker import cli


def project(folder: Path) -> Path:
    """An asv project with three scenarios and results of one commit."""
    benchmarks = folder / "benchmarks"
    benchmarks.mkdir()
    for name in ("__init__", "_private", "io_bound", "cpu_bound", "mixed"):
        (benchmarks / f"{name}.py").write_text("raise ImportError\n", encoding="utf-8")
    config = folder / "asv.conf.json"
    fields = {"version": 1, "project": "x", "repo": ".", "results_dir": "kept/results"}
    config.write_text(json.dumps(fields), encoding="utf-8")
    results = folder / "kept" / "results" / "m"
    results.mkdir(parents=True)
    document = {
        "version": 2,
        "commit_hash": "a" * 40,
        "result_columns": ["result", "params", "version", "started_at", "duration"],
        "results": {
            "io_bound.Io.track_throughput": [[1.0], [], "1", 0, 5.0],
            "cpu_bound.Cpu.track_throughput": [[1.0], [], "1", 0, 1.0],
            "mixed.Mixed.track_throughput": [None],
        },
        "durations": {"<build>": 30.0, "<setup_cache cpu_bound:12>": 99.0},
    }
    (results / "aaaaaaaa-env.json").write_text(json.dumps(document), encoding="utf-8")
    (results / "bbbbbbbb-env.json").write_text("{cut short", encoding="utf-8")
    (results / "machine.json").write_text('{"machine": "m"}', encoding="utf-8")
    return config


def plan(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """Run the command and parse what it prints."""
    assert cli.run(["plan", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_shards_follow_recorded_durations(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The long setup_cache gets its own shard; what never finished counts as the median."""
    config = project(tmp_path)
    assert plan(capsys, "--config", str(config), "--shards", "2") == {
        "include": [
            {"shard": 1, "scenarios": "cpu_bound", "seconds": 100.0},
            {"shard": 2, "scenarios": "io_bound,mixed", "seconds": 57.5},
        ]
    }


def test_without_results_shards_are_even(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A first run has nothing to go by; asked scenarios only are planned."""
    config = project(tmp_path)
    missing = tmp_path / "none"
    found = plan(
        capsys,
        "--config",
        str(config),
        "--results",
        str(missing),
        "--shards",
        "9",
        "--scenarios",
        "mixed,io_bound",
    )
    assert [entry["scenarios"] for entry in found["include"]] == ["io_bound", "mixed"]


def test_an_unknown_scenario_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The message names those that exist."""
    config = project(tmp_path)
    assert cli.run(["plan", "--config", str(config), "--scenarios", "nothing"]) == 2
    assert "cpu_bound, io_bound, mixed" in capsys.readouterr().err


def test_asvs_other_name_of_its_configuration_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Where no asv.conf.json is, asv looks for asv.conf.jsonc too."""
    config = project(tmp_path)
    config.rename(tmp_path / "asv.conf.jsonc")
    monkeypatch.chdir(tmp_path)
    assert plan(capsys, "--shards", "1")["include"]

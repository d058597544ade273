"""`tracker scenarios`: what became of each cell is looked up where it was measured."""

import json
from pathlib import Path

from tests.support.run_records import run_record, store_record
from tracker.cli import run

ROOT = Path(__file__).parents[3]


def test_outcomes_are_those_of_the_configurations_results(tmp_path, capsys):
    """Another `results_dir` is where `tracker run` stores; `.asv/results` is only the default."""
    (tmp_path / "benchmarks").symlink_to(ROOT / "benchmarks")
    config = tmp_path / "asv.conf.json"
    settings = {"version": 1, "project": "rq", "repo": ".", "results_dir": "elsewhere"}
    config.write_text(json.dumps(settings))
    record = run_record("rq", scenario="basic_throughput", validation={"throughput_cv": 0.05})
    store_record(tmp_path / "elsewhere", record)

    asked = ["--config", str(config), "--scenarios", "basic_throughput", "--libraries", "rq"]
    assert run(["scenarios", *asked]) == 0
    assert capsys.readouterr().out.split()[-2:] == ["basic_throughput", "measured"]

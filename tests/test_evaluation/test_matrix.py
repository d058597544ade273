"""The matrix of cells: what is left to measure, how long it took, and how much runs differ."""

import sys
from pathlib import Path

import pytest

from benchmarks.harness.lab.results.validation import GOOD_CV
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.spec import HARNESS_VERSION
from benchmarks.multi_queue import SPEC
from tests.evaluation.matrix import __main__ as matrix
from tests.evaluation.matrix import run as matrix_run
from tests.evaluation.matrix.run import Plan, durations_of, pinned_version, unfinished
from tests.evaluation.matrix.spread import FLAGGED_ABOVE, as_markdown, spread_of
from tests.support.run_records import run_record, store_record


def record(library: str, **changes) -> dict:
    """A run record of a measured cell, as far as the matrix reads it."""
    whole = {
        "library_versions": {library: pinned_version(library)},
        "scenario": SPEC.name,
        "scenario_version": SPEC.version,
        "harness_version": HARNESS_VERSION,
        "size": "quick",
        "validation": {"throughput_cv": 0.05},
    }
    return run_record(library, **{**whole, **changes})


def plan(results: Path, *libraries: str, again: bool = False) -> Plan:
    """One scenario for some libraries."""
    return Plan(
        libraries=libraries, scenarios=(SPEC.name,), size="quick", results=results, machine="m",
        again=again,
    )  # fmt: skip


def test_finished_cells_are_not_measured_again(tmp_path: Path):
    """Measured and unsupported ones are finished, failed and missing ones are not."""
    store_record(tmp_path, record("huey"))
    store_record(tmp_path, record("arq", outcome="unsupported", library_versions={}))
    store_record(tmp_path, record("rq", outcome="failed"))

    libraries = ("huey", "arq", "rq", "celery")
    assert unfinished(plan(tmp_path, *libraries), SPEC.name) == ["rq", "celery"]
    assert unfinished(plan(tmp_path, *libraries, again=True), SPEC.name) == list(libraries)


@pytest.mark.parametrize(
    "change",
    [
        {"size": "full"},
        {"scenario_version": 99},
        {"harness_version": 99},
        {"machine": "another"},
        {"library_versions": {"huey": "0.0.1"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_cell_that_was_measured_differently_is_measured_again(tmp_path: Path, change: dict):
    """Another size, machine, scenario, harness or library version is another measurement."""
    store_record(tmp_path, record("huey", **change))
    assert unfinished(plan(tmp_path, "huey"), SPEC.name) == ["huey"]


def test_every_library_has_a_pinned_version():
    """What a record must name to count as finished can be read from each lock."""
    assert all(pinned_version(library) for library in LIBRARIES)


def test_the_harness_is_told_where_uv_is(tmp_path: Path, monkeypatch):
    """It runs in another interpreter, which has none beside it, and PATH need not have one."""
    harness, said = tmp_path / "python", tmp_path / "said"
    harness.write_text(f'#!/bin/sh\nprintf %s "$UV" > {said}\n')
    harness.chmod(0o755)
    monkeypatch.setattr(matrix_run, "ensure_environment", lambda *_, **__: harness)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    matrix_run.measure_cells(plan(tmp_path, "huey"))

    assert Path(said.read_text()) == Path(sys.executable).with_name("uv")


def test_time_goes_to_the_library_that_was_announced_last():
    """Rounds add up; what follows the last round belongs to nobody."""
    lines = [
        (0.0, "  s: rq, default, round 1 of 2"),
        (1.0, "  s: huey, default, round 1 of 2"),
        (3.0, "  s: rq, default, round 2 of 2"),
        (6.0, "  s: rq: measured"),
        (60.0, ""),
    ]
    assert durations_of(lines, ("rq", "huey")) == {"rq": 4.0, "huey": 2.0}


def test_cells_above_the_limit_are_flagged_by_name():
    """The table marks them, the sentence names them with their figure, worst first."""
    found = [
        spread_of("one", "rq", record("rq", validation={"throughput_cv": 0.25}), 60.0),
        spread_of("one", "huey", record("huey"), 30.0),
        spread_of("two", "rq", record("rq", outcome="failed"), None),
        spread_of("two", "huey", record("huey", validation={"throughput_cv": 0.4}), None),
    ]
    text = as_markdown(found)
    assert "| one | **0.25** | 0.05 | 1.5 |" in text
    assert "| two | **failed** | **0.40** | - |" in text
    assert "4 cells: 3 measured, 1 failed." in text
    assert "unreliable: two of huey (0.40), one of rq (0.25)." in text


def test_cold_start_shows_the_spread_of_its_own_metric():
    """Without a throughput, the time until all places are taken stands in."""
    cold = record(
        "huey",
        validation={"throughput_cv": None},
        metrics={"time_to_ready": {"samples": [1.0, 1.0, 1.0]}},
    )
    assert spread_of("cold_start", "huey", cold, None).variation == 0.0


def test_the_limit_is_that_of_the_validation():
    """Two files of two environments name the same limit."""
    assert FLAGGED_ABOVE == GOOD_CV


def test_a_failed_cell_ends_with_a_code(tmp_path: Path, monkeypatch, capsys):
    """Measuring ends with 1 while a cell has failed, and with 0 when all are finished."""
    monkeypatch.setattr(matrix, "measure_cells", lambda _plan: None)
    chosen = ["--scenarios", SPEC.name, "--libraries", "huey"]
    store_record(tmp_path, record("huey", outcome="failed", reason="the worker died"))
    assert matrix.main([*chosen, "--results", str(tmp_path)]) == 1
    assert "failed: the worker died" in capsys.readouterr().out
    store_record(tmp_path, record("huey"))
    assert matrix.main([*chosen, "--results", str(tmp_path)]) == 0
    assert "1 cells: 1 measured, 0 failed." in capsys.readouterr().out


def test_durations_of_an_earlier_run_are_kept(tmp_path: Path):
    """Resuming adds to what is known and replaces what was measured again."""
    matrix_run.keep_durations(tmp_path, {"a.rq": 1.0, "b.rq": 2.0})
    matrix_run.keep_durations(tmp_path, {"b.rq": 3.0})
    assert matrix_run.read_durations(tmp_path) == {"a.rq": 1.0, "b.rq": 3.0}

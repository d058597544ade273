"""Each scenario once, each library at least once, with real workers at quick size."""

import json
from pathlib import Path

import pytest

from benchmarks.harness.shared.adapter import Level
from benchmarks.harness.shared.registry import LIBRARIES, import_adapter
from benchmarks.harness.shared.scenarios import import_spec, scenario_names

PAIRS = (
    ("basic_throughput", "arq"),
    ("io_bound", "taskiq"),
    ("cpu_bound", "huey"),
    ("mixed_load", "celery"),
    ("serialization", "procrastinate"),
    ("scalability", "dramatiq"),
    ("order_pipeline", "asynctasq"),
    ("cold_start", "rq"),
    ("multi_queue", "asynctasq"),
    ("event_streaming", "celery"),
    ("fastapi_dispatch", "taskiq"),
)


def test_every_scenario_and_every_library_has_its_turn():
    """The pairs below leave out no scenario and no library."""
    assert {scenario for scenario, _ in PAIRS} == set(scenario_names())
    assert {library for _, library in PAIRS} == set(LIBRARIES)


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "library"), PAIRS)
def test_a_cell_is_measured_with_all_its_numbers(
    scenario: str, library: str, tmp_path: Path, run_harness
):
    """The record says measured and holds every metric of the variants that the library offers."""
    done = run_harness(
        "benchmarks.harness.measure", scenario, "--library", library, "--runs", "1",
        "--size", "quick", "--only", "times", "--results", str(tmp_path), "--quiet",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    cell = json.loads(done.stdout.splitlines()[-1])[library]
    assert cell["outcome"] == "measured", cell["reason"]
    record = json.loads(Path(cell["path"]).read_text(encoding="utf-8"))
    adapter, spec = import_adapter(library), import_spec(scenario)
    offered = {
        variant.name
        for variant in spec.variants_for(library)
        if adapter.support(scenario, variant.name).level is not Level.UNSUPPORTED
    }
    wanted = {m.name for m in spec.metrics if not m.variant or m.variant in offered}
    variation = {"throughput_cv"}  # of a single run there is none
    assert set(record["metrics"]) - variation == wanted - variation


@pytest.mark.slow
def test_an_unsupported_cell_has_a_reason_and_no_number(tmp_path: Path, run_harness):
    """A library without priorities (arq): the record says so, and nothing was measured."""
    done = run_harness(
        "benchmarks.harness.measure", "multi_queue", "--library", "arq",
        "--results", str(tmp_path), "--quiet",
    )  # fmt: skip
    cell = json.loads(done.stdout.splitlines()[-1])["arq"]
    assert cell["outcome"] == "unsupported"
    assert "priorities" in cell["reason"]
    assert not json.loads(Path(cell["path"]).read_text(encoding="utf-8"))["metrics"]

"""What asv finds, by its own discovery: exactly the metrics of the scenarios, with units."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import basic_throughput
from benchmarks.harness.asv import scenario_class
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.spec import ScenarioSpec
from tracker.model.catalogue import METRICS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DISCOVER = """
import sys
from asv_runner.discovery import list_benchmarks
list_benchmarks(sys.argv[1], open(sys.argv[2], "w"))
print(sorted(m for m in sys.modules if m.startswith("benchmarks.harness.lab")))
"""


@pytest.fixture(scope="module")
def discovered(tmp_path_factory):
    """The benchmarks that asv's runner lists, by name; and the lab modules it imported."""
    out = tmp_path_factory.mktemp("asv") / "list.json"
    done = subprocess.run(
        [sys.executable, "-c", DISCOVER, str(BENCHMARKS), str(out)],
        capture_output=True, text=True, check=True, cwd=out.parent,
    )  # fmt: skip
    return {b["name"]: b for b in json.loads(out.read_text())}, done.stdout.strip()


def test_basic_throughput_has_exactly_the_common_metrics(discovered):
    """The names are pinned: a renamed one would lose its history."""
    found = {n for n in discovered[0] if n.startswith("basic_throughput.")}

    assert found == {f"basic_throughput.BasicThroughput.track_{m.name}" for m in COMMON}


def test_nothing_but_scenario_classes_is_collected(discovered):
    """No helper of ours is taken for a benchmark: one class per module, named after it."""
    for name in discovered[0]:
        module, klass, method = name.split(".")
        assert klass == "".join(part.capitalize() for part in module.split("_"))
        assert method.startswith("track_")


def test_units_versions_and_parameters_are_told_to_asv(discovered):
    """What asv stores is what the scenario says."""
    one = discovered[0]["basic_throughput.BasicThroughput.track_latency_p50"]

    assert one["unit"] == "s"
    assert one["version"] == basic_throughput.SPEC.asv_version
    assert one["params"] == [[repr(name) for name in LIBRARIES]]
    assert one["param_names"] == ["library"]


def test_every_class_has_a_setup_cache_of_its_own(discovered):
    """The cache is keyed by file and line; a shared one would give all scenarios one result."""
    keys = {}
    for name, benchmark in discovered[0].items():
        keys.setdefault(benchmark["setup_cache_key"], set()).add(name.split(".")[0])

    assert all(len(modules) == 1 for modules in keys.values())
    assert None not in keys


def test_asv_imports_nothing_of_the_lab(discovered):
    """The environment of a commit has no numpy and needs none."""
    assert discovered[1] == "[]"


def test_common_metrics_are_those_of_the_catalogue():
    """Names and units on both sides of the seam are the same."""
    assert {m.name: m.unit for m in COMMON} == {
        name: METRICS[name].unit for name in (m.name for m in COMMON)
    }


def test_a_cell_becomes_a_value_a_gap_or_an_error():
    """Measured: samples. Not selected or unsupported: skipped in setup. Failed: the reason."""
    cells = {
        "celery": {"outcome": "measured", "reason": "", "metrics": {"x": {"samples": [1.0, 2.0]}}},
        "huey": {"outcome": "measured", "reason": "", "metrics": {"x": {"samples": [3.0]}}},
        "rq": {"outcome": "failed", "reason": "the rq worker died", "metrics": {}},
        "arq": {"outcome": "unsupported", "reason": "no priorities", "metrics": {}},
    }
    track = scenario_class._method(scenario_class.MetricSpec(name="x", unit="s"))

    assert track(None, cells, "celery") == {"samples": [1.0, 2.0], "number": 1}
    assert track(None, cells, "huey") == 3.0
    with pytest.raises(RuntimeError, match="the rq worker died"):
        track(None, cells, "rq")
    for library, why in (("arq", "no priorities"), ("dramatiq", "not selected")):
        with pytest.raises(NotImplementedError, match=why):
            scenario_class._setup(None, cells, library)


def test_the_class_must_be_named_after_its_module():
    """The full asv name of a metric can be told without importing the scenario."""
    spec: ScenarioSpec = basic_throughput.SPEC
    with pytest.raises(TypeError, match="BasicThroughput"):
        scenario_class.scenario(spec)(type("Other", (), {"setup_cache": dict}))

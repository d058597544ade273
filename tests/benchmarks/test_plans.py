"""The plans of the scenarios, which share what they have in common."""

from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from itertools import groupby
from pathlib import Path

import pytest

from benchmarks.harness.lab.counting.counted_round import alone
from benchmarks.harness.shared.metric_names import COMMON
from benchmarks.harness.shared.plans import FULL, QUICK, burst, paced
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.scenarios import import_spec, scenario_names
from benchmarks.harness.shared.spec import MetricSpec, Pattern, ScenarioSpec, Size
from benchmarks.harness.shared.variant_options import HELD, is_tuned
from tracker.report.libraries.effect import LEAST_SAMPLES

SPECS = [import_spec(name) for name in scenario_names()]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_full_size_measures_more_than_the_quick_one(spec: ScenarioSpec):
    """As many runs or more, and larger loads: figures to rely on."""
    quick, full = (spec.plan(size) for size in (Size.QUICK, Size.FULL))
    runs = [plan.rounds * plan.runs_per_round for plan in (quick, full)]
    assert runs[0] <= runs[1]
    assert all(a.tasks < b.tasks for a, b in zip(quick.phases, full.phases, strict=True))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_quick_cell_has_runs_enough_for_an_interval(spec: ScenarioSpec):
    """Three runs or more, in two rounds or more, so that their spread can be seen."""
    assert spec.quick.rounds >= 2
    assert spec.quick.rounds * spec.quick.runs_per_round >= LEAST_SAMPLES


def test_shared_plans_have_no_loads_of_their_own():
    """A scenario that forgets its loads measures nothing rather than those of another."""
    assert (QUICK.phases, FULL.phases) == ((), ())


def test_loads_are_what_their_names_say():
    """A burst has no rate, a paced load has one for each library."""
    assert (burst(5).pattern, burst(5).rate_of("rq")) == (Pattern.BURST, 0.0)
    load = paced(5, 100, (("rq", 8.0),))
    assert load.pattern is Pattern.PACED
    assert (load.rate_of("rq"), load.rate_of("huey")) == (8.0, 100)


def test_only_what_we_tuned_is_measured_untuned_too():
    """Arq's polling and procrastinate's durability have a variant with their defaults."""
    spec = next(spec for spec in SPECS if spec.name == "basic_throughput")
    names = {library: [v.name for v in spec.variants_for(library)] for library in LIBRARIES}
    assert [library for library in LIBRARIES if "untuned" in names[library]] == [
        "arq", "procrastinate",
    ]  # fmt: skip
    default, untuned = spec.variants_for("arq")
    assert (is_tuned(default), is_tuned(untuned)) == (True, False)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_page_of_scenarios_says_what_the_scenario_files_say(spec: ScenarioSpec):
    """Words, variants and metrics of docs/scenarios.md are those of the code."""
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    section = page.partition(f"## `{spec.name}`\n")[2].partition("\n## ")[0]

    assert section.strip() == "\n".join(described(spec)).strip()


def described(spec: ScenarioSpec) -> Iterator[str]:
    """The lines of a scenario's section."""
    yield cleandoc(import_module(f"benchmarks.{spec.name}").__doc__ or "")
    yield ""
    variants = [
        f"`{v.name}`" + (f" ({', '.join(v.only)})" if v.only else "") for v in spec.variants
    ]
    if len(variants) > 1:
        yield f"- variants: {', '.join(variants)}"
    own = [metric for metric in spec.metrics if metric not in COMMON]
    units = [
        ", ".join(f"`{metric.name}`" for metric in metrics) + f" ({unit})"
        for unit, metrics in groupby(sorted(own, key=_unit), key=_unit)
    ]
    if own:
        yield f"- metrics: {', '.join(units)}"


def _unit(metric: MetricSpec) -> str:
    return metric.unit


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_counting_takes_one_task_at_a_time_and_does_not_wait_long(spec: ScenarioSpec):
    """The mock API answers at once, and clients are patient; all else of the variant stays."""
    variant = spec.variants[0]
    counted = alone(variant)
    assert (counted.workers.concurrency, counted.workers.processes) == (1, 1)
    assert counted.tasks == variant.tasks
    base, head = dict(variant.options), dict(counted.options)
    assert float(head.pop("api_latency_ms", 0)) <= 2
    base.pop("api_latency_ms", None)
    assert {**base, HELD: "yes"} == head

"""The scenarios that there are: the modules under benchmarks/. Standard library only."""

from importlib import import_module
from pkgutil import iter_modules

import benchmarks
from benchmarks.harness.shared.errors import UnknownScenarioError
from benchmarks.harness.shared.spec import ScenarioSpec


def scenario_names() -> tuple[str, ...]:
    """Names of all scenario modules, sorted."""
    return tuple(sorted(m.name for m in iter_modules(benchmarks.__path__) if not m.ispkg))


def import_spec(scenario: str) -> ScenarioSpec:
    """The `SPEC` of a scenario module.

    Raises:
        UnknownScenarioError: there is no such module.
    """
    if scenario not in scenario_names():
        raise UnknownScenarioError(scenario, scenario_names())
    spec: ScenarioSpec = import_module(f"benchmarks.{scenario}").SPEC
    return spec

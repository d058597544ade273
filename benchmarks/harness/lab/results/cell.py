"""What is measured: one library in one scenario, with everything that is needed to start it."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.harness.shared.adapter import Adapter
from benchmarks.harness.shared.spec import LoadPlan, ScenarioSpec, Size, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One library in one scenario.

    Attributes:
        python: interpreter of the library's environment.
        tracked: whether that is asv's environment of the commit (else a locked control).
        web: site-packages of the web environment, empty when not wanted.
    """

    library: str
    adapter: Adapter
    python: Path
    spec: ScenarioSpec
    size: Size
    tracked: bool = False
    web: str = ""

    @property
    def plan(self) -> LoadPlan:
        """How much is measured."""
        return self.spec.plan(self.size)

    def plan_for(self, variant: Variant) -> LoadPlan:
        """How much of *variant* is measured."""
        plan = self.plan
        if variant == self.variants[0] or not plan.phases_of_others:
            return plan
        return replace(plan, phases=plan.phases[: plan.phases_of_others])

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The variants that this library can do, in the scenario's order."""
        return tuple(v for v in self.spec.variants_for(self.library) if self._supports(v))

    def _supports(self, variant: Variant) -> bool:
        return self.adapter.support(self.spec.name, variant.name).level != "unsupported"

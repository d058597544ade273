"""What of a difference is the code's, and what is the packages', where both changed.

Old and new code are counted with old and new packages. Each change then has two effects, one before
and one after the other change. The effect told is their mean: Shapley's value of two players, the
only split that is symmetric and adds up to the whole (L. S. Shapley, A value for n-person games,
1953, doi 10.1515/9781400881970-018; for decompositions A. F. Shorrocks, J. Econ. Inequality 11,
2013, doi 10.1007/s10888-011-9214-z). Where the two effects differ, the changes act together; the
interval holds both.
"""

from dataclasses import dataclass

from tracker.counts.count_changes import compare_counts, tolerance_of
from tracker.explain.function_changes import (
    compare_functions,
    lines_by_package,
    package_of_distribution,
)
from tracker.explain.scenario_sides import ROLES, Sides
from tracker.model.catalogue import METRICS
from tracker.model.counts import CountedMetric, Counts, unpack_functions
from tracker.model.explanation import Attribution, Effect, fitting

PRICES = ("instructions_per_task", "all_lines_per_task")
"""The counts that hold all of a task's Python, the one nearest to its CPU time first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """One scenario as each commit runs it with the other's packages."""

    base_code: Counts
    head_code: Counts


def attribute(sides: Sides, corners: Corners) -> Attribution | None:
    """Split the difference of *sides*; None where nothing moved, or no count is in all corners.

    Raises:
        msgspec.MsgspecError: the counts of the functions are damaged.
    """
    counted = (sides.base, corners.base_code, corners.head_code, sides.head)
    for name in PRICES:
        if all(name in each.metrics for each in counted):
            old, other_packages, other_code, new = (each.metrics[name] for each in counted)
            if not compare_counts(METRICS[name], old, new).moved:
                continue
            return Attribution(
                metric=name,
                unit=METRICS[name].unit,
                base=old.value,
                head=new.value,
                code=_effect(name, (old, other_code), (other_packages, new)),
                packages=_effect(name, (old, other_packages), (other_code, new)),
                names=_moved_packages(sides, corners),
            )
    return None


def _effect(name: str, *steps: tuple[CountedMetric, CountedMetric]) -> Effect:
    """The mean of the same change with and without the other one."""
    values = [after.value - before.value for before, after in steps]
    reach = max(tolerance_of(METRICS[name], before, after) for before, after in steps)
    return Effect(
        value=sum(values) / len(values), low=min(values) - reach, high=max(values) + reach
    )


def _moved_packages(sides: Sides, corners: Corners) -> tuple[str, ...]:
    """Packages of another version, those first whose code runs most lines more or less."""
    changes = compare_functions(
        unpack_functions(sides.base.functions), unpack_functions(corners.base_code.functions)
    )
    moved = {
        package: abs(lines)
        for role in ROLES
        for package, lines in lines_by_package(changes, role).items()
    }
    lines = {name: moved.get(package_of_distribution(name), 0.0) for name in sides.versions}
    some = [name for name in lines if lines[name]] or list(lines)
    told = ((name, sides.versions[name]) for name in sorted(some, key=lambda name: -lines[name]))
    return tuple(fitting(f"{name} {one.base} -> {one.head}") for name, one in told)

"""Which functions cost another number of lines, calls or starts per task."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.counts.count_changes import REACH
from tracker.explain.source_code import FunctionName
from tracker.model.counts import FunctionCost

STANDARD_LIBRARY = "the standard library"
ROUNDING = 1e-4
"""Counts per task are quotients, kept to six digits."""

OF_TIMERS = 0.5
"""More lines or starts per task than that are a task's own. A timer that fires once more in a burst
of forty tasks adds a few hundredths of what it runs to each, and no spread says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionChange:
    """One function that costs more or less; a side without it has zeros."""

    base: FunctionCost
    head: FunctionCost

    @property
    def name(self) -> FunctionName:
        """File and qualified name."""
        return self.head.file, self.head.function

    @property
    def role(self) -> str:
        """Worker or producer."""
        return self.head.role

    @property
    def lines(self) -> float:
        """More lines per task in head."""
        return self.head.lines - self.base.lines

    @property
    def calls(self) -> float:
        """More calls per task in head."""
        return self.head.calls - self.base.calls

    @property
    def moved(self) -> bool:
        """Whether it differs by more than its counts can be trusted to."""
        spread = self.base.spread + self.head.spread
        if spread:
            return abs(self.lines) > REACH * spread
        return max(abs(self.lines), abs(self.calls), abs(self.starts)) > ROUNDING

    @property
    def of_a_timer(self) -> bool:
        """Whether it differs by so little that a timer may have done it."""
        return max(abs(self.lines), abs(self.starts)) < OF_TIMERS

    @property
    def starts(self) -> float:
        """More starts per task in head."""
        return self.head.starts - self.base.starts


def compare_functions(
    base: Sequence[FunctionCost], head: Sequence[FunctionCost]
) -> list[FunctionChange]:
    """Pair the functions of both sides, by role, file and name."""
    sides = [{_key(cost): cost for cost in costs} for costs in (base, head)]
    return [
        FunctionChange(
            base=sides[0].get(key) or _nothing(key, own),
            head=sides[1].get(key) or _nothing(key, own),
        )
        for key, own in _keys((*base, *head)).items()
    ]


def _keys(costs: Iterable[FunctionCost]) -> dict[tuple[str, str, str], bool]:
    return {_key(cost): cost.own for cost in costs}


def _key(cost: FunctionCost) -> tuple[str, str, str]:
    return cost.role, cost.file, cost.function


def _nothing(key: tuple[str, str, str], own: bool) -> FunctionCost:  # noqa: FBT001 - a field
    return FunctionCost(*key, own, 0.0, 0.0, 0.0, 0.0)


def own_moves(changes: Iterable[FunctionChange], role: str) -> Iterator[FunctionChange]:
    """The library's own functions of *role* that moved."""
    return (one for one in changes if one.role == role and one.head.own and one.moved)


def lines_by_package(changes: Iterable[FunctionChange], role: str) -> dict[str, float]:
    """More lines per task in head, by package; the library's own are left out."""
    lines: defaultdict[str, float] = defaultdict(float)
    for one in changes:
        if one.role == role and not one.head.own and one.moved and not one.of_a_timer:
            lines[package_of(one.head.file)] += one.lines
    return {name: count for name, count in lines.items() if abs(count) > ROUNDING}


def package_of(file: str) -> str:
    """Return the package of a file that is named from its package on.

    >>> package_of("redis/client.py"), package_of("asyncio/tasks.py"), package_of("six.py")
    ('redis', 'the standard library', 'six')
    """
    first = file.partition("/")[0].removesuffix(".py")
    standard = first in sys.stdlib_module_names or file.startswith("<")
    return STANDARD_LIBRARY if standard else first


def package_of_distribution(name: str) -> str:
    """Return the package that a distribution most likely installs."""
    return name.lower().replace("-", "_")

"""Functions in which a profiler saw more or less time per task: what counts cannot price.

Base and head are sampled in rounds of fresh workers, in turns. The noise of a difference is the
larger of two: how far the rounds of a side differ, and what so few samples differ by (Poisson).
A difference is told where its t test, corrected for the number of functions that are asked about
(Bonferroni), leaves one in a hundred comparisons of equal code to say anything.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.detect.evidence import student_two_sided
from tracker.explain.source_code import FunctionName
from tracker.model.profiler_samples import ProfilerSamples, RoleSamples

ALPHA = 0.01
"""Comparisons of equal code in which a role says anything."""

CONFIDENCE = 0.95
FEWEST_SEEN = 8
"""A function that was seen less often, in all rounds together, is too rare to be tested."""

FLOOR = 0.01
"""Of a task's CPU time: a smaller difference is not worth a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """One scenario, sampled: at least two rounds of each side."""

    base: Sequence[ProfilerSamples]
    head: Sequence[ProfilerSamples]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A difference in seconds per task, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledChange:
    """A function that takes another time.

    Attributes:
        base, head: seconds per task.
        difference: head - base.
        whole: the same of all functions of the library together; of the role's CPU time, where the
            CPU has a part in it.
        p: of "it takes the same time", of this function alone.
        waits: whether the CPU has no part in it; None where its time is too uncertain to say.
    """

    role: str
    name: FunctionName
    base: float
    head: float
    difference: Interval
    whole: Interval
    p: float
    waits: bool | None


type Quantity = Callable[[RoleSamples], float]


def sampled_changes(profiles: Profiles, role: str) -> list[SampledChange]:
    """Return the functions that were seen often enough, and may differ by what matters."""
    sides = [[one.roles[role] for one in each if role in one.roles] for each in _sides(profiles)]
    if min(map(len, sides)) < 2 or not all(_unit(one) for side in sides for one in side):  # noqa: PLR2004 - a spread
        return []
    cpu_s = [_mean([one.cpu_s / one.tasks for one in side]) for side in sides]
    whole = _compare(sides, lambda one: sum(times for *_, times in one.functions))[0]
    cpu = _compare(sides, lambda one: one.cpu_s / one.tasks / _unit(one))[0]
    changes = []
    for name in _names(sides):
        count = partial(_times, name)
        difference, p = _compare(sides, count)
        if _seen(sides, name) < FEWEST_SEEN or abs(difference.value) < FLOOR * cpu_s[0]:
            continue
        base, head = (_mean([count(one) * _unit(one) for one in side]) for side in sides)
        waits = _waits(difference.value, cpu)
        changes.append(
            SampledChange(
                role=role,
                name=name,
                base=base,
                head=head,
                difference=difference,
                whole=cpu if waits is False else whole,
                p=p,
                waits=waits,
            )
        )
    return changes


def _sides(profiles: Profiles) -> tuple[Sequence[ProfilerSamples], Sequence[ProfilerSamples]]:
    return profiles.base, profiles.head


def _unit(one: RoleSamples) -> float:
    """Seconds per task that a sample stands for; 0 where there is none."""
    return one.seconds / one.looks / one.tasks if one.looks and one.tasks else 0.0


def _names(sides: Sequence[Sequence[RoleSamples]]) -> Iterator[FunctionName]:
    seen = ((file, name) for side in sides for one in side for file, name, _ in one.functions)
    yield from dict.fromkeys(seen)


def _times(name: FunctionName, one: RoleSamples) -> float:
    return float(sum(times for *at, times in one.functions if tuple(at) == name))


def _seen(sides: Sequence[Sequence[RoleSamples]], name: FunctionName) -> float:
    return sum(_times(name, one) for side in sides for one in side)


def _compare(sides: Sequence[Sequence[RoleSamples]], count: Quantity) -> tuple[Interval, float]:
    """Head - base of so many samples, in seconds per task, and its p-value."""
    means, variance = [], 0.0
    for side in sides:
        values = [count(one) * _unit(one) for one in side]
        mean = _mean(values)
        between = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
        by_chance = _mean([max(count(one), 1.0) * _unit(one) ** 2 for one in side])
        means.append(mean)
        variance += max(between, by_chance) / len(values)
    value, error = means[1] - means[0], math.sqrt(variance)
    freedom = sum(map(len, sides)) - len(sides)
    reach = quantile(freedom) * error
    interval = Interval(value=value, low=value - reach, high=value + reach)
    return interval, student_two_sided(abs(value) / error, freedom)


def quantile(freedom: int) -> float:
    """How many standard errors an interval reaches to either side (Student's t).

    >>> round(quantile(6), 3)
    2.447
    """
    low, high = 0.0, 100.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if student_two_sided(middle, freedom) > 1 - CONFIDENCE else (low, middle)
        )
    return high


def _waits(value: float, cpu: Interval) -> bool | None:
    """Whether CPU time is certainly less than half of a difference; None where it may be either."""
    low, high = sorted((cpu.low / value, cpu.high / value))
    if high < 1 / 2:
        return True
    return False if low > 1 / 2 else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

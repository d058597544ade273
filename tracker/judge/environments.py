"""What changed in the measuring between two points of a series: surroundings, asv's own loops."""

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from tracker.detect.density import middle
from tracker.judge import policy
from tracker.model import Change, Environment, Series

LOOPS = "asv's calls per repeat"
_ANYWHERE = ""  # no machine is called so: it is the name of a folder
_OF_MACHINES = frozenset({"arch", "cores", "cpu", "kernel", "memory", "num_cpu", "os", "ram"})
# Older versions of asv and of our records do not store all of these.
_ALWAYS_THERE = _OF_MACHINES | {"broker", "broker_settings", "image", "python"}
_AMOUNTS = frozenset({"memory", "ram"})
_SAME_AMOUNT = 0.01  # another kernel keeps some kilobytes more for itself
_ABSENT = "absent"
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?([A-Za-z]*)")
_UNKNOWN = {_ABSENT, "", "None", "unknown"}
type Facts = tuple[tuple[str, str], ...]
type _Known = tuple[list[int], list[Facts]]


class EnvironmentLog:
    """The facts of each machine and environment over the positions, to be compared."""

    def __init__(self, environments: Iterable[Environment]) -> None:
        """Keep *environments*, in any order."""
        grouped: dict[tuple[str, str], list[Environment]] = defaultdict(list)
        for environment in environments:
            grouped[environment.machine, environment.environment].append(environment)
        self._known: dict[tuple[str, str], _Known] = {}
        for key, members in grouped.items():
            members.sort(key=lambda e: e.position)
            self._known[key] = [e.position for e in members], [e.facts for e in members]
        counted: dict[str, dict[int, Facts]] = defaultdict(dict)
        for (_, name), (positions, facts) in sorted(self._known.items()):
            for position, own in zip(positions, facts, strict=True):
                counted[name].setdefault(position, _facts_of_counts(own))
        for name, by_position in counted.items():
            at = sorted(by_position)
            self._known[_ANYWHERE, name] = at, [by_position[position] for position in at]
        self._answers: dict[tuple[tuple[str, str], int, int], tuple[str, ...]] = {}

    def differences(self, key: tuple[str, str], first: int, last: int) -> tuple[str, ...]:
        """Return, as text, what changed after position *first* and up to *last*, and stayed so.

        What comes and goes from commit to commit, as the CPU of rented machines, is no change.

        Args:
            key: machine and environment.
            first: last position known to be before.
            last: first position known to be after.
        """
        question = (key, first, last)
        if question not in self._answers:
            self._answers[question] = self._compare(*question)
        return self._answers[question]

    def differences_of_counts(self, environment: str, first: int, last: int) -> tuple[str, ...]:
        """Return the same of what counts depend on, on whichever machine they were made."""
        return self.differences((_ANYWHERE, environment), first, last)

    def _compare(self, key: tuple[str, str], first: int, last: int) -> tuple[str, ...]:
        positions, facts = self._known.get(key, ([], []))
        start, end = bisect_right(positions, first) - 1, bisect_left(positions, last)
        if start < 0 or end >= len(positions) or facts[start] == facts[end]:
            return ()
        reach = policy.SURROUNDINGS
        before = [dict(each) for each in reversed(facts[max(0, start - reach + 1) : start + 1])]
        after = [dict(each) for each in facts[end : end + reach]]
        names = sorted(before[0].keys() | after[0].keys())
        return tuple(text for name in names for text in _difference(name, before, after))


def _difference(
    name: str, before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Give, as text, what changed of the fact *name*; the nearest facts come first."""
    old, new = _known(name, before), _known(name, after)
    if not (old and new):
        return
    comes_back = any(_are_alike(name, new[0], each) for each in old)
    if not comes_back and not any(_are_alike(name, old[0], each) for each in new):
        yield f"{name}: {old[0]} -> {new[0]}"


def _are_alike(name: str, one: str, other: str) -> bool:
    """Say whether two values of the fact *name* are the same: of memory, nearly the same amount."""
    if one == other or name not in _AMOUNTS:
        return one == other
    first, second = _AMOUNT.fullmatch(one), _AMOUNT.fullmatch(other)
    if not (first and second and first[2] == second[2]):
        return False
    return math.isclose(float(first[1]), float(second[1]), rel_tol=_SAME_AMOUNT)


def _known(name: str, facts: Sequence[Mapping[str, str]]) -> list[str]:
    """Return what is known of one fact. What every machine has is never absent, but unknown."""
    values = [each.get(name, _ABSENT) for each in facts]
    return [v for v in values if v not in _UNKNOWN] if name in _ALWAYS_THERE else values


def loops_changed(series: Series, change: Change, points: int | None = None) -> tuple[str, ...]:
    """Return, as text, that asv itself measured otherwise from *change* on; () when it did not.

    asv makes a repeat as long as it can: slower code has fewer calls in it, and a repeat takes as
    long as before. Where the calls and the time of a repeat went the same way, code did not do it.

    Args:
        series: of the change.
        change: of its level.
        points: that the new level lasts, None when it lasts.
    """
    if not series.loops.size:
        return ()
    reach = policy.SURROUNDINGS
    points = points or reach
    old = _typical(series.loops[max(0, change.index - reach) : change.index])
    new = _typical(series.loops[change.index : change.index + points])
    if not (old and new and change.before > 0 and change.after > 0):
        return ()
    calls = math.log(new / old)
    duration = calls + math.log(change.after / change.before)
    least = math.log(policy.LOOPS_FACTOR)
    if min(abs(calls), abs(duration)) < least or (calls > 0) != (duration > 0):
        return ()
    return (f"{LOOPS}: {old:,.0f} -> {new:,.0f}",)


def _facts_of_counts(facts: Facts) -> Facts:
    return tuple(fact for fact in facts if fact[0] not in _OF_MACHINES)


def _typical(loops: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int32]]) -> float:
    known = np.asarray(loops, dtype=np.float64)
    known = known[known > 0]
    return middle(known) if known.size else 0.0

"""What changed in the surroundings of a series between two of its points."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from tracker.model import Environment

type _Known = tuple[list[int], list[tuple[tuple[str, str], ...]]]


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

    def differences(self, key: tuple[str, str], first: int, last: int) -> tuple[str, ...]:
        """Return, as text, what changed after position *first* and up to position *last*.

        Args:
            key: machine and environment.
            first: last position known to be before.
            last: first position known to be after.
        """
        positions, facts = self._known.get(key, ([], []))
        start, end = bisect_right(positions, first) - 1, bisect_left(positions, last)
        if start < 0 or end >= len(positions):
            return ()
        if facts[start] == facts[end]:
            return ()
        before, after = dict(facts[start]), dict(facts[end])
        names = sorted(before.keys() | after.keys())
        return tuple(
            f"{name}: {before.get(name, 'absent')} -> {after.get(name, 'absent')}"
            for name in names
            if before.get(name) != after.get(name)
        )

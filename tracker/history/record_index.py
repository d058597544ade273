"""Run records looked up by the keys of a history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracker.history.run_records import RecordHead, facts_of

type Place = tuple[str, str, int]  # machine, environment as the series have it, position


class Records:
    """The records of a history's commits."""

    def __init__(self, placed: Iterable[tuple[Place, RecordHead]]) -> None:
        """Keep the heads, each with its place."""
        self._reasons: defaultdict[tuple[str, str, str, str], dict[int, str]] = defaultdict(dict)
        self._heads: defaultdict[Place, list[RecordHead]] = defaultdict(list)
        for place, head in placed:
            machine, environment, position = place
            self._heads[place].append(head)
            if head.reason:
                key = (machine, environment, head.scenario, head.library)
                self._reasons[key][position] = head.reason

    def reasons(
        self, machine: str, environment: str, scenario: str, library: str
    ) -> Mapping[int, str]:
        """Return position to why that library has no value in that scenario."""
        return self._reasons.get((machine, environment, scenario, library), {})

    def facts(self, place: Place) -> dict[str, str]:
        """Return what the records of one commit and place say of the surroundings."""
        return facts_of(self._heads.get(place, ()))

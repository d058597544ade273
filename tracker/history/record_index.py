"""Run records looked up by the keys of a history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracker.history.run_records import facts_of
from tracker.model.counts import Counts
from tracker.model.run_record import RunRecord

BUILD = "build"  # the scenario of the record that says why a commit could not be built

type RecordKey = tuple[str, str, int]  # machine, environment as the series have it, position


class Records:
    """The records of a history's commits."""

    def __init__(self, placed: Iterable[tuple[RecordKey, RunRecord]]) -> None:
        """Keep the records, each with its place."""
        self._reasons: defaultdict[tuple[str, str, str, str], dict[int, str]] = defaultdict(dict)
        self._builds: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        self._records: defaultdict[RecordKey, list[RunRecord]] = defaultdict(list)
        self._counts: defaultdict[tuple[str, str, str, str], dict[int, Counts]] = defaultdict(dict)
        for place, record in placed:
            machine, environment, position = place
            if record.scenario == BUILD:
                self._builds[machine, environment][position] = record.reason
                continue
            self._records[place].append(record)
            key = (machine, environment, record.scenario, record.library)
            if record.reason:
                self._reasons[key][position] = record.reason
            if record.counts is not None:
                self._counts[key][position] = record.counts

    def reasons(
        self, machine: str, environment: str, scenario: str, library: str
    ) -> Mapping[int, str]:
        """Return position to why that library has no value in that scenario."""
        return self._reasons.get((machine, environment, scenario, library), {})

    def counts(
        self, machine: str, environment: str, scenario: str, library: str
    ) -> Mapping[int, Counts]:
        """Return position to what was counted of that library in that scenario."""
        return self._counts.get((machine, environment, scenario, library), {})

    def build_failures(self, machine: str, environment: str) -> Mapping[int, str]:
        """Return position to why that commit could not be built: every failed cell's reason."""
        return self._builds.get((machine, environment), {})

    def facts(self, place: RecordKey) -> dict[str, str]:
        """Return what the records of one commit and place say of the surroundings."""
        return facts_of(self._records.get(place, ()))

"""The libraries side by side, for the site: one comparison per machine, of the newest commits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tracker.report.libraries.comparison import LibraryComparison, compare_libraries
from tracker.site_data.schema import SCHEMA_VERSION

AGAINST = "celery"
_READ = ("scenario", "library", "library_versions", "title", "outcome", "reason", "support",
         "metrics", "finished_at_ms", "machine", "commit")  # fmt: skip

type Record = Mapping[str, Any]


class MachineComparison(msgspec.Struct, frozen=True, kw_only=True):
    """All libraries on one machine; numbers of two machines are never set side by side."""

    machine: str
    comparison: LibraryComparison


class LibrariesFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the libraries page shows; `against` stands right after the base of each comparison."""

    schema_version: int
    against: str
    machines: list[MachineComparison]


NO_LIBRARIES = LibrariesFile(schema_version=SCHEMA_VERSION, against=AGAINST, machines=[])


class NewestRecords:
    """Keeps of many records the newest of each (machine, scenario, library), and only what counts.

    Newest is the record of the newest commit, and among several of one commit the last that was
    measured: old commits are often measured after new ones.
    """

    def __init__(self, shas: Sequence[str]) -> None:
        """Start with none; *shas* are the commits of the history, oldest first."""
        self._places = {sha: place for place, sha in enumerate(shas)}
        self._kept: dict[tuple[str, str, str], tuple[tuple[int, int], Record]] = {}

    def add(self, record: Record) -> None:
        """Keep *record* if it is the newest of its kind; one of another shape is passed over."""
        if any(name not in record for name in _READ):
            return
        age = (self._places.get(record["commit"], -1), record["finished_at_ms"])
        key = (record["machine"], record["scenario"], record["library"])
        if key not in self._kept or self._kept[key][0] <= age:
            self._kept[key] = (age, {name: record[name] for name in _READ})

    def by_machine(self) -> dict[str, list[Record]]:
        """Return what was kept, per machine in the order of their names."""
        found: dict[str, list[Record]] = {}
        for _, record in self._kept.values():
            found.setdefault(record["machine"], []).append(record)
        return dict(sorted(found.items()))

    def compare(self, tracked: str) -> LibrariesFile:
        """Return the comparison of each machine, with the tracked library as the base."""
        return msgspec.structs.replace(
            NO_LIBRARIES,
            machines=[
                MachineComparison(
                    machine=machine,
                    comparison=compare_libraries(found, base=base_of(found, tracked)),
                )
                for machine, found in self.by_machine().items()
                if len(found) > 1
            ],
        )


def base_of(records: Iterable[Record], tracked: str) -> str:
    """Return the library that ratios are taken against: the tracked one where it was measured."""
    libraries = sorted({record["library"] for record in records})
    return tracked if tracked in libraries else libraries[0]

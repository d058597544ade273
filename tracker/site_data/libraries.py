"""The libraries side by side, for the site: one comparison per machine, of the newest commits."""

from collections.abc import Iterable, Sequence

from tracker.model.run_record import RunRecord
from tracker.report.libraries.comparison import compare_libraries
from tracker.site_data.schema import SCHEMA_VERSION, LibrariesFile, MachineComparison

AGAINST = "celery"
"""Stands right after the base of each comparison: what most readers know."""


def libraries_file(
    records: Iterable[RunRecord], shas: Sequence[str], tracked: str
) -> LibrariesFile:
    """Return the comparison of each machine that measured several, the tracked library as base."""
    return LibrariesFile(
        schema_version=SCHEMA_VERSION,
        against=AGAINST,
        machines=[
            MachineComparison(
                machine=machine,
                comparison=compare_libraries(newest, base=base_of(newest, tracked)),
            )
            for machine, newest in newest_records(records, shas).items()
            if len(newest) > 1
        ],
    )


def newest_records(records: Iterable[RunRecord], shas: Sequence[str]) -> dict[str, list[RunRecord]]:
    """Return the newest record of each scenario and library, per machine in the order of its name.

    Newest is the record of the newest commit of *shas* (oldest first), and among several of one
    commit the last that was measured: old commits are often measured after new ones.
    """
    places = {sha: place for place, sha in enumerate(shas)}
    newest: dict[tuple[str, str, str], RunRecord] = {}
    for record in sorted(records, key=lambda r: (places.get(r.commit, -1), r.finished_at_ms)):
        newest[record.machine, record.scenario, record.library] = record
    by_machine: dict[str, list[RunRecord]] = {}
    for record in newest.values():
        by_machine.setdefault(record.machine, []).append(record)
    return dict(sorted(by_machine.items()))


def base_of(records: Iterable[RunRecord], tracked: str) -> str:
    """Return the library that ratios are taken against: the tracked one where it was measured."""
    libraries = sorted({record.library for record in records})
    return tracked if tracked in libraries else libraries[0]

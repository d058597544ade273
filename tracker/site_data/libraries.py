"""The libraries side by side, for the site: one comparison per machine, of the newest commits."""

from collections.abc import Iterable, Mapping, Sequence

from tracker.model.run_record import RunRecord
from tracker.report.libraries.comparison import compare_libraries
from tracker.site_data.schema import SCHEMA_VERSION, LibrariesFile, MachineComparison

AGAINST = "celery"
"""Stands right after the base of each comparison: what most readers know."""


def libraries_files(
    records: Iterable[RunRecord], shas: Sequence[str], tracked: str
) -> dict[str, LibrariesFile]:
    """Return the comparisons by their base, the tracked library first where it was measured.

    Each holds one comparison per machine that measured the base and others.
    """
    by_machine = newest_records(records, shas)
    libraries = {one.library for newest in by_machine.values() for one in newest}
    bases = sorted(libraries, key=lambda name: (name != tracked, name))
    files = {base: _against(base, by_machine) for base in bases}
    return {base: file for base, file in files.items() if file.machines}


def _against(base: str, by_machine: Mapping[str, Sequence[RunRecord]]) -> LibrariesFile:
    return LibrariesFile(
        schema_version=SCHEMA_VERSION,
        against=AGAINST,
        machines=[
            MachineComparison(
                machine=machine,
                comparison=compare_libraries(newest, base=base),
            )
            for machine, newest in by_machine.items()
            if len({one.library for one in newest}) > 1
            and any(one.library == base for one in newest)
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

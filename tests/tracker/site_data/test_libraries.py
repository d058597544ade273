"""The comparison of the libraries that the site shows."""

from tests.support.run_records import run_record, typed
from tracker.model.run_record import RunRecord
from tracker.site_data.libraries import libraries_files
from tracker.site_data.schema import LibrariesFile

OLD, NEW = "a" * 40, "b" * 40


def stamped(library: str, value: float, **changes: object) -> RunRecord:
    """A record of one machine and commit, the newest unless told otherwise."""
    samples = [value, value * 1.01, value * 0.99, value]
    return typed(run_record(library, {"throughput": samples}, commit=NEW) | changes)


def first_file(records: list[RunRecord], shas: list[str], tracked: str) -> LibrariesFile:
    """The file with the first base."""
    return next(iter(libraries_files(records, shas, tracked).values()))


def medians(*records: RunRecord) -> dict[str, float | None]:
    """Medians by library of the only machine and table."""
    (machine,) = first_file(list(records), [OLD, NEW], "asynctasq").machines
    (table,) = machine.comparison.tables
    return {row.library: row.median for row in table.rows}


def test_the_newest_commit_counts_whenever_it_was_measured() -> None:
    """An old commit measured later does not take the place of the newest."""
    late = stamped("asynctasq", 50.0, commit=OLD, finished_at_ms=9)
    found = medians(stamped("asynctasq", 200.0), late, stamped("celery", 100.0))
    assert found == {"asynctasq": 200.0, "celery": 100.0}


def test_of_one_commit_the_last_measured_counts() -> None:
    """An older record of the same cell is not mixed with the newer one."""
    old, new = (stamped("celery", v, finished_at_ms=at) for v, at in ((1.0, 0), (100.0, 1)))
    found = medians(new, old, stamped("asynctasq", 200.0))
    assert found == {"asynctasq": 200.0, "celery": 100.0}


def test_machines_are_never_mixed() -> None:
    """Two machines make two comparisons; a machine with one library makes none."""
    records = [
        stamped(library, 100.0, machine=machine)
        for machine, libraries in (("m", "ab"), ("n", "ab"), ("lonely", "a"))
        for library in libraries
    ]
    assert [one.machine for one in first_file(records, [NEW], "a").machines] == ["m", "n"]


def test_the_tracked_library_is_the_base() -> None:
    """Ratios are against the tracked library; without it, against the first by name."""
    records = [stamped(library, 100.0) for library in ("rq", "asynctasq")]
    bases = [
        first_file(records, [NEW], tracked).machines[0].comparison.base
        for tracked in ("rq", "gone")
    ]
    assert bases == ["rq", "asynctasq"]


def test_every_library_can_be_the_base() -> None:
    """There is one file per library, with ratios against it."""
    records = [stamped(library, 100.0) for library in ("rq", "asynctasq", "celery")]
    files = libraries_files(records, [NEW], "celery")
    assert list(files) == ["celery", "asynctasq", "rq"]
    assert [file.machines[0].comparison.base for file in files.values()] == list(files)

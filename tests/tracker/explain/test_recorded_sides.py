"""What run records say of two commits: their packages, and each with the other's."""

import msgspec

from tests.support.explained import USUAL, cost, counts
from tests.support.run_records import run_record, typed
from tracker.explain.recorded_sides import (
    recorded_commits,
    recorded_corners,
    recorded_packages,
    recorded_pythons,
    recorded_sides,
)
from tracker.model.run_record import RunRecord
from tracker.report.explanation import other_interpreter_lines

OLD, NEW = "a" * 40, "b" * 40


def counted(sha: str, version: str, redis: str, lines: float, at_ms: int) -> RunRecord:
    """A commit of `lib` as it was counted with a version of redis."""
    client = cost("Client.execute", lines, 40, file="redis/client.py")
    what = counts((*USUAL[:4], client))
    return typed(
        run_record(
            "lib",
            commit=sha,
            library_versions={"lib": version, "redis": redis},
            finished_at_ms=at_ms,
            counts=msgspec.to_builtins(what),
        )
    )


def test_corners_that_are_recorded_are_found():
    """Another machine has counted each commit with the packages of the other."""
    records = [
        counted(OLD, "1", "8.0", 192, 1),
        counted(NEW, "2", "7.1", 100, 2),
        counted(OLD, "1", "7.1", 100, 3),
        counted(NEW, "2", "8.0", 192, 4),
    ]
    sides = recorded_sides(records, "lib", OLD, NEW)
    assert sides is not None
    (corners,) = recorded_corners(records, "lib", *sides).values()
    assert corners.base_code.metrics["all_lines_per_task"].value == 197
    assert corners.head_code.metrics["all_lines_per_task"].value == 105
    assert recorded_corners(records[1:], "lib", *sides) == {}


def test_a_commits_packages_are_those_of_its_newest_record():
    """And of a commit without records nothing is known."""
    records = [counted(OLD, "1", "8.0", 192, 2), counted(OLD, "1", "7.1", 100, 1)]
    assert recorded_packages(records, "lib", OLD) == {"redis": "8.0"}
    assert recorded_packages(records, "lib", NEW) == {}


def test_counts_of_two_interpreters_are_not_compared():
    """Neither sides nor a cause come of them; it is told which they are."""
    old, new = (counted(sha, "1", "8.0", 1, 1) for sha in (OLD, NEW))
    assert new.counts is not None
    later = msgspec.structs.replace(new.counts, python="3.14")
    records = [old, msgspec.structs.replace(new, counts=later)]
    assert recorded_sides(records, "lib", OLD, NEW) is None
    pythons = recorded_pythons(records, "lib", OLD, NEW)
    (line,) = other_interpreter_lines(*pythons)
    assert line.startswith("Recorded counts are of 3.13 in base and 3.14 in head")
    assert not list(other_interpreter_lines({"3.13", "3.14"}, {"3.14"}))
    assert not list(other_interpreter_lines((), {"3.14"}))


def test_a_commit_is_named_by_hash_or_version():
    """A hash comes first, and may be short, but not as short as a version."""
    records = [
        counted(OLD, "1.4.1", "8.0", 1, 1),
        counted(NEW, "1.4.1", "8.0", 1, 1),
        counted("1" * 40, "1.5.0", "8.0", 1, 1),
    ]
    assert recorded_commits(records, "lib", "A" * 8) == (OLD,)
    assert recorded_commits(records, "lib", "v1.4.1") == (OLD, NEW)
    assert recorded_commits(records, "lib", "1") == ()
    assert recorded_commits(records, "other", "1.5.0") == ()

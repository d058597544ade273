"""What has no value, in as few rows as tell it all."""

import pytest

from tracker.model import Commit, Outcome
from tracker.report.history.failures import FailureGroup, join_failures


def row(commit: str, what: str, reason: str = "it fails", cells: int = 1) -> FailureGroup:
    """What one benchmark lacks at one commit."""
    return FailureGroup(
        commit=Commit(sha=commit * 40, date_ms=0, author="", subject="", tags=()),
        what=what,
        machine="m",
        environment="e",
        outcome=Outcome.FAILED,
        reason=reason,
        cells=cells,
        commits=1,
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a", "x"), ("a", "y")], [("a", "x and 1 more", 2, 1)]),
        ([("b", "x"), ("a", "x")], [("b", "x", 2, 2)]),
        ([("c", "x"), ("c", "y"), ("a", "x"), ("a", "y")], [("c", "x and 1 more", 4, 2)]),
        ([("b", "x"), ("a", "x"), ("a", "y")], [("b", "x", 1, 1), ("a", "x and 1 more", 2, 1)]),
        ([("b", "x", "late"), ("a", "x")], [("b", "x", 1, 1), ("a", "x", 1, 1)]),
    ],
)
def test_what_fails_alike_is_one_row_at_its_newest_commit(rows, told):
    """Many benchmarks at a commit, and many commits; another reason, or others, is another row."""
    joined = join_failures(row(*one) for one in rows)
    assert [(one.commit.sha[0], one.what, one.cells, one.commits) for one in joined] == told

"""Check runs: one per run, always completed."""

import pytest

from tests.support.fake_github.world import HEAD, Fault
from tests.tracker.github.conftest import GitHub
from tracker.github.checks import CheckRun, Result

NAME = {"name": "performance", "sha": HEAD, "external_id": "99.1"}


@pytest.mark.parametrize("kind", ["dropped_after_storing", "502_after_storing", "dropped", "502"])
@pytest.mark.parametrize("stale", [0, 1, 2])
def test_lost_answer_opens_one_check(github: GitHub, kind: str, stale: int):
    """Stored or not, seen at once or late: one check in the end."""
    github.world.faults.append(Fault(kind, "POST"))
    github.world.stale_after_write = stale

    with CheckRun.open(github.api(), **NAME) as check:
        check.complete(Result.SUCCESS, "fine", "text")

    assert [run["conclusion"] for run in github.world.checks] == ["success"]


def test_a_double_ends_with_the_check(github: GitHub):
    """If a list hid the stored check for too long, the next job ends both: none stays open."""
    github.world.faults.append(Fault("dropped_after_storing", "POST"))
    github.world.stale_after_write = 4
    CheckRun.open(github.api(), **NAME)
    github.world.stale_lists = 0

    with CheckRun.open(github.api(), **NAME) as check:
        check.complete(Result.SUCCESS, "fine", "text")

    assert [run["conclusion"] for run in github.world.checks] == ["success", "success"]


def test_another_attempt_opens_its_own_check(github: GitHub):
    """The check of an earlier attempt is not taken up."""
    CheckRun.open(github.api(), **NAME).complete(Result.FAILURE, "bad", "text")
    CheckRun.open(github.api(), **{**NAME, "external_id": "99.2"})

    assert [run["status"] for run in github.world.checks] == ["completed", "in_progress"]


def test_crash_completes_the_check(github: GitHub):
    """Whatever happens inside, the check ends, and the error goes on."""
    with pytest.raises(RuntimeError), CheckRun.open(github.api(), **NAME):
        raise RuntimeError

    assert github.world.checks[0]["conclusion"] == "failure"


def test_long_summaries_are_cut(github: GitHub):
    """GitHub refuses more than 65,535 characters."""
    CheckRun.open(github.api(), **NAME).complete(Result.NEUTRAL, "t" * 500, "x" * 100_000)

    assert len(github.world.checks[0]["output"]["summary"]) < 65_535

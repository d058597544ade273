"""Checks: one per attempt, always completed."""

import pytest

from tests.support.fake_github.world import BASE, HEAD, Fault
from tests.tracker.github.conftest import GitHub
from tracker.github.checks import Check, Ending, Result

FINE = Ending(result=Result.SUCCESS, title="fine", summary="text", base=BASE, pulls=(7,))


def check(github: GitHub, key: str = "99.1") -> Check:
    """The check of one attempt."""
    return Check(
        api=github.api(), name="performance", sha=HEAD, key=key, url=f"{github.url}/actions/runs/99"
    )


def conclusions(github: GitHub) -> list[str | None]:
    """How the checks stand, oldest first."""
    return [run["conclusion"] for run in github.world.checks]


@pytest.mark.parametrize("kind", ["dropped_after_storing", "502_after_storing", "dropped", "502"])
@pytest.mark.parametrize("stale", [0, 1, 2])
def test_lost_answer_opens_one_check(github: GitHub, kind: str, stale: int):
    """Stored or not, seen at once or late: one check in the end."""
    github.world.faults.append(Fault(kind, "POST"))
    github.world.stale_after_write = stale

    check(github).begin()
    github.world.stale_lists = 0
    check(github).end(FINE)

    assert conclusions(github) == ["success"]


@pytest.mark.parametrize("kind", ["dropped_after_storing", "502_after_storing", "dropped", "502"])
def test_lost_answer_ends_one_check(github: GitHub, kind: str):
    """A check that nobody had begun is written once, with its end."""
    github.world.faults.append(Fault(kind, "POST"))

    check(github).end(FINE)

    assert conclusions(github) == ["success"]


def test_a_double_ends_with_the_check(github: GitHub):
    """If a list hid the stored check for too long, the next job ends both: none stays open."""
    github.world.faults.append(Fault("dropped_after_storing", "POST"))
    github.world.stale_after_write = 4
    check(github).begin()
    github.world.stale_lists = 0

    check(github).end(FINE)

    assert conclusions(github) == ["success", "success"]


def test_beginning_that_comes_last_ends_too(github: GitHub):
    """The job that ends the check was quicker than the one that begins it, and neither saw it."""
    check(github).end(FINE)
    github.world.stale_lists = 1

    check(github).begin()

    assert conclusions(github) == ["success", "success"]


def test_another_attempt_opens_its_own_check(github: GitHub):
    """The check of an earlier attempt is not taken up."""
    check(github).end(FINE)
    check(github, "99.2").begin()

    assert [run["status"] for run in github.world.checks] == ["completed", "in_progress"]


def test_only_what_has_begun_is_ended(github: GitHub):
    """A run whose pull request is gone leaves no new check."""
    check(github).end_begun(FINE)
    assert github.world.checks == []

    check(github).begin()
    check(github).end_begun(FINE)
    assert conclusions(github) == ["success"]


def test_long_summaries_are_cut(github: GitHub):
    """GitHub refuses more than 65,535 characters."""
    check(github).end(Ending(result=Result.NEUTRAL, title="t" * 500, summary="x" * 100_000))

    assert len(github.world.checks[0]["output"]["summary"]) < 65_535


def test_checks_of_others_are_not_taken_for_measurements(github: GitHub):
    """Another program's check of the same name may carry any external id."""
    for number, external_id in enumerate(["", "a b c d", "1.1 x 7 success", "1.1 5a1e - failure"]):
        github.api().post(
            "check-runs",
            {
                "name": "performance",
                "head_sha": HEAD,
                "status": "completed",
                "conclusion": "failure" if number % 2 else "timed_out",
                "external_id": external_id,
            },
        )

    assert check(github).standing(lambda _: False) is None
    check(github).end(FINE)
    assert conclusions(github)[-1] == "success"

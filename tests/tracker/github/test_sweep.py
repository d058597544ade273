"""What was left open is taken up, once, and by what GitHub's records say of it."""

from collections.abc import Callable

import pytest

from tests.support.comparison_examples import stored
from tests.support.fake_github.world import HEAD, Fault, zipped
from tests.support.measured_fork import ARTIFACT, EVENT, fork, writes
from tests.tracker.github.conftest import GitHub

CLEAN = zipped(comparison_json=stored("clean"))
SWEEP = ("sweep",)


def begun(github: GitHub, job: Callable[..., int], archive: bytes | None = CLEAN) -> None:
    """A run that has ended; the job that posts has begun its check, and died."""
    fork(github.world, None)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    if archive is not None:
        github.world.artifact(archive)
    github.world.log.clear()


def test_open_check_of_a_run_that_has_ended_gets_its_verdict(
    github: GitHub, job: Callable[..., int]
):
    """Check and comment, as the job that died would have written them."""
    begun(github, job)

    assert job(*SWEEP, event={}) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["success"]
    assert len(github.world.comments) == 1


def test_swept_once_there_is_nothing_left_to_do(github: GitHub, job: Callable[..., int]):
    """The next sweep looks, and writes nothing."""
    begun(github, job)
    job(*SWEEP, event={})
    github.world.log.clear()

    assert job(*SWEEP, event={}) == 0

    assert writes(github.world) == []


@pytest.mark.parametrize(
    "known", [{"status": "in_progress", "conclusion": None}, {"updated_at": "2999-01-01T00:00:00Z"}]
)
def test_run_that_goes_on_or_has_just_ended_is_let_be(
    github: GitHub, job: Callable[..., int], known: dict[str, str | None]
):
    """Its own job reports it."""
    begun(github, job)
    github.world.runs[0].update(known)

    assert job(*SWEEP, event={}) == 0

    assert writes(github.world) == []


def test_open_check_of_an_older_attempt_is_ended(github: GitHub, job: Callable[..., int]):
    """The attempt that was overtaken is given up, the newest is reported."""
    begun(github, job, None)
    github.world.run(run_attempt=2)
    github.world.artifact(CLEAN, "comparison-2")
    second = {"action": "requested", "workflow_run": {"id": 99, "run_attempt": 2}}
    job(*ARTIFACT, event=second)

    assert job(*SWEEP, event={}) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["cancelled", "success"]


def test_one_bad_run_keeps_no_other_from_being_swept(github: GitHub, job: Callable[..., int]):
    """A refused artifact ends its own check as refused; the next run is reported."""
    begun(github, job, b"no archive")
    other = "0de0" * 10
    github.world.pull(8, branch="other", sha=other)
    github.world.run(98, head_branch="other", head_sha=other)
    begin = {"action": "requested", "workflow_run": {"id": 98}}
    job(*ARTIFACT, event=begin)

    assert job(*SWEEP, event={}) == 0

    found = {check["head_sha"]: check["conclusion"] for check in github.world.checks}
    assert found == {HEAD: "failure", other: "action_required"}


def test_pushes_are_passed_over(github: GitHub, job: Callable[..., int]):
    """The workflow that measures pull requests may measure pushes too."""
    github.world.run(97, event="push", source="octo/bench")
    begun(github, job)

    assert job(*SWEEP, event={}) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["success"]


def test_a_sweep_that_github_refuses_is_an_error(github: GitHub, job: Callable[..., int]):
    """Nothing is said to be swept that was not looked at."""
    github.world.faults.append(Fault("403_refused", "GET", "workflows"))

    assert job(*SWEEP, event={}) == 4

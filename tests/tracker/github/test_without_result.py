"""`tracker comment` after a run that left no artifact, or whose pull request has moved on."""

from collections.abc import Callable

import pytest

from tests.support.fake_github.world import REPOSITORY
from tests.support.measured_fork import ARTIFACT, EVENT, fork
from tests.tracker.github.conftest import GitHub


def test_crashed_measurement_is_said(github: GitHub, job: Callable[..., int]):
    """Without an artifact the comment points at the log, and the check ends as neutral."""
    fork(github.world, None, conclusion="failure")

    assert job(*ARTIFACT, event=EVENT) == 5

    assert "Not measured" in github.world.comments[0]["body"]
    assert f"/{REPOSITORY}/actions/runs/99" in github.world.comments[0]["body"]
    assert github.world.checks[0]["conclusion"] == "neutral"


@pytest.mark.parametrize(
    ("conclusion", "check"),
    [("success", "success"), ("skipped", "success"), ("action_required", "neutral")],
)
def test_run_without_anything_to_measure_is_quiet(
    github: GitHub, job: Callable[..., int], conclusion: str, check: str
):
    """No comment on a run that had nothing to measure, or that a maintainer must approve first."""
    fork(github.world, None, conclusion=conclusion)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})

    assert job(*ARTIFACT, event=EVENT) == 0

    assert github.world.comments == []
    assert github.world.checks[0]["conclusion"] == check


def test_superseded_run_does_not_leave_its_check_open(github: GitHub, job: Callable[..., int]):
    """A run that was overtaken by a newer push ends its check as neutral."""
    fork(github.world, None, conclusion="cancelled")
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.pulls[0]["head"]["sha"] = "f" * 40

    assert job(*ARTIFACT, event=EVENT) == 0

    assert github.world.comments == []
    assert [check["conclusion"] for check in github.world.checks] == ["neutral"]

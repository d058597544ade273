"""What a required check is satisfied with: the newest check of its name on the commit decides."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.comparison_examples import stored
from tests.support.fake_github.world import BASE, HEAD, World, zipped
from tests.support.measured_fork import ARTIFACT, EVENT, fork
from tests.tracker.github.conftest import GitHub
from tracker.model.not_measured import TOLD, Reason
from tracker.report.comparison.file import decode, encode

CLEAN = zipped(comparison_json=stored("clean"))
WORSE = zipped(comparison_json=stored("one_regression"))
BEGUN = {**EVENT, "action": "requested"}
OTHER = "0de0" * 10


def unmeasured(reason: str, text: str = "", **known: Any) -> bytes:
    """The archive of a job that says why it measured nothing."""
    said = {"version": 1, "reason": reason, "text": text, "head": HEAD, "base": BASE, **known}
    return zipped(**{"not-measured.json": json.dumps(said).encode()})


def against(base: str, name: str) -> bytes:
    """A stored comparison with another base."""
    stored_one = decode(stored(name))
    side = replace(stored_one.base, sha=base)
    return zipped(comparison_json=encode(replace(stored_one, base=side)))


def of_run(number: int, action: str = "completed", **known: Any) -> dict[str, Any]:
    """The event of another run."""
    return {"action": action, "workflow_run": {"id": number, **known}}


def check_says(world: World) -> str:
    """The title of the newest check."""
    return str(world.checks[-1]["output"]["title"])


@pytest.mark.parametrize(
    ("conclusion", "says"),
    [
        ("success", "was skipped"),
        ("skipped", "was skipped"),
        ("action_required", "must approve"),
        ("cancelled", "was cancelled"),
        ("failure", "ended without a result"),
        ("timed_out", "ended without a result"),
    ],
)
def test_run_without_a_result_never_opens_the_gate(
    github: GitHub, job: Callable[..., int], conclusion: str, says: str
):
    """Skipped, waiting for approval, cancelled, crashed: not measured is not fine."""
    fork(github.world, None, conclusion=conclusion)
    job(*ARTIFACT, event=BEGUN)

    assert job(*ARTIFACT, event=EVENT) == 0

    (check,) = github.world.checks
    assert check["status"] == "completed"
    assert says in check_says(github.world)
    assert not github.world.lets_merge(HEAD)
    assert len(github.world.comments) == (says == "ended without a result")


def test_job_that_succeeds_and_leaves_nothing_never_opens_the_gate(
    github: GitHub, job: Callable[..., int]
):
    """A measuring job that ran must leave a result or say why not."""
    fork(github.world, None)
    github.world.jobs[99, 1] = [{"name": "measure base and head", "conclusion": "success"}]

    job(*ARTIFACT, event=EVENT)

    assert "left no result" in check_says(github.world)
    assert not github.world.lets_merge(HEAD)


def test_skipped_passes_only_when_the_settings_say_so(github: GitHub, job: Callable[..., int]):
    """As neutral, never as success; other reasons still do not pass."""
    github.world.files["tracker.toml"] = '[check]\npass = ["skipped"]\n'
    fork(github.world, None, conclusion="skipped")
    job(*ARTIFACT, event=EVENT)
    assert github.world.checks[-1]["conclusion"] == "neutral"
    assert github.world.lets_merge(HEAD)

    github.world.runs[0]["conclusion"] = "failure"
    job(*ARTIFACT, event=EVENT)
    assert not github.world.lets_merge(HEAD)


def test_undecided_blocks_when_the_settings_say_so(github: GitHub, job: Callable[..., int]):
    """An undecided comparison passes by default, so that noise blocks nobody."""
    archive = zipped(comparison_json=stored("everything_unstable"))
    fork(github.world, archive)
    job(*ARTIFACT, event=EVENT)
    assert github.world.lets_merge(HEAD)

    github.world.files["tracker.toml"] = "[check]\npass = []\n"
    job(*ARTIFACT, event=EVENT)
    assert not github.world.lets_merge(HEAD)


@pytest.mark.parametrize("reason", sorted(TOLD - {Reason.UNRELATED}))
def test_reason_of_the_job_is_told_and_does_not_pass(
    github: GitHub, job: Callable[..., int], reason: str
):
    """What the job says of itself is quoted as foreign text, without a comment."""
    fork(github.world, unmeasured(reason, "label `x` <b>@all</b>"))

    assert job(*ARTIFACT, event=EVENT) == 0

    assert not github.world.lets_merge(HEAD)
    assert "<b>" not in github.world.checks[0]["output"]["summary"]
    assert github.world.comments == []


@pytest.mark.parametrize(
    "archive",
    [
        unmeasured("waiting"),
        unmeasured("fine"),
        unmeasured("draft", version=2),
        unmeasured("draft", "x" * 5000),
        unmeasured("draft", passes=True),
        zipped(**{"not-measured.json": b"[" * 4000}),
        zipped(**{"not-measured.json": unmeasured("draft"), "comparison.json": b"{}"}),
    ],
)
def test_forged_reason_is_refused(github: GitHub, job: Callable[..., int], archive: bytes):
    """A file that only GitHub could have known, too long, unsound, or not alone."""
    fork(github.world, None)
    job(*ARTIFACT, event=BEGUN)
    github.world.artifact(archive)

    assert job(*ARTIFACT, event=EVENT) == 3

    assert [check["conclusion"] for check in github.world.checks] == ["failure"]
    assert github.world.comments == []


def test_second_pull_request_at_the_commit_hides_nothing_when_it_is_closed(
    github: GitHub, job: Callable[..., int]
):
    """Opened and closed at a failing commit, it would have made an open check the newest."""
    fork(github.world, WORSE)
    job(*ARTIFACT, event=EVENT)
    github.world.pull(8, branch="copy")
    github.world.run(100, head_branch="copy", conclusion="cancelled")
    job(*ARTIFACT, event=of_run(100, "requested"))
    github.world.pulls[1]["state"] = "closed"

    job(*ARTIFACT, event=of_run(100))

    assert [check["conclusion"] for check in github.world.checks] == ["failure", "failure"]
    assert "Performance regression" in check_says(github.world)
    assert not github.world.lets_merge(HEAD)


def test_second_pull_request_at_a_good_commit_does_not_close_the_gate(
    github: GitHub, job: Callable[..., int]
):
    """What was found stands."""
    fork(github.world, CLEAN)
    job(*ARTIFACT, event=EVENT)
    github.world.pull(8, branch="copy", state="closed")
    github.world.run(100, head_branch="copy")
    github.world.checks.append({**github.world.checks[0], "id": 5000, "status": "in_progress",
                                "conclusion": None, "external_id": "100.1"})  # fmt: skip

    job(*ARTIFACT, event=of_run(100))

    assert github.world.lets_merge(HEAD)


def test_two_bases_of_one_commit_are_as_good_as_the_worse(github: GitHub, job: Callable[..., int]):
    """One commit has one check: what blocks one of its pull requests is not passed by the other."""
    fork(github.world, WORSE)
    github.world.pull(8, branch="copy", base=("release", OTHER))
    github.world.run(100, head_branch="copy")
    github.world.artifact(against(OTHER, "clean"), run=100)
    job(*ARTIFACT, event=EVENT)

    job(*ARTIFACT, event=of_run(100))

    assert not github.world.lets_merge(HEAD)
    assert check_says(github.world).startswith("✅ No regression. ❌ Performance regression")
    assert len(github.world.comments) == 2
    github.world.pulls[0]["state"] = "closed"
    job(*ARTIFACT, event=of_run(100))
    assert github.world.lets_merge(HEAD)


def test_two_pull_requests_of_one_branch_hear_what_is_true_of_each(
    github: GitHub, job: Callable[..., int]
):
    """The comparison's base tells which of them it is about; alike, it is about both."""
    fork(github.world, WORSE)
    github.world.pull(8, base=("release", OTHER))
    github.world.pull(9)

    assert job(*ARTIFACT, event=EVENT) == 0

    issues = [comment["issue_url"].rpartition("/")[2] for comment in github.world.comments]
    assert issues == ["7", "9"]


def test_retargeted_pull_request_is_not_judged_by_its_old_base(
    github: GitHub, job: Callable[..., int]
):
    """A result against a base that is not its own any more is none."""
    fork(github.world, CLEAN)
    github.world.pulls[0]["base"].update(ref="release", sha=OTHER)

    assert job(*ARTIFACT, event=EVENT) == 0

    assert "another base now" in check_says(github.world)
    assert not github.world.lets_merge(HEAD)
    assert github.world.comments == []


def test_base_that_has_moved_on_is_still_the_same(github: GitHub, job: Callable[..., int]):
    """What counts is where the two parted."""
    fork(github.world, CLEAN)
    github.world.pulls[0]["base"]["sha"] = OTHER
    github.world.merge_bases[OTHER, HEAD] = BASE

    job(*ARTIFACT, event=EVENT)

    assert github.world.lets_merge(HEAD)


def test_event_that_asks_for_nothing_lets_stand_what_was_found(
    github: GitHub, job: Callable[..., int]
):
    """Another label at a failing commit: the newest check still says so."""
    fork(github.world, WORSE)
    job(*ARTIFACT, event=EVENT)
    github.world.run(100)
    github.world.artifact(unmeasured("unrelated"), run=100)
    job(*ARTIFACT, event=of_run(100, "requested"))

    job(*ARTIFACT, event=of_run(100))

    assert "Performance regression" in check_says(github.world)
    assert not github.world.lets_merge(HEAD)


def test_measurement_that_ends_after_a_later_event_is_seen(github: GitHub, job: Callable[..., int]):
    """The later check, which had nothing to say, says then what was found."""
    fork(github.world, None)
    job(*ARTIFACT, event=BEGUN)
    github.world.run(100)
    github.world.artifact(unmeasured("unrelated"), run=100)
    job(*ARTIFACT, event=of_run(100, "requested"))
    job(*ARTIFACT, event=of_run(100))
    assert not github.world.lets_merge(HEAD)

    github.world.artifact(CLEAN)
    job(*ARTIFACT, event=EVENT)

    assert github.world.lets_merge(HEAD)
    assert [check["external_id"].split()[0] for check in github.world.checks] == ["99.1", "100.1"]


def test_approved_run_is_measured_under_the_same_check(github: GitHub, job: Callable[..., int]):
    """What waited for approval does not stay so after it."""
    fork(github.world, None, conclusion="action_required")
    job(*ARTIFACT, event=EVENT)
    assert not github.world.lets_merge(HEAD)

    github.world.runs[0].update(conclusion="success")
    github.world.artifact(CLEAN)
    job(*ARTIFACT, event={**EVENT, "action": "in_progress"})
    job(*ARTIFACT, event=EVENT)

    assert [check["conclusion"] for check in github.world.checks] == ["success"]


def test_crashed_job_after_a_restart_shows_no_older_result(github: GitHub, job: Callable[..., int]):
    """Attempt 2 that leaves nothing is not measured, whatever attempt 1 had found."""
    fork(github.world, CLEAN)
    job(*ARTIFACT, event=EVENT)
    github.world.run(run_attempt=2, conclusion="failure", run_started_at="2026-11-24T10:00:00Z")
    github.world.jobs[99, 2] = [
        {"name": "measure base and head", "started_at": "2026-11-24T10:00:09Z"}
    ]
    second = of_run(99, run_attempt=2)
    job(*ARTIFACT, event={**second, "action": "requested"})

    assert job(*ARTIFACT, event=second) == 0

    assert [check["conclusion"] for check in github.world.checks] == [
        "success",
        "action_required",
    ]
    assert "ended without a result" in check_says(github.world)
    assert not github.world.lets_merge(HEAD)


def test_result_of_a_job_that_was_not_run_again_holds(github: GitHub, job: Callable[..., int]):
    """Where only another job was run again, the measuring job keeps its times and its result."""
    fork(github.world, CLEAN)
    github.world.run(run_attempt=2, run_started_at="2026-11-24T10:00:00Z")
    github.world.jobs[99, 2] = [
        {"name": "x / measure base and head", "started_at": "2026-11-24T09:00:09Z"}
    ]

    job(*ARTIFACT, event=of_run(99, run_attempt=2))

    assert github.world.lets_merge(HEAD)


def test_result_of_an_older_attempt_is_not_posted_late(github: GitHub, job: Callable[..., int]):
    """Attempt 1's job comes late: attempt 2 has begun, and only its result will be told."""
    fork(github.world, WORSE)
    job(*ARTIFACT, event=of_run(99, "requested", run_attempt=1))
    github.world.run(run_attempt=2, status="in_progress", conclusion=None)
    job(*ARTIFACT, event=of_run(99, "requested", run_attempt=2))

    assert job(*ARTIFACT, event=of_run(99, run_attempt=1)) == 0

    assert [check["status"] for check in github.world.checks] == ["completed", "in_progress"]
    assert github.world.checks[0]["conclusion"] == "cancelled"
    assert github.world.comments == []

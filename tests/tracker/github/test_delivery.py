"""The verdict gets out: the check first, comments as far as GitHub takes them, statuses else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.comparison_examples import FILE, stored
from tests.support.fake_github.world import BASE, HEAD, REPOSITORY, Fault, zipped
from tests.support.measured_fork import ARTIFACT, EVENT, fork, writes
from tests.tracker.github.conftest import GitHub

CLEAN = zipped(comparison_json=stored("clean"))
WORSE = zipped(comparison_json=stored("one_regression"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("403_refused", "POST", "comments"),
        Fault("403_hour", "POST", "comments"),
        Fault("403_abuse", "POST", "comments", times=9),
        Fault("502", "POST", "comments", times=2),
        Fault("404", "POST", "comments"),
        Fault("503", "GET", "comments", times=99),
    ],
    ids=lambda fault: f"{fault.kind} {fault.method}",
)
def test_comment_that_cannot_be_written_changes_no_verdict(
    github: GitHub, job: Callable[..., int], tmp_path: Path, fault: Fault
):
    """The check says what was found, the job has done its part, and its summary says the rest."""
    fork(github.world, CLEAN)
    github.world.faults.append(fault)

    assert job(*ARTIFACT, event=EVENT) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["success"]
    assert github.world.comments == []
    assert "comment on #7 could not be written" in (tmp_path / "summary.md").read_text("utf-8")


def test_locked_conversation_takes_no_comment(
    github: GitHub, job: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    """A regression is a regression there too."""
    fork(github.world, WORSE)
    github.world.locked.add(7)

    assert job(*ARTIFACT, event=EVENT) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["failure"]
    assert "Unable to create comment because issue is locked" in capsys.readouterr().err


def test_check_is_written_before_the_comment(github: GitHub, job: Callable[..., int]):
    """Whatever becomes of the comment, the gate has been told already."""
    fork(github.world, CLEAN)

    job(*ARTIFACT, event=EVENT)

    assert [path.rpartition("/")[2] for _, path in writes(github.world)] == [
        "check-runs",
        "comments",
    ]


def test_comment_deleted_in_between_is_written_anew(github: GitHub, job: Callable[..., int]):
    """Somebody deletes it between our look and our edit."""
    fork(github.world, CLEAN)
    job(*ARTIFACT, event=EVENT)
    github.world.comments[0]["body"] += " old"
    github.world.faults.append(Fault("404", "PATCH", "comments"))

    assert job(*ARTIFACT, event=EVENT) == 0

    assert [comment["body"][-4:] for comment in github.world.comments][1:] == [
        github.world.comments[1]["body"][-4:]
    ]
    assert len(github.world.comments) == 2


@pytest.mark.parametrize(
    ("name", "state", "text"),
    [
        ("clean", "success", "No regression"),
        ("one_regression", "failure", "Performance regression"),
        ("everything_unstable", "error", "Cannot tell"),
    ],
)
def test_commit_status_where_checks_are_refused(
    github: GitHub, job: Callable[..., int], name: str, state: str, text: str
):
    """A user's token has no right to write checks: pending first, and only what is fine passes."""
    github.world.lacking.add("checks=write")
    fork(github.world, None)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    assert [status["state"] for status in github.world.statuses] == ["pending"]
    github.world.artifact(zipped(comparison_json=stored(name)))

    assert job(*ARTIFACT, event=EVENT) == 0

    status = github.world.statuses[-1]
    assert (status["state"], status["sha"], status["context"]) == (state, HEAD, "performance")
    assert text in status["description"]
    assert status["target_url"].endswith("/actions/runs/99/attempts/1")
    assert github.world.lets_merge(HEAD) is (state == "success")
    assert len(github.world.comments) == 1


def test_undecided_status_passes_when_the_settings_say_so(github: GitHub, job: Callable[..., int]):
    """A status knows no neutral end, so that only the user can let it pass."""
    github.world.files["tracker.toml"] = '[check]\npass = ["cannot_tell"]\n'
    github.world.lacking.add("checks=write")
    fork(github.world, zipped(comparison_json=stored("everything_unstable")))

    job(*ARTIFACT, event=EVENT)

    assert github.world.lets_merge(HEAD)
    assert "Cannot tell" in github.world.statuses[-1]["description"]


def test_pending_status_of_a_closed_pull_request_ends(github: GitHub, job: Callable[..., int]):
    """None is left pending."""
    github.world.lacking.add("checks=write")
    fork(github.world, None, conclusion="cancelled")
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.pulls[0]["state"] = "closed"

    job(*ARTIFACT, event=EVENT)

    assert [status["state"] for status in github.world.statuses] == ["pending", "error"]


def test_neither_check_nor_status_is_an_error_and_the_comment_is_written(
    github: GitHub, job: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    """The maintainers hear which right is missing; the reader has the comment."""
    github.world.lacking |= {"checks=write", "statuses=write"}
    fork(github.world, CLEAN)

    assert job(*ARTIFACT, event=EVENT) == 4

    assert len(github.world.comments) == 1
    assert "{checks: write}" in capsys.readouterr().err


def test_users_token_posts_from_its_own_job(github: GitHub, job: Callable[..., int]):
    """`tracker comment FILE` with a personal token: a status, and the exit code gates."""
    github.world.lacking.add("checks=write")
    event = {"action": "synchronize", "pull_request": github.world.pull(source=REPOSITORY)}

    code = job("comment", str(FILE), event=event, name="pull_request")

    assert code == 1
    assert [status["state"] for status in github.world.statuses] == ["failure"]


def test_mistake_of_the_maintainers_is_told_to_them(
    github: GitHub, job: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    """A misspelt gate of the default branch is not the contributor's refused result."""
    fork(github.world, None)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.files["tracker.toml"] = "[gates]\nthroughputt = true\n"
    github.world.artifact(CLEAN)

    assert job(*ARTIFACT, event=EVENT) == 3

    (check,) = github.world.checks
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    assert "default branch has a mistake" in check["output"]["title"]
    assert "not for the author" in check["output"]["summary"]
    assert "refused" not in check["output"]["title"]
    assert "throughputt" in capsys.readouterr().err
    assert not github.world.lets_merge(HEAD)


def test_rate_limit_beyond_patience_leaves_the_check_to_the_sweep(
    github: GitHub, job: Callable[..., int]
):
    """Nothing can be written for the next forty minutes; the next sweep reports the run."""
    fork(github.world, None)
    job(*ARTIFACT, event={**EVENT, "action": "requested"})
    github.world.artifact(CLEAN)
    github.world.faults.append(Fault("403_primary", times=99))
    assert job(*ARTIFACT, event=EVENT) == 4
    assert [check["status"] for check in github.world.checks] == ["in_progress"]
    github.world.faults.clear()

    assert job("sweep", event={}) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["success"]
    assert len(github.world.comments) == 1


def test_repository_name_of_another_casing_is_the_same(
    github: GitHub, job: Callable[..., int], monkeypatch: pytest.MonkeyPatch
):
    """GitHub's names know no case; its records may be written otherwise than the job's name."""
    fork(github.world, CLEAN)
    github.world.pulls[0]["base"]["repo"]["full_name"] = "Octo/Bench"
    github.world.pulls[0]["head"]["repo"]["full_name"] = "Stranger/Bench"

    assert job(*ARTIFACT, event=EVENT) == 0

    assert len(github.world.comments) == 1


def test_suites_of_one_repository_have_a_check_and_a_comment_each(
    github: GitHub, job: Callable[..., int]
):
    """Neither overwrites the other's."""
    fork(github.world, None)
    github.world.artifact(CLEAN, "comparison-a-1")
    github.world.artifact(WORSE, "comparison-b-1")

    job("comment", "--artifact", "comparison-a", "--key", "a", event=EVENT)
    job("comment", "--artifact", "comparison-b", "--key", "b", event=EVENT)
    github.world.artifact(CLEAN)
    job("comment", "--artifact", "comparison", "--key", "", event=EVENT)

    found = {check["name"]: check["conclusion"] for check in github.world.checks}
    assert found == {
        "performance (a)": "success",
        "performance (b)": "failure",
        "performance": "success",
    }
    assert len(github.world.comments) == 3


def test_merge_queue_gets_a_check_and_no_comment(github: GitHub, job: Callable[..., int]):
    """A required check on the queue's own commit, by the same rules."""
    github.world.pull()
    github.world.queue(HEAD)
    github.world.artifact(WORSE, run=98)
    event = {"action": "completed", "workflow_run": {"id": 98, "run_attempt": 1}}
    assert job(*ARTIFACT, event={**event, "action": "requested"}) == 0
    assert [check["status"] for check in github.world.checks] == ["in_progress"]

    assert job(*ARTIFACT, event=event) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["failure"]
    assert github.world.comments == []


def test_queue_that_is_not_ours_is_refused(github: GitHub, job: Callable[..., int]):
    """A branch of that kind, or a run from a fork, is no merge queue."""
    github.world.queue(HEAD, 97, head_branch="feature")
    github.world.run(96, event="merge_group", head_branch=f"gh-readonly-queue/main/pr-7-{BASE}")
    for number in (97, 96):
        github.world.artifact(CLEAN, run=number)
        assert job(*ARTIFACT, event={"action": "completed", "workflow_run": {"id": number}}) == 3
    assert writes(github.world) == []

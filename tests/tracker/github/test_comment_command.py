"""`tracker comment` as the workflows run it, against the fake GitHub."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.comparison_examples import FILE, stored
from tests.support.fake_github.world import BOT, HEAD, REPOSITORY, zipped
from tests.support.measured_fork import ARTIFACT, EVENT, GOLDEN, fork, writes
from tests.tracker.github.conftest import GitHub
from tracker.cli import run
from tracker.errors import ExitCode
from tracker.model.comparison import Conclusion
from tracker.report.comparison.file import decode, encode


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clean", "success"),
        ("one_regression", "failure"),
        ("failed_head_build", "failure"),
        ("everything_unstable", "neutral"),
    ],
)
def test_fork_gets_comment_check_and_summary(
    github: GitHub, job: Callable[..., int], tmp_path: Path, name: str, expected: str
):
    """From the artifact of a fork's run to check, comment and job summary, with their links.

    The exit code is 0 whatever was found, a head that does not build included: the check gates,
    and the job that posts has done its part.
    """
    github.world.files["tracker.toml"] = 'site = "https://example.org/results"\n'
    fork(github.world, zipped(comparison_json=stored(name)))
    log = "https://github.com/octo/bench/actions/runs/99/job/5"
    github.world.jobs[99, 1] = [{"name": "x / measure base and head", "html_url": log}]

    assert job(*ARTIFACT, event=EVENT) == 0

    (comment,) = github.world.comments
    run_page = f"https://github.com/{REPOSITORY}/actions/runs/99"
    (artifact,) = github.world.artifacts
    links = (
        f"[run]({run_page}/attempts/1) · [log]({log}) · "
        f"[result file]({run_page}/artifacts/{artifact})"
    )
    golden = {"clean": "clean_run"}.get(name, name)
    text = (GOLDEN / "comments" / f"{golden}.md").read_text(encoding="utf-8")
    assert links in comment["body"]
    assert comment["body"].replace(links, "").split() == text.split()
    (check,) = github.world.checks
    assert check["conclusion"] == expected
    assert (check["head_sha"], check["status"]) == (HEAD, "completed")
    assert check["external_id"].startswith("99.1 ")
    assert check["details_url"] == f"{run_page}/attempts/1"
    assert links in check["output"]["summary"]
    assert links in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_check_is_in_progress_while_it_is_measured(github: GitHub, job: Callable[..., int]):
    """The check begins when the run is requested, and the same check ends it."""
    fork(github.world, None)
    assert job(*ARTIFACT, event={**EVENT, "action": "requested"}) == 0
    assert [check["status"] for check in github.world.checks] == ["in_progress"]

    github.world.artifact(zipped(comparison_json=stored("clean")))
    assert job(*ARTIFACT, event=EVENT) == 0

    assert [check["conclusion"] for check in github.world.checks] == ["success"]


def test_second_run_changes_nothing(github: GitHub, job: Callable[..., int]):
    """The same report again writes no comment."""
    fork(github.world, zipped(comparison_json=stored("clean")))
    job(*ARTIFACT, event=EVENT)
    github.world.log.clear()
    job(*ARTIFACT, event=EVENT)

    assert not [entry for entry in writes(github.world) if "comments" in entry[1]]


def test_older_run_does_not_overwrite_a_newer_head(github: GitHub, job: Callable[..., int]):
    """When the pull request has moved on, nothing is posted, by a token with no right too many."""
    github.world.lacking = {"statuses=read", "statuses=write"}
    fork(github.world, zipped(comparison_json=stored("clean")))
    github.world.pulls[0]["head"]["sha"] = "f" * 40

    assert job(*ARTIFACT, event=EVENT) == 0

    assert writes(github.world) == []


def test_forged_number_changes_nothing(github: GitHub, job: Callable[..., int]):
    """Numbers in the event or the artifact are not read: GitHub's records decide."""
    github.world.pull(1, branch="other", sha="1" * 40, source=REPOSITORY)
    archive = zipped(comparison_json=stored("clean"))
    fork(github.world, archive)
    forged = {**EVENT["workflow_run"], "pull_requests": [{"number": 1}], "head_sha": "1" * 40}

    assert job(*ARTIFACT, event={**EVENT, "workflow_run": forged}) == 0

    (comment,) = github.world.comments
    assert comment["issue_url"].endswith("/issues/7")


@pytest.mark.parametrize(
    "known",
    [
        {"path": ".github/workflows/evil.yml"},
        {"event": "push"},
        {"event": "workflow_dispatch"},
    ],
)
def test_run_of_another_workflow_is_refused(
    github: GitHub, job: Callable[..., int], known: dict[str, str]
):
    """A workflow that a pull request adds under the same name does not get to speak."""
    fork(github.world, zipped(comparison_json=stored("clean")), **known)

    assert job(*ARTIFACT, event=EVENT) == 3

    assert writes(github.world) == []


@pytest.mark.parametrize("event", [{}, {"workflow_run": 3}, {"workflow_run": {"id": "x"}}])
def test_event_without_a_run_is_refused(
    github: GitHub, job: Callable[..., int], event: dict[str, Any]
):
    """A payload of another shape is an error in one line."""
    assert job(*ARTIFACT, event=event) == 3

    assert github.world.log == []


def test_same_branch_of_another_fork_is_not_taken(github: GitHub, job: Callable[..., int]):
    """Owner, repository and sha must all be the run's."""
    fork(github.world, zipped(comparison_json=stored("clean")), source="stranger/other")

    assert job(*ARTIFACT, event=EVENT) == 0

    assert writes(github.world) == []


def test_gates_and_triage_are_those_of_the_default_branch(github: GitHub, job: Callable[..., int]):
    """A maintainer's acceptance turns a regression into a pass, and is shown."""
    github.world.files[".tracker/triage.toml"] = (
        '[[accept]]\nbenchmark = "*"\nmetric = "throughput"\n'
        'reason = "Retries are worth it"\nauthor = "ann"\n'
        '[[silence]]\nbenchmark = "*"\nmetric = "latency_*"\nreason = "noisy"\nauthor = "ann"\n'
    )
    github.world.files["tracker.toml"] = "[gates]\ncpu_per_kilotask = 0.5\n"
    fork(github.world, zipped(comparison_json=stored("one_regression")))

    assert job(*ARTIFACT, event=EVENT) == 0

    assert "accepted by ann: Retries are worth it" in github.world.comments[0]["body"]


def test_triage_too_large_for_the_api_is_not_taken_for_none(
    github: GitHub, job: Callable[..., int]
):
    """GitHub gives no content of a file beyond 1 MB, which is not an empty file."""
    github.world.files[".tracker/triage.toml"] = "#" * 1_000_001
    fork(github.world, zipped(comparison_json=stored("clean")))

    assert job(*ARTIFACT, event=EVENT) == 3

    assert writes(github.world) == []


def test_broken_triage_stops_the_job(github: GitHub, job: Callable[..., int]):
    """Decisions that cannot be read are not taken for none."""
    github.world.files[".tracker/triage.toml"] = "[[accept]]\nbenchmark = 3\n"
    fork(github.world, zipped(comparison_json=stored("clean")))

    assert job(*ARTIFACT, event=EVENT) == 3

    assert writes(github.world) == []


def pull_event(github: GitHub, source: str) -> dict[str, Any]:
    """Payload of a pull_request event."""
    return {"action": "synchronize", "pull_request": github.world.pull(source=source)}


def test_own_branch_is_posted_in_its_own_job(github: GitHub, job: Callable[..., int]):
    """A pull request of the repository itself needs no second workflow."""
    event = pull_event(github, REPOSITORY)
    file = str(FILE)

    assert job("comment", file, event=event, name="pull_request") == 1

    assert github.world.comments[0]["user"]["login"] == BOT
    assert github.world.checks[0]["external_id"].startswith("5.1 ")


def test_forks_own_job_writes_only_the_summary(
    github: GitHub, job: Callable[..., int], tmp_path: Path
):
    """A fork's token cannot write: the summary stands, the exit code gates, nobody is asked."""
    event = pull_event(github, "stranger/bench")
    file = str(FILE)

    assert job("comment", file, event=event, name="pull_request") == 1

    assert writes(github.world) == []
    assert "Performance regression" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_dry_run_needs_nobody(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """The comment can be read without GitHub; the exit code is that of the ruling."""
    monkeypatch.delenv("GITHUB_API_URL", raising=False)

    assert run(["comment", str(FILE), "--dry-run"]) == 1

    assert "Performance regression" in capsys.readouterr().out


def test_missing_variables_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Outside Actions the error says what is missing and offers --dry-run."""
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_API_URL", raising=False)

    assert run(["comment", str(FILE)]) == 2

    error = capsys.readouterr().err
    assert "GITHUB_TOKEN" in error
    assert "--dry-run" in error


def test_comparison_of_another_commit_is_refused(
    github: GitHub, job: Callable[..., int], tmp_path: Path
):
    """What was measured must be the pull request's head."""
    event = pull_event(github, REPOSITORY)
    other = decode(stored("clean"))
    file = tmp_path / "other.json"
    head = replace(other.head, sha="f" * 40)
    file.write_bytes(encode(replace(other, head=head, conclusion=Conclusion.FINE)))

    assert job("comment", str(file), event=event, name="pull_request") == 3

    assert writes(github.world) == []


def test_exit_codes_are_those_of_the_page():
    """docs/github.md lists every code but that of a missing server: nothing is measured here."""
    page = (Path(__file__).parents[3] / "docs" / "github.md").read_text(encoding="utf-8")
    table = page.partition("### Exit codes")[2].partition("\n## ")[0]
    listed = {int(code) for code in re.findall(r"^\| (\d) \|", table, flags=re.MULTILINE)}
    assert listed == set(ExitCode) - {ExitCode.SERVER}

"""`/benchmark`: obeyed for those who may, for the head that they saw, and for nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.comparison_examples import stored
from tests.support.fake_github.world import BASE, HEAD, REPOSITORY, Fault, zipped
from tests.support.measured_fork import ARTIFACT, writes
from tests.tracker.github.conftest import GitHub
from tracker.errors import DataError
from tracker.github.benchmark_command import Wish, parse

INPUTS = {"pull", "base", "head", "scenarios", "budget"}
COMMAND = ("command", "--workflow", ".github/workflows/performance.yml")
WRITTEN = "2026-11-24T12:00:00Z"


@pytest.fixture
def comment(github: GitHub, job: Callable[..., int]) -> Callable[..., int]:
    """Have somebody write a comment on the fork's pull request 7."""
    github.world.pull()
    github.world.roles["ann"] = "write"
    github.world.workflows["performance.yml"] = INPUTS

    def write(body: str = "/benchmark", author: str = "ann", **known: Any) -> int:
        event = {
            "action": "created",
            "issue": {"number": 7, "pull_request": {"url": "x"}},
            "comment": {
                "id": 55,
                "body": body,
                "created_at": WRITTEN,
                "user": {"login": author, "type": "User"},
                "author_association": "OWNER",
            },
            "repository": {"default_branch": "main"},
        }
        return job(*COMMAND, event={**event, **known}, name="issue_comment")

    return write


def test_maintainer_orders_a_measurement(github: GitHub, comment: Callable[..., int]):
    """The measuring workflow of the default branch is started with the commits as they stand."""
    assert comment("/benchmark io_bound, cpu_bound 30m\n\nplease") == 0

    assert github.world.dispatches == [
        {
            "workflow": "performance.yml",
            "ref": "main",
            "inputs": {
                "pull": "7",
                "base": BASE,
                "head": HEAD,
                "scenarios": "io_bound,cpu_bound",
                "budget": "30m",
            },
        }
    ]
    assert github.world.reactions == [(55, "eyes")]


@pytest.mark.parametrize("role", ["none", "read", "triage"])
def test_those_who_may_not_are_not_obeyed(github: GitHub, comment: Callable[..., int], role: str):
    """GitHub is asked; what the comment's record claims of its author does not count."""
    github.world.roles["mallory"] = role

    assert comment(author="mallory") == 0

    assert writes(github.world) == []


def test_least_role_is_the_repositorys_choice(github: GitHub, comment: Callable[..., int]):
    """By the settings of the default branch."""
    github.world.roles["tom"] = "triage"
    github.world.files["tracker.toml"] = '[command]\nrole = "triage"\n'
    comment(author="tom")
    assert len(github.world.dispatches) == 1

    github.world.files["tracker.toml"] = '[command]\nrole = "admin"\n'
    comment(author="ann")
    assert len(github.world.dispatches) == 1


def test_role_of_an_organisations_own_counts_as_what_github_maps_it_to(
    github: GitHub, comment: Callable[..., int], monkeypatch: pytest.MonkeyPatch
):
    """Its name says nothing to us: `permission` does."""
    github.world.roles["ann"] = "release-captain"
    comment()
    assert github.world.dispatches == []


@pytest.mark.parametrize("pushed_at", [WRITTEN, "2026-11-24T12:00:01Z", "soon", None])
def test_head_that_moved_after_the_command_is_not_measured(
    github: GitHub, comment: Callable[..., int], pushed_at: str | None
):
    """The stranger pushes once the maintainer has looked: GitHub's time of the push tells."""
    github.world.pulls[0]["head"]["repo"]["pushed_at"] = pushed_at

    assert comment() == 0

    assert github.world.dispatches == []
    assert github.world.reactions == [(55, "confused")]
    github.world.complaints.clear()  # the description forbids a push without a time


def test_own_branch_may_have_moved(github: GitHub, comment: Callable[..., int]):
    """Only those push here who may order a measurement anyway."""
    github.world.pulls[0] = github.world.pull(
        7, source=REPOSITORY, pushed_at="2999-01-01T00:00:00Z"
    )

    comment()

    assert len(github.world.dispatches) == 1


@pytest.mark.parametrize(
    "body",
    [
        "> /benchmark",
        " /benchmark",
        "```\n/benchmark\n```",
        "please /benchmark",
        "/benchmarks",
        "/benchmark-all",
        "`/benchmark`",
        "",
        "/Benchmark",
    ],
)
def test_what_only_looks_like_a_command_is_none(
    github: GitHub, comment: Callable[..., int], body: str
):
    """Quotations, code and other words: nobody's permission is asked, nothing is written."""
    assert comment(body) == 0

    assert github.world.log == [
        ("GET", f"/repos/{REPOSITORY}/contents/{name}")
        for name in ("tracker.toml", "pyproject.toml")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "/benchmark $(touch PWNED)",
        "/benchmark a;b",
        "/benchmark ../../etc",
        "/benchmark --config=x",
        "/benchmark <img src=x>",
        "/benchmark `a`",
        "/benchmark ${{ github.token }}",
        "/benchmark io\u202ebound",
        "/benchmark 76m",
        "/benchmark 9h",
        "/benchmark 5m 6m",
        "/benchmark " + "a " * 600,
        "/benchmark " + "a" * 101,
        "/benchmark ::set-env name=A::b",
    ],
)
def test_what_is_not_understood_starts_nothing(
    github: GitHub,
    comment: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    body: str,
):
    """Its author sees a sign, the log one line, and no runner takes a word of it for its own."""
    assert comment(body) == 0

    assert github.world.dispatches == []
    assert github.world.reactions == [(55, "confused")]
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith("tracker: ")


def test_strangers_nonsense_is_not_answered(github: GitHub, comment: Callable[..., int]):
    """Nobody can have us write by writing."""
    comment("/benchmark $(x)", author="mallory")
    assert writes(github.world) == []


@pytest.mark.parametrize(
    "known",
    [
        {"action": "edited"},
        {"action": "deleted"},
        {"issue": {"number": 7}},
        {"comment": {"id": 1, "body": "/benchmark", "user": None, "created_at": WRITTEN}},
        {"comment": {"id": 1, "body": "/benchmark", "created_at": WRITTEN,
                     "user": {"login": "ann", "type": "Bot"}}},
        {"comment": None},
    ],
)  # fmt: skip
def test_other_events_are_no_commands(
    github: GitHub, comment: Callable[..., int], known: dict[str, Any]
):
    """An edit, an issue, a deleted account, a program that quotes."""
    assert comment(**known) == 0
    assert writes(github.world) == []


def test_closed_pull_request_is_not_measured(github: GitHub, comment: Callable[..., int]):
    """There is nothing to merge."""
    github.world.pulls[0]["state"] = "closed"
    comment()
    assert github.world.dispatches == []


def test_workflow_without_the_inputs_is_the_maintainers_mistake(
    github: GitHub, comment: Callable[..., int]
):
    """The job fails where they see it."""
    github.world.workflows["performance.yml"] = {"create"}
    assert comment() == 4


def test_reaction_that_is_refused_stops_nothing(github: GitHub, comment: Callable[..., int]):
    """A locked conversation takes no sign either."""
    github.world.faults.append(Fault("403_refused", "POST", "reactions"))
    assert comment() == 0
    assert len(github.world.dispatches) == 1


def test_dispatched_run_reports_to_the_pull_request_of_its_title(
    github: GitHub, job: Callable[..., int]
):
    """Its commit is the default branch's; its title, written by our own workflow, says for whom."""
    github.world.pull()
    github.world.run(
        95,
        event="workflow_dispatch",
        head_sha="d" * 40,
        head_branch="main",
        source=REPOSITORY,
        display_title=f"benchmark #7 {HEAD}",
    )
    github.world.artifact(zipped(comparison_json=stored("one_regression")), run=95)
    event = {"action": "completed", "workflow_run": {"id": 95}}

    assert job(*ARTIFACT, event=event) == 0

    (check,) = github.world.checks
    assert (check["head_sha"], check["conclusion"]) == (HEAD, "failure")
    assert github.world.comments[0]["issue_url"].endswith("/issues/7")


@pytest.mark.parametrize(
    "known",
    [
        {"display_title": f"benchmark #8 {HEAD}"},
        {"display_title": f"benchmark #7 {'f' * 40}"},
    ],
)
def test_dispatched_run_speaks_of_no_other_pull_request(
    github: GitHub, job: Callable[..., int], known: dict[str, Any]
):
    """What it measured must be the head of the pull request that it was started for."""
    github.world.pull()
    github.world.pull(8, sha="8" * 40)
    github.world.run(95, event="workflow_dispatch", source=REPOSITORY, **known)
    github.world.artifact(zipped(comparison_json=stored("clean")), run=95)

    assert job(*ARTIFACT, event={"action": "completed", "workflow_run": {"id": 95}}) == 0

    assert writes(github.world) == []


@pytest.mark.parametrize(
    "known",
    [
        {"display_title": "Faster", "source": REPOSITORY},
        {"display_title": f"benchmark #7 {HEAD}"},
        {"display_title": f"benchmark #7 {HEAD} ", "source": REPOSITORY},
    ],
)
def test_other_dispatched_runs_are_refused(
    github: GitHub, job: Callable[..., int], known: dict[str, Any]
):
    """Without that title, or from a fork, it is no measurement of ours."""
    github.world.run(95, event="workflow_dispatch", **known)
    assert job(*ARTIFACT, event={"action": "completed", "workflow_run": {"id": 95}}) == 3


def rerequested(external_id: str) -> dict[str, Any]:
    """Somebody presses "Re-run" of a check."""
    return {"action": "rerequested", "check_run": {"id": 1, "external_id": external_id}}


def test_rerun_of_the_check_runs_its_run_again(github: GitHub, job: Callable[..., int]):
    """The run that its external id names, if it is one of the measuring workflow."""
    github.world.run(path=".github/workflows/performance.yml")
    event = rerequested(f"99.1 {BASE[:12]} 7 failure")

    assert job(*COMMAND, event=event, name="check_run") == 0

    assert [run["run_attempt"] for run in github.world.attempts(99)] == [1, 2]


@pytest.mark.parametrize("external_id", ["", "x", "-1", "../7"])
def test_check_of_others_is_not_run_again(
    github: GitHub, job: Callable[..., int], external_id: str
):
    """An id that is none of ours asks for nothing."""
    assert job(*COMMAND, event=rerequested(external_id), name="check_run") == 0
    assert github.world.log == []


def test_run_of_another_workflow_is_not_run_again(github: GitHub, job: Callable[..., int]):
    """Whatever a check of the same name says."""
    github.world.run(path=".github/workflows/deploy.yml")
    assert job(*COMMAND, event=rerequested("99.1"), name="check_run") == 0
    assert writes(github.world) == []


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(text: str):
    """Nothing gets through but names and a duration."""
    try:
        wish = parse(f"/benchmark {text}")
    except DataError:
        return
    assert wish is None or all(
        name.replace("_", "a").replace(".", "a").isalnum() and name.isascii()
        for name in (*wish.scenarios, wish.budget or "a")
    )


def test_wishes_are_read():
    """Commas or spaces, the budget anywhere."""
    assert parse("/benchmark") == Wish()
    assert parse("/benchmark\r\n") == Wish()
    assert parse("/benchmark 90s a,b") == Wish(scenarios=("a", "b"), budget="90s")

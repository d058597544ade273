"""The client under every fault that the fake can have."""

import time

import pytest

from tests.support.fake_github.world import Fault
from tests.tracker.github.conftest import GitHub
from tracker.errors import NetworkError, UsageError
from tracker.github.session import API_VERSION, LostAnswerError, Session

PATH = "issues/7/comments"
BODY = {"body": "text"}


@pytest.mark.parametrize("kind", ["dropped", "truncated", "500", "502", "503", "slow"])
def test_reading_survives_passing_faults(github: GitHub, kind: str):
    """A lost or broken answer to a reading request is asked for again."""
    github.world.comment("someone", "hello")
    github.world.faults.append(Fault(kind, "GET", times=2))

    found = list(github.api().pages(PATH))

    assert [comment["body"] for comment in found] == ["hello"]
    assert len(github.slept_s) == 2


@pytest.mark.parametrize(
    ("kind", "least_s", "most_s"),
    [("403_limit", 2, 2), ("403_reset", 4, 7), ("403_secondary", 60, 60), ("429", 60, 60)],
)
def test_limits_are_waited_for_as_asked(github: GitHub, kind: str, least_s: float, most_s: float):
    """Retry-After, then the reset time, then a minute; a write waits too, and is stored once."""
    github.world.faults.append(Fault(kind, "POST"))

    github.api().post(PATH, BODY)

    assert len(github.world.comments) == 1
    assert least_s <= github.slept_s[0] <= most_s


def test_patience_is_bounded(github: GitHub):
    """A limit beyond the budget is an error with a next step, at once."""
    github.world.faults.append(Fault("429", times=1000))

    with pytest.raises(NetworkError, match="rate limit, for 60 s") as caught:
        github.api(budget_s=30).get("pulls/7")

    assert caught.value.exit_code == 4
    assert github.slept_s == []


def test_faults_without_end_give_up(github: GitHub):
    """Endless 5xx end within the budget."""
    github.world.faults.append(Fault("503", times=1000))

    with pytest.raises(NetworkError, match="503"):
        github.api(budget_s=100).get("pulls/7")

    assert sum(github.slept_s) <= 100


@pytest.mark.parametrize("kind", ["dropped", "dropped_after_storing", "502", "502_after_storing"])
def test_a_post_is_never_sent_twice(github: GitHub, kind: str):
    """A POST whose answer is lost is not repeated behind the caller's back."""
    github.world.faults.append(Fault(kind, "POST"))

    with pytest.raises(LostAnswerError):
        github.api().post(PATH, BODY)

    assert len([entry for entry in github.world.log if entry[0] == "POST"]) == 1


def test_missing_right_is_named(github: GitHub):
    """A refusal is not waited for; the error names the right that GitHub asks for."""
    github.world.faults.append(Fault("403_refused", "POST"))

    with pytest.raises(NetworkError, match="Resource not accessible") as caught:
        github.api().post(PATH, BODY)

    assert "pull_requests=write" in caught.value.next_step
    assert github.slept_s == []


def test_refused_token_is_named(github: GitHub):
    """A bad token is said to be bad, and not shown."""
    with pytest.raises(NetworkError, match="401 Bad credentials") as caught:
        github.api("stolen-token").get("pulls/7")

    assert "GITHUB_TOKEN" in caught.value.next_step
    assert "stolen-token" not in caught.value.message + caught.value.next_step


@pytest.mark.parametrize(("kind", "what"), [("html", "is not JSON")])
def test_strange_answers_are_errors(github: GitHub, kind: str, what: str):
    """A proxy's page is not taken for data."""
    github.world.faults.append(Fault(kind))

    with pytest.raises(NetworkError, match=what):
        github.api().get("pulls/7")


def test_all_pages_are_read(github: GitHub):
    """Lists are followed to their end."""
    github.world.page_size = 2
    for number in range(5):
        github.world.comment("someone", str(number))

    found = list(github.api().pages(PATH))

    assert [comment["body"] for comment in found] == list("01234")
    assert len(github.world.log) == 3


def test_token_stays_with_its_server(github: GitHub, monkeypatch: pytest.MonkeyPatch):
    """A next page at another server is refused before anything is sent there."""
    api = github.api()
    github.world.page_size = 1
    github.world.comment("someone", "1")
    github.world.comment("someone", "2")
    monkeypatch.setattr(
        "tests.support.fake_github.server.BY_NUMBER", "@evil.invalid/repos/octo/bench"
    )

    with pytest.raises(NetworkError, match="continues at another server"):
        list(api.pages(PATH))


def test_version_is_pinned_and_proxies_do_not_see_loopback():
    """The session asks for one version, and ignores the environment's proxies on loopback."""
    session = Session("http://127.0.0.1:1", "t")
    assert session.headers["X-GitHub-Api-Version"] == API_VERSION
    assert session.trust_env is False
    assert Session("https://github.example.com/api/v3", "t").trust_env is True


def test_plain_http_is_refused():
    """A token is not sent readable over a network."""
    with pytest.raises(UsageError, match="not https"):
        Session("http://github.example.com/api/v3", "t")


def test_unreachable_server_is_a_network_error():
    """Nobody listening ends in exit code 4 within the budget."""
    session = Session("http://127.0.0.1:9", "t", budget_s=3.0, sleep=lambda _: None)
    started = time.monotonic()

    with pytest.raises(NetworkError, match="does not answer"):
        session.request("GET", "http://127.0.0.1:9/x")

    assert time.monotonic() - started < 5

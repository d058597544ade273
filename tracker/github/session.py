"""A github3.py session that waits, tries again where that is safe, and never writes twice.

github3.py 4.0.1 neither waits for rate limits nor retries, and urllib3's retries cannot tell a
403 that refuses from a 403 that asks to wait, so the loop is here.
"""

import random
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from github3.session import GitHubSession

from tracker.errors import NetworkError, UsageError

# Supported until March 2028; the models of github3.py cannot read the next one.
API_VERSION = "2022-11-28"
_FOREVER = "9999-12-31T00:00:00Z"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# GitHub asks for at least a minute when it names no time (secondary rate limits).
_UNNAMED_WAIT_S = 60.0
_LONGEST_BACKOFF_S = 30.0
# Lists may lag behind what was stored; so long is looked before a lost POST is sent again.
LOOK_AGAIN_S = (1.0, 3.0)


class LostAnswerError(NetworkError):
    """A write was sent and its answer never came: it may or may not have been stored."""


class Session(GitHubSession):  # type: ignore[misc]
    """Requests with a bounded patience.

    A reading or repeatable request (GET, PATCH, PUT, DELETE) is tried again after a lost
    connection or a 5xx. A POST is not: it raises `LostAnswerError`, and the caller looks whether
    it was stored. A rate limit was not stored, so everything waits for it.
    """

    def __init__(  # noqa: PLR0913 - what tests replace, too
        self,
        api_url: str,
        token: str,
        *,
        budget_s: float = 300.0,
        timeouts_s: tuple[float, float] = (10.0, 30.0),
        sleep: Callable[[float], None] = time.sleep,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Speak to *api_url* as the bearer of *token*, waiting at most *budget_s* in all.

        *say* is told of every wait.
        """
        super().__init__(*timeouts_s)
        address = urlsplit(api_url)
        loopback = address.hostname in _LOOPBACK
        if address.scheme != "https" and not loopback:
            raise UsageError(
                f"GITHUB_API_URL {api_url!r} is not https; the token would be sent in plain text",
                "use an https address",
            )
        self.base_url = api_url.rstrip("/")
        self.headers["X-GitHub-Api-Version"] = API_VERSION
        # Proxies of the environment are wanted, but not on the way to this machine itself.
        self.trust_env = not loopback
        self.budget_s = budget_s
        self.sleep = sleep
        self.say = say
        # GITHUB_TOKEN is an installation token; as such github3.py lets it write check runs.
        self.app_installation_token_auth({"token": token, "expires_at": _FOREVER})

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request; return its final answer, of whatever status.

        Raises:
            LostAnswerError: a POST whose fate is unknown.
            NetworkError: no answer, or the limit lasts longer than our patience.
        """
        for attempt in range(1000):
            started = time.monotonic()
            try:
                answer: requests.Response = super().request(method, url, **options)
            except requests.RequestException as error:
                if method.upper() == "POST":
                    raise _lost(url, type(error).__name__) from error
                self.budget_s -= time.monotonic() - started
                self._wait(_backoff_s(attempt), f"{_name(url)}: {type(error).__name__}", error)
                continue
            limit_s = _limited_s(answer)
            if limit_s is not None:
                self._wait(limit_s, f"{_name(url)}: rate limit, for {limit_s:.0f} s", None)
            elif answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                if method.upper() == "POST":
                    raise _lost(url, str(answer.status_code))
                self._wait(_backoff_s(attempt), f"{_name(url)}: {answer.status_code}", None)
            else:
                return answer
        raise AssertionError("the budget ends every loop")

    def _wait(self, seconds: float, why: str, cause: Exception | None) -> None:
        if seconds > self.budget_s:
            raise NetworkError(
                f"GitHub does not answer ({why})",
                "run the job again later; https://www.githubstatus.com shows GitHub's status",
            ) from cause
        self.budget_s -= seconds
        self.say(f"GitHub does not answer ({why}); again in {seconds:.0f} s")
        self.sleep(seconds)


def _limited_s(answer: requests.Response) -> float | None:
    """Return how long a rate limit asks to wait; None when *answer* is not about one."""
    if answer.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
        return None
    after = answer.headers.get("Retry-After", "")
    if after.isdecimal():
        return max(1.0, float(after))
    if answer.headers.get("X-RateLimit-Remaining") == "0":
        reset = answer.headers.get("X-RateLimit-Reset", "")
        return max(1.0, float(reset) - time.time() + 1) if reset.isdecimal() else _UNNAMED_WAIT_S
    limited = any(words in answer.text for words in ("rate limit", "abuse detection"))
    limited |= answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    return _UNNAMED_WAIT_S if limited else None


def _backoff_s(attempt: int) -> float:
    """Doubling from a second, with jitter so that many jobs do not come back together."""
    return min(_LONGEST_BACKOFF_S, 2.0 ** min(attempt, 8)) * random.uniform(0.75, 1.25)  # noqa: S311


def _name(url: str) -> str:
    return urlsplit(url).path


def _lost(url: str, why: str) -> LostAnswerError:
    return LostAnswerError(
        f"GitHub did not confirm what was sent to {_name(url)} ({why})",
        "run the job again; it does not post twice",
    )

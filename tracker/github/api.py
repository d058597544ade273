"""The few calls we need, as raw JSON: github3.py's models break on answers that GitHub allows.

(A deleted account gives `"user": null`, which ends github3.py's loop over comments.)
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from github3 import exceptions

from tracker.errors import NetworkError
from tracker.github.session import Session

type Json = dict[str, Any]

# More pages than any real answer has; a server that always names a next page must not hold us.
_MAX_PAGES = 200
_RIGHTS = (
    ("/check-runs", "checks: write"),
    ("/statuses/", "statuses: write"),
    ("/comments", "pull-requests: write"),
    ("/dispatches", "actions: write"),
    ("/rerun", "actions: write"),
    ("/actions/", "actions: read"),
    ("/pulls", "pull-requests: read"),
    ("/contents/", "contents: read"),
    ("/compare/", "contents: read"),
)


class RefusedError(NetworkError):
    """GitHub has understood, and will not.

    Attributes:
        status: of its answer, below 500.
    """

    def __init__(self, message: str, next_step: str, status: int) -> None:
        """Keep *status* beside what is told."""
        super().__init__(message, next_step)
        self.status = status


class Api:
    """The API as seen from one repository."""

    def __init__(self, session: Session, repository: str) -> None:
        """Speak of *repository*, `owner/name`, through *session*."""
        self.session = session
        self.repository = repository

    def url(self, path: str) -> str:
        """Return the address of *path* below the repository; *path* must be quoted already."""
        return f"{self.session.base_url}/repos/{quote(self.repository)}/{path}"

    def get(self, path: str, **params: str | int) -> Json:
        """Return one object."""
        return _object(self._send("GET", self.url(path), params=params))

    def find(self, path: str, **params: str | int) -> Json | None:
        """Return one object; None when there is none."""
        answer = self.session.request("GET", self.url(path), params=params)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        return _object(_checked(answer, "GET"))

    def pages(self, path: str, key: str | None = None, **params: str | int) -> Iterator[Json]:
        """Yield the objects of a list over all its pages; *key* names the list in its envelope."""
        url: str | None = self.url(path)
        query: dict[str, str | int] | None = {"per_page": 100, **params}
        for _ in range(_MAX_PAGES):
            if url is None:
                return
            answer = self._send("GET", url, params=query)
            content = _json(answer)
            items = content.get(key) if key is not None and isinstance(content, dict) else content
            if not isinstance(items, list):
                raise _strange(answer, "is not a list")
            yield from (item for item in items if isinstance(item, dict))
            url, query = self._next(answer), None

    def list_if_known(self, path: str) -> list[Json]:
        """Return the first page of a list; nothing when GitHub does not know what it is of."""
        answer = self.session.request("GET", self.url(path))
        if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}:
            return []
        content = _json(_checked(answer, "GET"))
        return (
            [item for item in content if isinstance(item, dict)]
            if isinstance(content, list)
            else []
        )

    def post(self, path: str, body: Json) -> Json:
        """Create; a lost answer raises `LostAnswerError`."""
        return _object(self._send("POST", self.url(path), json=body))

    def order(self, path: str, body: Json) -> None:
        """Have something done, of which GitHub says no more than that it will be."""
        self._send("POST", self.url(path), json=body)

    def patch(self, path: str, body: Json) -> Json:
        """Change."""
        return _object(self._send("PATCH", self.url(path), json=body))

    def delete(self, path: str) -> None:
        """Remove; what is gone already is fine."""
        answer = self.session.request("DELETE", self.url(path))
        if answer.status_code != HTTPStatus.NOT_FOUND:
            _checked(answer, "DELETE")

    def redirection(self, path: str) -> str:
        """Return where a download is to be had; the token does not go there."""
        answer = self._send("GET", self.url(path), allow_redirects=False)
        location = answer.headers.get("Location", "")
        if not answer.is_redirect or not location:
            raise _strange(answer, "is not a redirect")
        return location

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        return _checked(self.session.request(method, url, **options), method)

    def _next(self, answer: requests.Response) -> str | None:
        """The next page, on the same server only: the token goes along."""
        url: str | None = answer.links.get("next", {}).get("url")
        if url is not None and urlsplit(url).netloc != urlsplit(self.session.base_url).netloc:
            raise _strange(answer, f"continues on another server ({urlsplit(url).netloc})")
        return url


def _checked(answer: requests.Response, method: str) -> requests.Response:
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        return answer
    path = urlsplit(answer.url).path
    error = exceptions.error_for(answer)
    what = f"GitHub refused {method} {path}: {answer.status_code} {_one_line(str(error.message))}"
    raise RefusedError(what, _next_step(answer, path), answer.status_code) from error


def _next_step(answer: requests.Response, path: str) -> str:
    match answer.status_code:
        case HTTPStatus.UNAUTHORIZED:
            return "set GITHUB_TOKEN to a valid token; `${{ github.token }}` expires with its job"
        case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            accepted = answer.headers.get("X-Accepted-GitHub-Permissions", "")
            known = (right for part, right in _RIGHTS if part in path)
            right = _as_yaml(accepted) or next(known, "")
            what = f"give the job `permissions: {{{right}}}`; " if right else ""
            return f"{what}docs/github.md lists what each job needs"
        case _:
            return "docs/github.md describes what is sent and its limits"


def _as_yaml(accepted: str) -> str:
    """Return rights such as "pull_requests=write; issues=write" as a workflow names them.

    Any one of what semicolons divide is enough; the first is taken.
    """
    first = _one_line(accepted).partition(";")[0]
    pairs = (pair.strip().partition("=") for pair in first.split(",") if "=" in pair)
    return ", ".join(f"{name.replace('_', '-')}: {level}" for name, _, level in pairs)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise _strange(answer, "is not JSON") from error


def _object(answer: requests.Response) -> Json:
    content = _json(answer)
    if not isinstance(content, dict):
        raise _strange(answer, "is not an object")
    return content


def _strange(answer: requests.Response, what: str) -> NetworkError:
    return NetworkError(
        f"GitHub's answer from {urlsplit(answer.url).path} {what}",
        "check GITHUB_API_URL (such as https://api.github.com), then run the job again",
    )

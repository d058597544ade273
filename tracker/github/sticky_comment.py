"""One comment per pull request, found again, edited in place, and never doubled."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from tracker.errors import UsageError
from tracker.github.api import Api, Json, RefusedError
from tracker.github.session import LOOK_AGAIN_S, LostAnswerError
from tracker.report.comparison.comment import own_marker


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What became of a comment: `created`, `updated` or `unchanged`."""

    comment: Json
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticky:
    """Our comment on one pull request.

    Attributes:
        author: login that our token writes as; a comment of anyone else is never ours, whatever
            its text says.
        marker: what the text of our comment starts with.
    """

    api: Api
    number: int
    author: str
    marker: str

    def find(self) -> list[Json]:
        """Return our comments, oldest first; more than one only after an accident."""
        path = f"issues/{self.number}/comments"
        return [comment for comment in self.api.pages(path) if self._is_ours(comment)]

    def put(self, body: str) -> Posted:
        """Make *body* the text of our only comment; write nothing when it is already."""
        ours = self.find()
        if not ours:
            return self._create(body)
        return self._settle(ours, body)

    def _create(self, body: str) -> Posted:
        path = f"issues/{self.number}/comments"
        try:
            return Posted(comment=self._post(path, body), what="created")
        except LostAnswerError:
            stored = self._look(self.api.session.sleep)
        if stored:
            self._settle(stored, body)
            return Posted(comment=stored[0], what="created")
        created = self._post(path, body)
        # The first may have been stored after all, and shown only now.
        self._settle(self.find() or [created], body)
        return Posted(comment=created, what="created")

    def _post(self, path: str, body: str) -> Json:
        """Write a comment; take it back when it is not ours, for no later run would find it."""
        created = self.api.post(path, {"body": body})
        login = _login(created)
        if login != self.author:
            self.api.delete(f"issues/comments/{int(created['id'])}")
            raise UsageError(f"the token belongs to {login}", f"give --author '{login}'")
        return created

    def _look(self, sleep: Callable[[float], None]) -> list[Json]:
        for seconds in (0.0, *LOOK_AGAIN_S):
            sleep(seconds)
            if ours := self.find():
                return ours
        return []

    def _settle(self, ours: list[Json], body: str) -> Posted:
        first, *doubles = ours
        for double in doubles:
            self.api.delete(f"issues/comments/{int(double['id'])}")
        if _text(first) == _text({"body": body}):
            return Posted(comment=first, what="unchanged")
        try:
            changed = self.api.patch(f"issues/comments/{int(first['id'])}", {"body": body})
        except RefusedError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return self._create(body)  # somebody has deleted it meanwhile
        return Posted(comment=changed, what="updated")

    def _is_ours(self, comment: Json) -> bool:
        return _login(comment) == self.author and _text(comment).startswith(self.marker)


def _login(comment: Json) -> str | None:
    """Who wrote it; None for an account that was deleted."""
    user = comment.get("user")
    return str(user.get("login")) if isinstance(user, dict) else None


def _text(comment: Json) -> str:
    """The body as GitHub gives it back: other line ends, no space at the end."""
    return str(comment.get("body") or "").replace("\r\n", "\n").rstrip()


def own_comment(api: Api, number: int, *, author: str, key: str) -> Sticky:
    """Return the comment that `tracker comment --key KEY` keeps on a pull request."""
    return Sticky(api=api, number=number, author=author, marker=own_marker(key))

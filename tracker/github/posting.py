"""Posts a ruling: comment, check run and their order."""

from dataclasses import dataclass

from tracker.github.api import Api
from tracker.github.checks import CheckRun, Result
from tracker.github.pulls import Pull, is_current
from tracker.github.sticky import Sticky
from tracker.model.comparison import Conclusion
from tracker.report.comparison.comment import (
    MAX_COMMENT,
    own_marker,
    render,
    render_summary,
    render_unmeasured,
)
from tracker.report.comparison.headline import title
from tracker.report.comparison.ruling import Ruling

_RESULTS = {
    Conclusion.FINE: Result.SUCCESS,
    Conclusion.REGRESSION: Result.FAILURE,
    Conclusion.FAILED: Result.FAILURE,
    Conclusion.CANNOT_TELL: Result.NEUTRAL,
}
# What GITHUB_TOKEN writes as.
ACTIONS_BOT = "github-actions[bot]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and as whom to post.

    Attributes:
        external_id: names the run, so that its check is opened once.
        key: tells several comments on one pull request apart.
        check: name of the check run; required checks match it exactly.
        author: login that the token writes as.
    """

    api: Api
    pull: Pull
    external_id: str
    key: str
    check: str
    author: str

    @property
    def sticky(self) -> Sticky:
        """Our comment there."""
        marker = own_marker(self.key)
        return Sticky(api=self.api, number=self.pull.number, author=self.author, marker=marker)

    def open_check(self) -> CheckRun:
        """Show that something is under way."""
        return CheckRun.open(
            self.api, name=self.check, sha=self.pull.sha, external_id=self.external_id
        )

    def find_check(self) -> CheckRun | None:
        """Return the check that was opened when the measuring began."""
        return CheckRun.find(
            self.api, name=self.check, sha=self.pull.sha, external_id=self.external_id
        )


def post(place: Place, ruling: Ruling) -> str:
    """Post *ruling*; return what became of the comment, in one word.

    The check is on the commit and always completed; the comment is written only while that
    commit is the pull request's head: a slower, older run must not overwrite a newer one.
    """
    with place.open_check() as check:
        what = "outdated"
        if is_current(place.api, place.pull):
            what = place.sticky.put(render(ruling, key=place.key)).what
        check.complete(
            _RESULTS[ruling.conclusion], title(ruling), render_summary(ruling, limit=MAX_COMMENT)
        )
    return what


def post_unmeasured(place: Place, run_url: str) -> str:
    """Say that the measuring job left nothing; return what became of the comment."""
    text = render_unmeasured(place.pull.sha, run_url, key=place.key)
    with place.open_check() as check:
        what = "outdated"
        if is_current(place.api, place.pull):
            what = place.sticky.put(text).what
        check.complete(Result.NEUTRAL, "Not measured", text.partition("-->")[2].strip())
    return what


def close_check(place: Place, result: Result, title_: str, what: str) -> None:
    """End the check that began with the measuring, if there is one; post nothing else."""
    check = place.find_check()
    if check is not None:
        check.complete(result, title_, what)

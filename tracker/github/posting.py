"""Posts what is to be said of a commit: the check first, the comments as far as GitHub takes them.

Whether a comment can be written (a locked conversation, a missing right, GitHub itself) never
changes what the check says.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tracker.errors import NetworkError
from tracker.github.actions import write_summary
from tracker.github.api import Api
from tracker.github.checks import Check, Ending, Result
from tracker.github.pulls import Pull, has_head, is_current
from tracker.github.sticky_comment import own_comment
from tracker.model.comparison import Conclusion
from tracker.model.not_measured import Reason
from tracker.report.comparison.comment import (
    MAX_COMMENT,
    render,
    render_summary,
    render_unmeasured,
)
from tracker.report.comparison.headline import title
from tracker.report.comparison.not_measured import explanation
from tracker.report.comparison.not_measured import title as title_of
from tracker.report.comparison.ruling import Ruling
from tracker.report.escape import code, terminal
from tracker.report.links import RunLinks
from tracker.settings.checks import CANNOT_TELL, CheckPolicy

# What GITHUB_TOKEN writes as.
ACTIONS_BOT = "github-actions[bot]"

_RESULTS = {
    Conclusion.FINE: Result.SUCCESS,
    Conclusion.REGRESSION: Result.FAILURE,
    Conclusion.FAILED: Result.FAILURE,
}
# Somebody has ended these on purpose, or by pushing again: nobody need act.
_GIVEN_UP = frozenset({Reason.CANCELLED, Reason.SUPERSEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where and as whom to post.

    Attributes:
        home: address of the repository's page.
        key: tells several comments on one pull request apart.
        check: name of the check; required checks match it exactly.
        author: login that the token writes as.
        summary: file of the job's summary, None outside Actions.
        say: is told what was done.
    """

    api: Api
    home: str
    key: str
    check: str
    author: str
    summary: Path | None
    say: Callable[[str], None]

    def check_on(self, sha: str, run_key: str, page: str) -> Check:
        """Return the check of a run on a commit; its name leads to *page* of the repository."""
        url = f"{self.home}/{page}"
        return Check(api=self.api, name=self.check, sha=sha, key=run_key, url=url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a run measured, and for whom.

    Attributes:
        pulls: the pull requests that it is true of.
    """

    ruling: Ruling
    pulls: Sequence[Pull]
    policy: CheckPolicy
    links: RunLinks


def post(target: Target, check: Check, measured: Measurement) -> None:
    """Post what was measured.

    Raises:
        NetworkError: the check could not be written; the comments were tried nevertheless.
    """
    ruling = measured.ruling
    try:
        check.end(_with_worse(target, check, _ending(measured)))
        target.say(f"check {check.name!r} on {check.sha[:9]}: {title(ruling)}")
    finally:
        text = render(ruling, key=target.key, links=measured.links)
        write_summary(target.summary, render_summary(ruling, links=measured.links))
        comment(target, measured.pulls, text)


def post_unmeasured(  # noqa: PLR0913 - what is said of a run, and how
    target: Target,
    check: Check,
    reason: Reason,
    text: str,
    *,
    pulls: Sequence[Pull],
    policy: CheckPolicy,
    links: RunLinks,
) -> None:
    """Say that nothing was measured, and why; on pull requests only that a job has crashed."""
    words = explanation(reason, text)
    ending = Ending(
        result=_unmeasured_result(reason, policy),
        title=title_of(reason),
        summary="\n\n".join(filter(None, (words, links.line))),
        chosen=policy.chosen,
    )
    if reason is Reason.UNRELATED:
        ending = _standing(target, check) or ending
    if reason in _GIVEN_UP:
        check.end_begun(ending)
    else:
        check.end(ending)
    target.say(f"check {check.name!r} on {check.sha[:9]}: {ending.title}")
    if reason is Reason.CRASHED:
        comment(target, pulls, render_unmeasured(check.sha, words, key=target.key, links=links))


def post_superseded(target: Target, check: Check) -> None:
    """End what had begun for a pull request that is gone; what is known of the commit stands."""
    reason = Reason.SUPERSEDED
    ending = Ending(result=Result.CANCELLED, title=title_of(reason), summary=explanation(reason))
    if check.begun():
        check.end(_standing(target, check) or ending)
    target.say(
        "no open pull request has this head any more, or a newer run has; nothing was posted"
    )


def comment(target: Target, pulls: Sequence[Pull], text: str) -> None:
    """Make *text* our comment on each of *pulls* that still is what was measured."""
    for pull in pulls:
        try:
            what = "outdated"
            if is_current(target.api, pull):
                ours = own_comment(target.api, pull.number, author=target.author, key=target.key)
                what = ours.put(text).what
        except NetworkError as error:
            what = f"could not be written: {terminal(error.message)}"
            told = f"The comment on #{pull.number} {what.partition(':')[0]}"
            write_summary(target.summary, f"\n{told}: {code(error.message, 400)}\n")
        target.say(f"#{pull.number}: comment {what}")


def _ending(measured: Measurement) -> Ending:
    ruling, policy = measured.ruling, measured.policy
    undecided = Result.NEUTRAL if policy.passes(CANNOT_TELL) else Result.ACTION_REQUIRED
    return Ending(
        result=_RESULTS.get(ruling.conclusion, undecided),
        title=title(ruling),
        summary=render_summary(ruling, limit=MAX_COMMENT, links=measured.links),
        chosen=policy.chosen,
        base=ruling.comparison.base.sha,
        pulls=tuple(pull.number for pull in measured.pulls),
    )


def _with_worse(target: Target, check: Check, ending: Ending) -> Ending:
    """Add what blocks another pull request that has the same commit and another base."""
    other = check.standing(partial(_stands, target, check), besides=ending.base)
    blocked = other is not None and other.blocks and not ending.blocks
    return dataclasses.replace(ending, worse=other) if blocked else ending


def _standing(target: Target, check: Check) -> Ending | None:
    return check.standing(partial(_stands, target, check))


def _stands(target: Target, check: Check, number: int) -> bool:
    return has_head(target.api, number, check.sha)


def _unmeasured_result(reason: Reason, policy: CheckPolicy) -> Result:
    """How a check ends that nothing was measured for: never as a success."""
    if policy.passes(reason):
        return Result.NEUTRAL
    return Result.CANCELLED if reason in _GIVEN_UP else Result.ACTION_REQUIRED

"""The axis of commits: short, and without loss."""

import dataclasses

from tests.support.site_histories import SMALL, make_commits
from tracker.site_data.commits import commit_axis, commit_texts


def test_hashes_are_as_long_as_tells_them_apart() -> None:
    """Eight digits usually; more where two begin alike; the texts hold the rest."""
    commits = make_commits(SMALL)
    twin = dataclasses.replace(commits[3], sha=f"{commits[2].sha[:11]}{'f' * 29}")
    for given, digits in ((commits, 8), ((*commits[:3], twin), 12), ((), 0)):
        axis, texts = commit_axis(given), commit_texts(given, [])
        assert axis.digits == digits
        rest = texts.sha_rest
        whole = [axis.sha[i * digits : (i + 1) * digits] + rest[i] for i in range(len(given))]
        assert whole == [commit.sha for commit in given]


def test_a_short_hash_is_padded() -> None:
    """Results without a clone may name a commit by seven digits."""
    first, second = make_commits(SMALL)[:2]
    axis = commit_axis([dataclasses.replace(first, sha=first.sha[:7]), second])
    assert axis.sha == f"{first.sha[:7]} {second.sha[:8]}"


def test_dates_are_minutes_from_the_commit_before() -> None:
    """Also backwards."""
    commits = [
        dataclasses.replace(one, date_ms=ms)
        for one, ms in zip(make_commits(SMALL), (600_000, 1_259_999, 61_000), strict=False)
    ]
    assert list(commit_axis(commits).minutes) == [10, 10, -19]

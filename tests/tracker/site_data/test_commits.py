"""The axis of commits: short, and without loss."""

import dataclasses

import numpy as np

from tests.support.site_histories import SMALL, make_commits
from tracker.site_data.commits import CommitValues, commit_axis, commit_texts, values_pack


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


def test_a_series_that_fell_by_far_keeps_its_small_values() -> None:
    """From 65 ms to 8.7 us: neither is 0, and a measured 0 stays 0."""
    rows = np.array([0, 1], dtype=np.int32)
    values = ([0.0651234, 3.0], [8.712e-6, 0.0], [1e300, 1e-9])
    pack = values_pack([CommitValues(i, rows, np.array(one)) for i, one in enumerate(values[:2])])
    digits = [
        number for many, number in zip(*[iter(pack.digits)] * 2, strict=True) for _ in range(many)
    ]
    read = [[v / 10.0**d for v, d in zip(one.values, digits, strict=True)] for one in pack.commits]
    np.testing.assert_allclose(read, values[:2], rtol=1e-3)
    extreme = values_pack([CommitValues(0, rows, np.array(values[2]))])
    assert max(map(abs, extreme.commits[0].values)) < 2**53

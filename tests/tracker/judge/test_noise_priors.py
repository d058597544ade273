"""What series know of each other's noise."""

import math

import numpy as np
import pytest

from tracker.judge import policy
from tracker.judge.courses import Course
from tracker.judge.noise_priors import learn_priors

NO_REPEATS = np.empty(0)


def courses(
    count: int, noise: float, error: float, *, commits: int = 6, library: str = "p", seed: int = 0
) -> dict[int, Course]:
    """Series of one metric whose commits differ by *noise*, and whose repeats say *error*."""
    rng = np.random.default_rng([seed, count])
    return {
        n: Course(
            pool=("throughput", "tasks/s", "m", library),
            kept=np.arange(commits),
            logs=rng.normal(0, noise, commits),
            repeat_error=error,
            low=NO_REPEATS,
            high=NO_REPEATS,
        )
        for n in range(count)
    }


def typical(members: dict[int, Course]) -> tuple[float, float]:
    """The scale and the degrees of freedom that the first series is given."""
    prior = learn_priors(members)[0]
    return math.sqrt(prior.variance), prior.freedom


def test_one_short_series_is_told_by_its_repeats_and_widely():
    """Commits differ by more than their repeats do; how much more is hardly known."""
    scale, freedom = typical(courses(1, 0.1, 0.04, commits=3))
    assert scale == pytest.approx(policy.REPEATS_FACTOR * 0.04)
    assert freedom == policy.PRIOR_FREEDOM


@pytest.mark.parametrize("factor", [1.0, 2.5, 6.0])
def test_many_series_tell_how_much_more_commits_differ_than_repeats(factor: float):
    """Whatever it is, from six commits of each."""
    scales = [typical(courses(12, 0.04 * factor, 0.04, seed=s))[0] for s in range(20)]
    assert np.median(scales) == pytest.approx(0.04 * factor, rel=0.25)


def test_commits_never_differ_by_less_than_repeats_say():
    """Repeats are part of what commits differ by."""
    scale, _ = typical(courses(12, 0.01, 0.04))
    assert scale == pytest.approx(0.04)


def test_another_library_says_less_than_the_own():
    """A noisy control makes the tracked library's prior no noisier than its own series show."""
    quiet = courses(6, 0.04, 0.04)
    loud = courses(6, 0.4, 0.04, library="celery", seed=1)
    together = quiet | {n + 6: course for n, course in loud.items()}
    alone, beside = typical(quiet)[0], typical(together)[0]
    assert alone < beside < 2 * alone


def test_series_that_differ_among_themselves_are_worth_less():
    """The prior's degrees of freedom follow how far variances lie from what it says."""
    rng = np.random.default_rng(3)
    alike = typical(courses(30, 0.1, 0.04, commits=20))[1]
    unlike = {
        n: Course(
            pool=course.pool,
            kept=course.kept,
            logs=course.logs * math.exp(rng.normal(0, 1)),
            repeat_error=course.repeat_error,
            low=NO_REPEATS,
            high=NO_REPEATS,
        )
        for n, course in courses(30, 0.1, 0.04, commits=20).items()
    }
    assert typical(unlike)[1] < policy.PRIOR_FREEDOM < alike

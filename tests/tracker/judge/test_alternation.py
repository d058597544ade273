"""Benchmarks on runners of several speeds: the same levels come back, by no commit."""

import numpy as np
import pytest

from tests.support.signals import history, series
from tracker.judge import judge
from tracker.judge.alternation import alternates
from tracker.model import EventKind, JudgedHistory, Verdict

FAST, SLOW = np.log(1.0), np.log(1.65)


def of_runners(shares: list[float], seed: int, noise: float = 0.015) -> np.ndarray:
    """Logarithms: each value from the slow runner with its share as chance, else the fast one."""
    rng = np.random.default_rng(seed)
    slow = rng.random(len(shares)) < np.array(shares)
    return np.where(slow, SLOW, FAST) + rng.normal(0, noise, len(shares))


def sure(judged: JudgedHistory) -> list[Verdict]:
    """The verdicts of the events that are put down to a commit and sure."""
    return [
        event.verdict
        for event in judged.events
        if event.kind is EventKind.COMMIT and event.verdict is not Verdict.SUSPECTED
    ]


@pytest.mark.parametrize("seed", range(8))
def test_more_of_the_slow_runners_are_no_slower_commit(seed: int):
    """A fifth of the values come from the slow one, then four fifths; both before and after."""
    x = of_runners([0.2] * 60 + [0.8] * 60, seed)
    assert sure(judge(history(series(np.exp(x), "b")))) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_step_beside_runners_of_two_speeds_is_found(seed: int):
    """Code that is twice as slow on each of them is told, as no level comes back."""
    x = of_runners([0.1] * 120, seed)
    x[60:] += np.log(4.0)
    assert sure(judge(history(series(np.exp(x), "b")))) == [Verdict.WORSE]


def test_what_is_said_names_the_machine_and_what_settles_it():
    """It is suspected, with its size as measured."""
    x = of_runners([0.15] * 60 + [0.85] * 60, 1)
    judged = judge(history(series(np.exp(x), "b")))
    (one,) = judged.series
    assert one.verdict in {Verdict.SUSPECTED, Verdict.CANNOT_TELL}
    for event in judged.events:
        assert event.kind is EventKind.MACHINE
        assert event.members[0].judged.alternates


@pytest.mark.parametrize("size", [0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 6.0])
def test_ordinary_noise_does_not_go_to_and_fro(size: float):
    """However small the step is against it, in at most one of fifty histories."""
    rng = np.random.default_rng(int(10 * size))
    wrong = sum(alternates(rng.normal(0, 1, 40), rng.normal(size, 1, 40), 1.0) for _ in range(200))
    assert wrong <= 4


def test_single_outliers_are_no_level():
    """Three of a hundred values far up, as in real series, leave a step of 10 % sure."""
    rng = np.random.default_rng(5)
    before = rng.normal(0, 0.01, 40) + 0.4 * (rng.random(40) < 0.05)
    assert not alternates(before, rng.normal(0.1, 0.01, 40), 0.01)

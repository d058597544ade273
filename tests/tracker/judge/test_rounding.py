"""Series that differ by the rounding of floats alone: nothing changed, and nothing is noisy."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.support.signals import TIME, history, series
from tracker.detect import find_changes
from tracker.judge import judge
from tracker.model import Series, Verdict

EPSILON = np.finfo(np.float64).eps
VALUES = (1.0, 0.1, 3e-7, 1e9, -2.5, 0.3 + EPSILON)
SIZES = (6, 12, 30, 120)
ANY_STEP = replace(TIME, floor=0.0)
REPEATS = 10


def last_digits(value: float, size: int, seed: int = 1) -> np.ndarray:
    """One value, and from the middle on a few last digits more; the last digits are noisy."""
    digits = np.random.default_rng(seed).integers(-2, 3, size)
    return value * (1 + EPSILON * (digits + 5 * (np.arange(size) >= size // 2)))


def with_repeats(one: Series) -> Series:
    """The same series, each of whose values stands for equal repeats."""
    size = one.values.size
    return replace(
        one,
        samples=np.repeat(one.values, REPEATS),
        offsets=np.arange(0, REPEATS * size + 1, REPEATS),
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("repeats", [False, True])
def test_rounding_is_no_change(size: int, value: float, repeats: bool):  # noqa: FBT001
    """Also where every change matters, beside others of the kind, and with equal repeats."""
    members = [series(last_digits(value, size, seed), f"b{seed}", ANY_STEP) for seed in range(9)]
    if repeats:
        members = list(map(with_repeats, members))

    judged = judge(history(*members))

    assert not judged.events
    assert not any(one.changes for one in judged.series)
    assert {one.verdict for one in judged.series} <= {Verdict.NO_CHANGE, Verdict.CANNOT_TELL}
    assert all(math.isnan(one.minimum_detectable_effect) for one in judged.series)
    assert not find_changes(members[0].values)


@pytest.mark.parametrize("size", [12, 30, 120])
@pytest.mark.parametrize("ratio", [1.3, 1.000_001])
def test_a_step_amid_rounding_is_found(size: int, ratio: float):
    """Against no noise even a millionth is plain, and it is the only change."""
    values = last_digits(0.1, size) * np.where(np.arange(size) < size // 3, 1.0, ratio)

    judged = judge(history(series(values, "b", ANY_STEP)))

    (change,) = judged.series[0].changes
    assert change.change.index == size // 3
    assert change.change.ratio == pytest.approx(ratio, rel=1e-12)
    assert judged.series[0].verdict is Verdict.WORSE

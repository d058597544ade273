"""What `tracker doctor --noise` predicts, held against planted changes."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support import comparison_examples as examples
from tracker.adopt.noise_prediction import Prediction, predict
from tracker.model.comparison import Comparison, Row
from tracker.paired.evidence import half_width, locate
from tracker.paired.policy import DEFAULT

SPREAD = 0.04
MEASURED_S = 120.0


def noisy_row(rng: np.random.Generator, rounds: int) -> Row:
    """A row of base against base on a machine with this spread between rounds."""
    row = examples.row()
    base = 1000 * np.exp(rng.normal(0, SPREAD / 2**0.5, rounds))
    head = 1000 * np.exp(rng.normal(0, SPREAD / 2**0.5, rounds))
    return replace(
        row,
        rounds=rounds,
        base=replace(row.base, samples=tuple(base), n=rounds),
        head=replace(row.head, samples=tuple(head), n=rounds),
    )


def against_itself(*rows: Row) -> Comparison:
    """A comparison of two minutes."""
    return replace(examples.comparison(rows, ""), measured_s=MEASURED_S)


def found(rng: np.random.Generator, effect: float, rounds: int) -> bool:
    """Whether one comparison of so many rounds establishes a planted change."""
    located = locate(rng.normal(np.log1p(effect), SPREAD, rounds))
    return located.spread * half_width(rounds, DEFAULT.screen_alpha) <= abs(located.centre)


def test_prediction_is_within_half_as_much_again_of_planted_changes():
    """Ten predictions from twelve rounds each: the middle one, of what 4 in 5 planted ones need."""
    rng = np.random.default_rng(1)
    comparisons = [against_itself(noisy_row(rng, 12)) for _ in range(10)]
    predictions = [predict(one, 5 * MEASURED_S, DEFAULT)[0] for one in comparisons]
    assert {one.rounds for one in predictions} == {60}
    smallest = float(np.median([one.smallest or np.inf for one in predictions]))
    shares = [
        np.mean([found(rng, smallest * factor, 60) for _ in range(400)])
        for factor in (1 / 1.5, 1.5)
    ]
    assert shares[0] < 0.8 < shares[1]


def only(comparison: Comparison, seconds: float) -> Prediction:
    """The prediction of the one row."""
    (prediction,) = predict(comparison, seconds, DEFAULT)
    return prediction


def test_more_time_finds_smaller_changes_down_to_the_metrics_floor():
    """Below the floor nothing is ever called a change."""
    row = noisy_row(np.random.default_rng(2), 12)
    sizes = [only(against_itself(row), MEASURED_S * times).smallest or 0 for times in (1, 4, 16)]
    assert sizes == sorted(sizes, reverse=True)
    floored = replace(row, floor=0.5)
    assert only(against_itself(floored), MEASURED_S * 16).smallest == 0.5


def test_what_cannot_be_decided_is_not_given_a_number():
    """Fewer rounds than a verdict needs would fit."""
    row = noisy_row(np.random.default_rng(3), 12)
    assert only(against_itself(row), MEASURED_S / 4).smallest is None


@pytest.mark.parametrize("rounds", [1, 3])
def test_too_few_rounds_say_nothing(rounds: int):
    """A spread of three rounds is a guess."""
    row = noisy_row(np.random.default_rng(4), rounds)
    assert predict(against_itself(row), 900, DEFAULT) == ()

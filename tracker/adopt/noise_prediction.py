"""From base against base on this machine to what a comparison would find here, pure numbers."""

import math
from dataclasses import dataclass, replace

import numpy as np

from tracker.model.comparison import Comparison, Row
from tracker.paired.evidence import detectable, locate
from tracker.paired.policy import PairedPolicy

# Of fewer pairs of rounds a spread says little.
FEWEST_PAIRS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a comparison would find of one row.

    Attributes:
        smallest: relative change found 4 times in 5; None where too few rounds would fit.
        rounds: rounds that would fit.
    """

    benchmark: str
    metric: str
    params: tuple[tuple[str, str], ...]
    smallest: float | None
    rounds: int


def predict(comparison: Comparison, seconds: float, policy: PairedPolicy) -> tuple[Prediction, ...]:
    """Say what a comparison of *seconds* would find, from one of the same code; least first.

    Rounds that fit grow with the time, their spread stays. A change below a metric's floor is
    never called one. Rows without a ratio, or of too few rounds, say nothing and are left out.
    """
    rows = [row for row in comparison.rows if row.gates and len(_differences(row)) >= FEWEST_PAIRS]
    longer = seconds / comparison.measured_s if comparison.measured_s else 0.0
    predictions = [_predict(row, longer, policy, len(rows)) for row in rows]
    return tuple(sorted(predictions, key=lambda p: math.inf if p.smallest is None else p.smallest))


def _predict(row: Row, longer: float, policy: PairedPolicy, rows: int) -> Prediction:
    rounds = min(int(row.rounds * longer), policy.max_rounds)
    located = replace(locate(_differences(row)), n=max(rounds, 1))
    effect = detectable(located, policy.screen_alpha / rows)
    enough = rounds >= policy.fewest_rounds and math.isfinite(effect)
    return Prediction(
        benchmark=row.benchmark,
        metric=row.metric,
        params=row.params,
        smallest=max(math.expm1(effect), row.floor) if enough else None,
        rounds=rounds,
    )


def _differences(row: Row) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Differences of the logarithms of both sides' rounds; none where a value is not positive."""
    sides = [np.asarray(side.samples, dtype=np.float64) for side in (row.base, row.head)]
    if len(sides[0]) != len(sides[1]) or any((side <= 0).any() for side in sides):
        return np.empty(0)
    return np.log(sides[1]) - np.log(sides[0])

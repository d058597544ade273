"""The numbers that only one scenario has."""

import numpy as np
import pytest

from benchmarks.harness.lab.results import scenario_metrics
from benchmarks.harness.lab.results.stamps import Stamps
from benchmarks.harness.shared.timeline import DONE, DUE, FINISHED, KIND, WIDTH

S = 1_000_000_000


def test_an_order_lasts_from_its_due_to_the_end_of_its_last_step():
    """Two orders of three steps: only the first step's due and the last step's end count."""
    raw = np.zeros((6, WIDTH), dtype=np.int64)
    raw[:, KIND] = [0, 100, 200, 0, 100, 200]
    raw[[0, 3], DUE] = [10 * S, 20 * S]
    raw[:, FINISHED] = [11 * S, 12 * S, 13 * S, 21 * S, 29 * S, 27 * S]
    raw[:, DONE] = 1
    assert scenario_metrics.order_latency_s(Stamps.of(raw)).tolist() == [3.0, 7.0]


@pytest.mark.parametrize(
    ("waits", "index"), [([1.0, 1.0, 1.0], 1.0), ([0.0, 0.0, 9.0], 1 / 3), ([0.0, 0.0], 1.0)]
)
def test_fairness_is_jains_index(waits: list[float], index: float):
    """1 when all wait alike, one n-th when one class bears everything."""
    assert scenario_metrics.fairness(waits) == pytest.approx(index)


def test_an_order_whose_last_step_never_ran_has_no_latency():
    """A charge that was refused for good: its end is missing, and is not taken for zero."""
    raw = np.zeros((4, WIDTH), dtype=np.int64)
    raw[:, KIND] = [0, 100, 0, 100]
    raw[[0, 2], DUE] = [10 * S, 20 * S]
    raw[:, FINISHED] = [11 * S, 0, 21 * S, 22 * S]
    raw[:, DONE] = [1, 0, 1, 1]
    assert scenario_metrics.order_latency_s(Stamps.of(raw)).tolist() == [2.0]

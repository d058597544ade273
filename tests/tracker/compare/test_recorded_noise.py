"""Whole comparisons in noise that was recorded: rounds of three copies of the same code."""

from pathlib import Path

import numpy as np
import pytest

from tests.evaluation.planted.recording import Recording
from tests.evaluation.planted.replay import ReplayMachine, simulate
from tracker.model import Verdict
from tracker.model.comparison import Comparison

RECORDED = Recording.load(Path(__file__).parents[2] / "data" / "unchanged_rounds.json")
BUDGET_S = 900.0


def comparison(slower: float, seed: int) -> Comparison:
    """One of 15 minutes, every metric of head worse by that share."""
    rng = np.random.default_rng([3, seed])
    machine = ReplayMachine(RECORDED, "", rng, unchanged=True, slower=slower)
    return simulate(machine, budget_s=BUDGET_S, seed=seed)


@pytest.mark.parametrize("seed", range(10))
def test_a_tenth_less_throughput_is_found_within_the_budget(seed: int):
    """Fresh workers that do not show it at once are asked again, instead of dropping it."""
    rows = {row.metric: row for row in comparison(0.1, seed).rows}
    assert rows["throughput"].verdict is Verdict.WORSE
    assert rows["cpu_per_kilotask"].verdict is Verdict.WORSE


@pytest.mark.parametrize("seed", range(10))
def test_equal_code_raises_no_alarm(seed: int):
    """In the same noise."""
    changed = {Verdict.WORSE, Verdict.BETTER}
    assert not [row for row in comparison(0.0, seed).rows if row.gates and row.verdict in changed]

"""Verdicts of rows judged together: direction, relevance, honesty."""

import dataclasses

import numpy as np
import pytest

from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.paired.noise_floor import control_shift
from tracker.paired.policy import DEFAULT, PairedPolicy
from tracker.paired.verdict import PairedRow, confirms, decide_rows

NONE = np.array([])


def measured(
    ratio: float = 1.0,
    *,
    n: int = 20,
    noise: float = 0.01,
    metric: str = "throughput",
    seed: int = 0,
    again: float = 0.0,
    control: float | None = None,
) -> PairedRow:
    """A row around 100 with log-normal noise on each side."""
    rng = np.random.default_rng(seed)
    shift = None
    if control is not None:
        shift = control_shift(np.log(control) + rng.normal(0, 0.01, 10), 0.05)
    return PairedRow(
        metric=METRICS[metric],
        base=100 * np.exp(rng.normal(0, noise, n)),
        head=100 * ratio * np.exp(rng.normal(0, noise, n)),
        again=again + rng.normal(0, noise, 6),
        shift=shift,
    )


def judge(row: PairedRow):
    """Judge one row alone."""
    return decide_rows([row], DEFAULT)[0]


@pytest.mark.parametrize(
    ("metric", "ratio", "verdict"),
    [
        ("throughput", 0.9, Verdict.WORSE),
        ("throughput", 1.1, Verdict.BETTER),
        ("cpu_per_kilotask", 1.1, Verdict.WORSE),
        ("cpu_per_kilotask", 0.9, Verdict.BETTER),
        ("throughput", 1.0, Verdict.NO_CHANGE),
    ],
)
def test_direction_is_applied_once(metric, ratio, verdict):
    """More throughput is better, more CPU is worse."""
    judged = judge(measured(ratio, metric=metric))
    assert judged.verdict is verdict
    assert judged.settled
    assert judged.ratio == pytest.approx(ratio, abs=0.02)


def test_a_small_but_certain_change_does_not_matter():
    """A change of 1 % on a metric with a floor of 3 % is no regression, however certain."""
    judged = judge(measured(0.99, noise=0.001))
    assert judged.discovered
    assert judged.verdict is Verdict.NO_CHANGE


def test_too_few_rounds_are_never_enough():
    """Four rounds decide nothing, however large the change; the fewest are six."""
    judged = judge(measured(0.5, n=4))
    assert judged.verdict is Verdict.CANNOT_TELL
    assert judged.rounds_to_settle == 2


def test_what_is_undecided_says_what_it_could_have_seen():
    """Noise of 15 % in 8 rounds: cannot tell, with a detectable effect and rounds to go."""
    judged = judge(measured(noise=0.15, n=8, seed=3))
    assert judged.verdict is Verdict.CANNOT_TELL
    assert judged.minimum_detectable_effect > 0.2
    assert judged.rounds_to_settle > 10


def test_no_verdict_below_the_noise_floor():
    """When base against itself moves as much, nothing is announced."""
    judged = judge(measured(0.95, again=np.log(0.9)))
    assert judged.verdict is Verdict.CANNOT_TELL


def test_one_disturbed_pair_of_base_does_not_hide_a_change():
    """What base against itself shows is its middle, not one pair in which something else ran."""
    row = dataclasses.replace(measured(0.95), again=np.array([0.0, 0.01, -0.01, 0.5]))
    assert judge(row).verdict is Verdict.WORSE


def test_a_change_that_the_controls_share_is_the_machines():
    """Head is 8 % slower, and so are the controls in head's turns: no regression."""
    assert judge(measured(0.92)).verdict is Verdict.WORSE
    assert judge(measured(0.92, control=0.92)).verdict is not Verdict.WORSE


def test_a_change_beyond_the_controls_is_found():
    """The controls moved by 5 %, head by 20 %: the rest is the commit's."""
    judged = judge(measured(0.8, control=0.95))
    assert judged.verdict is Verdict.WORSE
    assert judged.ratio == pytest.approx(0.8 / 0.95, abs=0.02)


def zeros(head: list[float]) -> PairedRow:
    """Failure rates: zero in base."""
    return PairedRow(
        metric=METRICS["failure_rate"],
        base=np.zeros(len(head)),
        head=np.array(head),
        again=NONE,
        shift=None,
    )


def test_without_any_failure_nothing_changed():
    """Zero in every round of both sides is no change, without a ratio."""
    judged = judge(zeros([0.0] * 8))
    assert judged.verdict is Verdict.NO_CHANGE
    assert judged.ratio is None


def test_failures_in_every_round_of_head_alone_are_worse():
    """There is no ratio to zero, but twelve of twelve rounds agree."""
    assert judge(zeros([0.1] * 12)).verdict is Verdict.WORSE
    assert judge(zeros([0.1, *[0.0] * 11])).verdict is Verdict.CANNOT_TELL


def test_rounds_that_agree_and_are_too_few_among_many_rows_are_not_said_to_disagree():
    """As many more as are told establish it."""
    rows = 60
    few = decide_rows([zeros([0.1] * 8), *[zeros([0.0] * 8)] * (rows - 1)], PairedPolicy())[0]
    assert few.verdict is Verdict.CANNOT_TELL
    assert few.reason == f"every round agrees in direction, but 8 say too little among {rows} rows"
    assert few.rounds_to_settle
    for more, verdict in ((-1, Verdict.CANNOT_TELL), (0, Verdict.WORSE)):
        enough = 8 + few.rounds_to_settle + more
        row, *_ = decide_rows(
            [zeros([0.1] * enough), *[zeros([0.0] * enough)] * (rows - 1)], PairedPolicy()
        )
        assert row.verdict is verdict


def test_more_rows_need_more_evidence():
    """A borderline row that is found alone is not found among a hundred quiet ones."""
    row = measured(0.95, noise=0.03, n=12, seed=5)
    alone = judge(row)
    crowd = decide_rows([row, *(measured(seed=i, noise=0.03) for i in range(100))], DEFAULT)
    assert alone.discovered
    assert not crowd[0].discovered


def test_rows_that_do_not_gate_cost_the_gating_ones_nothing():
    """The two kinds are separate families."""
    row = measured(0.95, noise=0.03, n=12, seed=5)
    others = [measured(metric="cpu_percent", seed=i, noise=0.03) for i in range(100)]
    assert decide_rows([row, *others], DEFAULT)[0] == judge(row)


def test_fresh_workers_confirm_or_do_not():
    """The same again confirms; nothing does not; too little says neither; the reverse does not."""
    first = judge(measured(0.9))
    assert confirms(first, measured(0.9, n=8, seed=9), 8, DEFAULT) is True
    assert confirms(first, measured(1.0, n=12, seed=9), 8, DEFAULT) is False
    assert confirms(first, measured(1.1, n=8, seed=9), 8, DEFAULT) is False
    assert confirms(first, measured(0.9, n=3, seed=9), 8, DEFAULT) is None


def test_an_unchanged_suite_raises_no_alarm():
    """150 comparisons of all gating metrics, unchanged, looked at six times: at most one alarms."""
    rng = np.random.default_rng(30)
    alarms = 0
    names = [name for name, metric in METRICS.items() if metric.gates]
    for _ in range(150):
        logs = rng.normal(0, 0.03, (2, len(names), 24))
        logs[:, :, :] += 0.02 * (rng.random(logs.shape) < 0.1) * rng.standard_exponential(24)
        alarms += _alarms(names, np.exp(logs))
    assert alarms <= 1


def _alarms(names: list[str], values: np.ndarray) -> bool:
    """Whether any row is announced at any look and shown again by eight more rounds."""
    for n in range(6, 17, 2):
        rows = [_row(name, values[:, i, :n]) for i, name in enumerate(names)]
        for i, judged in enumerate(decide_rows(rows, DEFAULT)):
            if judged.settled and judged.verdict in {Verdict.WORSE, Verdict.BETTER}:
                return confirms(judged, _row(names[i], values[:, i, 16:]), 8, DEFAULT) is True
    return False


def _row(name: str, sides: np.ndarray) -> PairedRow:
    metric = dataclasses.replace(METRICS[name], floor=0.0)
    return PairedRow(metric=metric, base=sides[0], head=sides[1], again=NONE, shift=None)

"""Parts of a turn: how many there are, and which of them counts."""

import pytest

from tracker.compare.turn_parts import FEWEST, MOST, divide, summarise
from tracker.model.catalogue import METRICS

SAMPLES = [0.30, 0.24, 0.41]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("cpu_per_kilotask", 0.24),
        ("enqueue_cpu_per_kilotask", 0.24),
        ("enqueue_rate", 0.41),
        ("latency_p95", 0.30),
        ("throughput", 0.30),
    ],
)
def test_costs_are_those_of_the_least_disturbed_part(metric, value):
    """CPU and the rate of sending take the best part, everything that waits the median."""
    assert summarise(SAMPLES, METRICS[metric]) == value


def test_one_failing_part_in_three_is_not_lost_in_a_median():
    """What is zero in some parts is averaged over all."""
    assert summarise([0.0, 0.0, 0.3], METRICS["failure_rate"]) == pytest.approx(0.1)


@pytest.mark.parametrize(("scenarios", "parts"), [(1, MOST["quick"].parts), (11, 5), (100, FEWEST)])
def test_many_scenarios_get_fewer_parts(scenarios, parts):
    """The budget of fifteen minutes is shared by the scenarios."""
    assert divide("quick", 900, scenarios).parts == parts


def test_at_full_size_two_turns_send_the_whole_burst():
    """Many short turns of half a burst say more than few of a whole one."""
    found = divide("full", 900, 1)
    assert 2 * found.parts * found.burst_share == pytest.approx(1)

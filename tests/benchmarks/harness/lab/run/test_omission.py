"""No coordinated omission, and no backlog of the burst in the latency: with real Huey workers."""

from dataclasses import replace

import pytest

from benchmarks.harness.lab.results import metrics
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.run_data import RunData
from benchmarks.harness.shared.plans import burst, paced
from benchmarks.harness.shared.spec import ScenarioSpec
from tests.support.live_cells import measure_live, scenario
from tests.support.stalling_producer import STALL_S

pytestmark = pytest.mark.slow

QUICK_S = 0.15
"""More than an idle Huey needs for a task of 20 ms on a busy machine."""


def run_of(spec: ScenarioSpec) -> RunData:
    """The one run of Huey."""
    (data,) = measure_live(spec, "huey")
    assert data.reason == ""
    return data.runs[0]


def test_a_producer_that_hangs_shows_in_latency_and_not_in_the_time_since_sending():
    """Half of the tasks were due while one call hung: what they waited is counted."""
    spec = scenario(paced(100, 100))
    run = run_of(replace(spec, producer="tests.support.stalling_producer"))
    stamps = run.phase("paced").stamps
    since_sending_s = (stamps.finished - stamps.sent) / 1e9

    assert metrics.of_run(run)["latency_p95"] > 0.7 * STALL_S
    assert st.percentile(since_sending_s, 95) < QUICK_S
    late = st.latency_s(stamps) - since_sending_s
    assert (late > 0.1 * STALL_S).sum() >= 0.35 * len(stamps)


def test_latency_of_the_paced_load_does_not_contain_the_backlog_of_the_burst():
    """The burst's last tasks wait for half a second; the paced ones that follow do not."""
    spec = scenario(burst(250), paced(60, 60), workload="sleep")
    run = run_of(spec)

    assert st.percentile(st.latency_s(run.phase("burst").stamps), 95) > 3 * QUICK_S
    assert metrics.of_run(run)["latency_p95"] < QUICK_S

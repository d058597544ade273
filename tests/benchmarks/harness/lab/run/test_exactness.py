"""The stamps against the truth of a reference worker whose delays are known."""

import numpy as np
import pytest

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.station.job import CANARIES
from benchmarks.harness.shared.plans import burst, paced
from tests.support.live_cells import measure_live, scenario

pytestmark = [pytest.mark.slow, pytest.mark.alone]

DELAY_MS = 5.0
TOLERANCE_S = 0.001


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A burst and a paced load through the reference worker, and what the worker says of them."""
    truth = tmp_path_factory.mktemp("truth") / "truth"
    options = {"delay_ms": str(DELAY_MS), "truth": str(truth)}
    (data,) = measure_live(scenario(burst(300), paced(200, 80), options=options), "fake")
    assert data.reason == ""
    rows = {int(s): (int(b), int(e)) for s, b, e in map(str.split, truth.read_text().splitlines())}
    return data.runs[0], rows


def of_phase(told, name: str):
    """Stamps of a phase and the worker's own start and end times, in the order of the slots."""
    run, rows = told
    stamps = run.phase(name).stamps
    # The phases took the slots after the canaries, in order.
    slots = [slot for slot in sorted(rows) if slot >= CANARIES][:500]
    part = slots[:300] if name == "burst" else slots[300:]
    begins, ends = np.array([rows[slot] for slot in part]).T
    return stamps, begins, ends


@pytest.mark.parametrize("name", ["burst", "paced"])
@pytest.mark.parametrize("percent", [50, 99])
def test_latency_wait_and_execution_are_right_within_a_millisecond(told, name, percent):
    """At the median and in the tail, the stamps agree with the worker's own clock."""
    stamps, begins, ends = of_phase(told, name)
    pairs = {
        "latency": (st.latency_s(stamps), (ends - stamps.due) / 1e9),
        "wait": (st.wait_s(stamps), (begins - stamps.sent) / 1e9),
        "execution": (st.execution_s(stamps), (ends - begins) / 1e9),
    }
    for what, (measured, true) in pairs.items():
        difference = np.percentile(measured, percent) - np.percentile(true, percent)
        assert abs(difference) < TOLERANCE_S, what


def test_execution_is_never_shorter_than_the_known_delay(told):
    """A body that sleeps 5 ms takes at least that."""
    stamps, _, _ = of_phase(told, "paced")

    assert st.execution_s(stamps).min() >= DELAY_MS / 1000


def test_latency_of_the_paced_load_is_free_of_the_bursts_backlog(told):
    """The burst's last tasks waited more than a second, the paced ones a few milliseconds."""
    run, _ = told

    assert st.percentile(st.latency_s(run.phase("burst").stamps), 95) > 1.0
    assert st.percentile(st.latency_s(run.phase("paced").stamps), 50) < 0.1


def test_depth_from_the_stamps_is_the_brokers_own_figure(told):
    """While the queue drains, what waits by the stamps is the length of the broker's list."""
    phase = told[0].phase("burst")
    samples = [s for s in phase.samples if s.at_ns > phase.stamps.sent.max()]
    starts = np.sort(phase.stamps.started)
    asked, answered = (
        len(starts) - np.searchsorted(starts, instants, side="right")
        for instants in ([s.asked_ns for s in samples], [s.at_ns for s in samples])
    )

    assert len(samples) >= 5
    assert max(s.backlog for s in samples) > 100
    for sample, before, after in zip(samples, asked, answered, strict=True):
        assert after - 2 <= sample.backlog <= before + 1


def test_cpu_and_memory_are_those_of_the_worker(told):
    """A worker that sleeps uses little CPU, and memory as an interpreter does."""
    samples = told[0].phase("burst").samples

    assert 0 < samples[-1].cpu_s - samples[0].cpu_s < 1.0
    assert all(5e6 < s.memory_bytes < 200e6 for s in samples)
    assert all(s.processes == 1 for s in samples)


def test_a_dropped_task_is_lost():
    """Every 50th task thrown away: the cell fails and says how many never ended."""
    (data,) = measure_live(scenario(burst(100), options={"drop_every": "50"}), "fake")

    assert "never ended" in data.reason


def test_a_doubled_task_is_doubled():
    """Every 40th task run twice: the cell fails and says so."""
    (data,) = measure_live(scenario(burst(200), options={"double_every": "40"}), "fake")

    assert "ran twice" in data.reason

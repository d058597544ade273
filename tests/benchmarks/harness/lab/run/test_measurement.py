"""Whole measurements on the simulated station: order, verdicts, failures, numbers."""

import pytest

from benchmarks.harness.lab.results import metrics, record, validation
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.cell_summary import Origin, summarise
from benchmarks.harness.shared.adapter import Level, Support
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.spec import Pattern, TaskClass, Variant
from tests.support.simulated_station import Behaviour
from tests.support.simulations import NOOP, PACED, scenario, simulate

ORIGIN = Origin(
    commit="c" * 40, environment="env", machine="m", started_at_ms=1, finished_at_ms=2, facts={}
)


def test_libraries_are_interleaved_and_reversed_on_every_second_round():
    """A drift of the machine meets all libraries alike."""
    _, said = simulate({"one": Behaviour(), "two": Behaviour()})

    assert [line.partition(",")[0] for line in said] == ["one", "two", "two", "one", "one", "two"]


def test_throughput_is_what_arithmetic_says():
    """Ten places of 2 ms each do 5,000 tasks a second; sending at 10,000 a second, no less."""
    (data,), _ = simulate({"lib": Behaviour()})

    assert data.reason == ""
    assert len(data.runs) == 6
    for run in data.runs:
        assert metrics.of_run(run)["throughput"] == pytest.approx(5000, rel=0.02)
        assert metrics.of_run(run)["enqueue_rate"] == pytest.approx(10_000, rel=0.02)


def test_latency_comes_from_the_paced_load_and_not_from_the_backlog_of_the_burst():
    """An idle system takes 2.1 ms; the burst's tasks wait for tens of milliseconds."""
    (data,), _ = simulate({"lib": Behaviour()})
    run = data.runs[0]

    assert metrics.of_run(run)["latency_p99"] == pytest.approx(0.0021, rel=0.01)
    assert st.percentile(st.latency_s(run.phase("burst").stamps), 50) > 0.02


def test_a_slow_producer_shows_in_latency():
    """Enqueue calls of 7 ms cannot keep a pace of 200/s, and the time that is late is counted."""
    (data,), _ = simulate(
        {"lib": Behaviour(send_ns=7_000_000)}, scenario(phases=(PACED,), metrics=())
    )
    paced = data.runs[0].phase("paced").stamps

    assert st.percentile(st.latency_s(paced), 99) > 0.15
    assert st.percentile(st.wait_s(paced), 99) < 0.02


def test_warm_up_ends_when_blocks_agree():
    """A library that is slow at first is warmed up, one that is not is flat."""
    data, _ = simulate({"cold": Behaviour(slow_first=160), "even": Behaviour()})
    cold, even = (cell.runs[0].warmup for cell in data)

    assert (even.verdict, even.tasks) == ("flat", 200)
    assert cold.verdict == "warmed_up"
    assert cold.tasks > even.tasks


def test_measured_loads_are_the_same_however_long_the_warm_up_was():
    """Order of classes, arrivals and slots depend on the seed alone."""
    tasks = (NOOP, TaskClass(name="other", workload="noop"))
    data, _ = simulate(
        {"cold": Behaviour(slow_first=160), "even": Behaviour()},
        scenario(variants=(Variant(tasks=tasks),)),
    )
    cold, even = (cell.runs[1].phase("paced").stamps for cell in data)

    assert data[0].runs[0].warmup.tasks > data[1].runs[0].warmup.tasks
    assert cold.kind.tolist() == even.kind.tolist()
    assert (cold.due - cold.due[0]).tolist() == (even.due - even.due[0]).tolist()


def test_no_steady_state_is_kept_and_flagged():
    """A warm-up that reaches its cap measures all the same, and the run says so."""
    (data,), _ = simulate({"lib": Behaviour(slow_first=120)}, scenario(warmup_cap_s=0.01))

    assert data.runs[0].warmup.verdict == "no_steady_state"
    assert any("no steady state" in line for line in validation.run_warnings(data.runs[0]))


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Behaviour(drop_every=97), "never ended"),
        (Behaviour(double_every=97), "ran twice"),
        (Behaviour(die_after_tasks=300), "the simulated worker died"),
        (Behaviour(keep_in_broker=3), "the broker still holds 3 tasks"),
        (Behaviour(boot_ns=10**12), "no canary task came back within 20 s"),
    ],
    ids=["lost", "doubled", "died", "not empty", "never ready"],
)
def test_what_goes_wrong_fails_that_cell_with_its_reason_and_no_other(behaviour, reason):
    """A failed cell names what happened; the library beside it is measured to the end."""
    (bad, good), _ = simulate({"bad": behaviour, "good": Behaviour()})

    assert reason in bad.reason
    assert good.reason == ""
    assert len(good.runs) == 6
    assert summarise(bad, ORIGIN).outcome == "failed"
    assert summarise(bad, ORIGIN).metrics == {}


def test_unsupported_is_a_reason_and_no_number():
    """A library without the feature is never started, and its record says why."""
    no = Support(level=Level.UNSUPPORTED, reason="it has no priorities")
    (data, _), said = simulate({"lib": Behaviour(), "two": Behaviour()}, support={"lib": no})
    made = summarise(data, ORIGIN)

    assert (made.outcome, made.reason, made.metrics) == ("unsupported", "it has no priorities", {})
    assert not any(line.startswith("lib,") for line in said)


def test_a_side_variant_that_is_not_offered_makes_no_cell_unsupported():
    """What is measured is said to be native, whatever the anti-patterns are."""
    both = (Variant(tasks=(NOOP,)), Variant(name="threads", tasks=(NOOP,)))
    (data,), _ = simulate({"lib": Behaviour()}, scenario(variants=both, metrics=()))
    no = Support(level=Level.UNSUPPORTED, reason="it has no threads")
    data.cell.adapter.support = lambda _scenario, variant: no if variant == "threads" else Support()
    made = summarise(data, ORIGIN)

    assert (made.outcome, made.support.level, made.support.reason) == ("measured", "native", "")


def test_record_survives_writing_and_reading(tmp_path):
    """What is stored is what was measured: the file decodes to the same record."""
    (data,), _ = simulate({"lib": Behaviour()})
    made = summarise(data, ORIGIN)
    path = record.write(made, tmp_path)

    assert path == tmp_path / "m" / "records" / "cccccccc-env" / "simulation.lib.record"
    assert record.decode(path.read_bytes()) == made
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_every_metric_of_the_scenario_has_one_sample_per_run():
    """Six runs give six samples, and one coefficient of variation over them."""
    (data,), _ = simulate({"lib": Behaviour()})
    made = summarise(data, ORIGIN)

    assert made.outcome == "measured"
    assert {n: len(m.samples) for n, m in made.metrics.items() if len(m.samples) != 6} == {
        "throughput_cv": 1
    }
    assert made.histogram.count == 600
    assert len(made.curves.time_s) == len(made.curves.depth) <= 200


def test_simulated_broker_agrees_with_the_stamps():
    """The cross-check passes where the broker counts right, and names the figures where not."""
    (data,), _ = simulate({"lib": Behaviour()}, scenario(sample_interval_s=0.02))
    burst = data.runs[0].phase("burst")
    wrong = [s.__replace__(backlog=s.backlog + 200) for s in burst.samples]

    assert validation.backlog_disagreement(burst, buffer=10) == ""
    assert "the broker says" in validation.backlog_disagreement(
        burst.__replace__(samples=tuple(wrong)), buffer=10
    )


def test_mixed_classes_keep_their_shares():
    """Kinds are stamped, so percentiles can be split by class."""
    tasks = (NOOP, TaskClass(name="other", workload="noop", share=3.0))
    (data,), _ = simulate({"lib": Behaviour()}, scenario(variants=(Variant(tasks=tasks),)))
    kinds = data.runs[0].phase("burst").stamps.kind

    assert [(kinds == k).sum() for k in (0, 1)] == [100, 300]


def test_variants_are_measured_in_the_same_rounds():
    """Each round has fresh workers of each variant; the reversed ones too."""
    both = (Variant(tasks=(NOOP,)), Variant(name="other", tasks=(NOOP,)))
    (data,), said = simulate({"lib": Behaviour()}, scenario(variants=both))

    assert [line.split(", ")[1] for line in said] == [
        "default", "other", "other", "default", "default", "other",
    ]  # fmt: skip
    assert sum(run.variant == "other" for run in data.runs) == 6


def test_cold_start_has_no_phases_and_a_canary_per_place():
    """Without phases a round ends when its first tasks have come back."""
    (data,), _ = simulate({"lib": Behaviour()}, scenario(phases=(), metrics=()))

    assert [run.phases for run in data.runs] == [()] * 6
    assert len(data.runs[0].canary) == 10
    assert data.runs[0].seconds_to_ready == pytest.approx(0.502, abs=0.001)


def test_of_several_bursts_the_largest_gives_the_common_metrics():
    """Growing bursts: throughput, and with it its spread, is that of the last one."""
    phases = (burst(50), burst(400, "large"), burst(100, "last"))
    (data,), _ = simulate({"lib": Behaviour()}, scenario(phases=phases, metrics=()))
    run = data.runs[0]

    assert metrics.main_load(run, Pattern.BURST).phase.name == "large"
    assert metrics.of_run(run)["throughput"] == pytest.approx(
        st.throughput_per_s(run.phase("large").stamps)
    )

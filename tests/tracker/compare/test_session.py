"""Whole comparisons on a fake machine: what is measured, when it stops, what is written."""

import math
import re
from dataclasses import replace

import pytest

from tests.support.comparison_examples import side
from tests.support.fake_measurer import LEVELS, FakeMachine
from tracker.compare.assembly import Context, assemble
from tracker.compare.comparison import noise_plan
from tracker.compare.measurer import Label
from tracker.compare.session import Plan, Session
from tracker.model import Verdict
from tracker.model.comparison import Comparison, Conclusion, Reproduction
from tracker.paired.policy import DEFAULT, PairedPolicy
from tracker.report.comparison.file import decode, encode

SCENARIOS = ("basic_throughput", "cpu_bound")


def compare(machine: FakeMachine, *, budget_s: float = 3600.0, **plan: object) -> Comparison:
    """Run a comparison on *machine* and pass the result through its file."""
    options = {"controls": True, "seed": 3, "policy": PairedPolicy(), "scenarios": SCENARIOS}
    said = {name: plan.pop(name) for name in ("head",) if name in plan}
    whole = Plan(budget_s=budget_s, **options | plan)  # type: ignore[arg-type]
    measured = Session(whole, machine.open, machine.clock, lambda _: None).run()
    context = Context(
        project="asynctasq",
        base=side(head=False),
        head=side(head=True),
        machine="fake",
        control="celery",
        size="quick",
        asked_scenarios=(),
        started_ms=0,
        prepared_s=1.0,
        budget_s=budget_s,
    )
    return decode(encode(assemble(replace(context, **said), whole, measured)))


def verdicts(comparison: Comparison) -> dict[str, Verdict]:
    """Verdict of each metric of the first scenario."""
    return {row.metric: row.verdict for row in comparison.rows if row.scenario == SCENARIOS[0]}


def test_an_unchanged_commit_is_fine_and_stops_early():
    """All gating metrics are settled long before the budget ends, and nothing is measured again."""
    machine = FakeMachine()
    comparison = compare(machine)
    assert comparison.conclusion is Conclusion.FINE
    assert comparison.measured_s < 600
    assert machine.opened == 1
    assert set(verdicts(comparison).values()) == {Verdict.NO_CHANGE}


def test_a_regression_is_confirmed_by_fresh_workers():
    """10 % less throughput: worse, with the ratio, seen again by a second measurer."""
    machine = FakeMachine(effects={"throughput": 0.9})
    comparison = compare(machine)
    assert comparison.conclusion is Conclusion.REGRESSION
    assert machine.opened == 2
    row = next(row for row in comparison.rows if row.metric == "throughput")
    assert row.verdict is Verdict.WORSE
    assert row.check is Reproduction.CONFIRMED
    assert row.ratio == pytest.approx(0.9, abs=0.02)
    assert row.low < 0.9 < row.high


def test_what_fresh_workers_do_not_show_is_not_announced():
    """A change that only the first processes had cannot be told."""
    comparison = compare(FakeMachine(effects={"throughput": 0.95}, unconfirmed=True))
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    row = next(row for row in comparison.rows if row.metric == "throughput")
    assert row.check is Reproduction.NOT_REPRODUCED


@pytest.mark.parametrize("label", [Label.BASE, Label.HEAD])
def test_a_side_that_was_cut_off_is_not_blamed(label: Label):
    """Whose turn the time ended in says nothing of that side."""
    failing = {(label, scenario): "no time" for scenario in SCENARIOS}
    comparison = compare(FakeMachine(failing=failing, cut_off=True))
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert {(entry.side, entry.reason) for entry in comparison.failed} == {("both", "no time")}
    blamed = compare(FakeMachine(failing=failing))
    assert {entry.side for entry in blamed.failed} == {label.value}


def test_one_reason_of_both_sides_is_told_once():
    """Each side has a folder of its own in it."""
    failing = {
        (label, scenario): f"no module in /lib/.asv/compare/{label}/bin"
        for label in (Label.BASE, Label.HEAD)
        for scenario in SCENARIOS[:1]
    }
    comparison = compare(FakeMachine(failing=failing), scenarios=SCENARIOS[:1])
    (failed,) = comparison.failed
    assert failed.side == "both"
    assert failed.reason.count("no module") == 1


RAISES = f"{SCENARIOS[0]}.Burst.track_latency_p50"


def test_what_raises_now_and_then_in_head_fails_the_comparison():
    """The rounds that are left say nothing of it, and are as many as others need."""
    comparison = compare(FakeMachine(raising={(Label.HEAD, "latency_p50"): 0.6}))
    assert comparison.conclusion is Conclusion.FAILED
    failed = next(entry for entry in comparison.failed if entry.benchmark == RAISES)
    assert re.match(r"failed in \d+ of \d+ rounds of head, none of base: it raised", failed.reason)
    row = next(row for row in comparison.rows if row.benchmark == RAISES)
    assert row.verdict is Verdict.CANNOT_TELL
    assert row.reason in failed.reason
    assert any(" rounds of head, none of base" in note for note in comparison.notes)


def test_what_raises_in_a_few_rounds_of_head_is_not_fine():
    """There was no time to be sure of it."""
    machine = FakeMachine(raising={(Label.HEAD, "latency_p50"): 0.5})
    comparison = compare(machine, budget_s=200, scenarios=SCENARIOS[:1])
    assert comparison.failed == ()
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert verdicts(comparison)["latency_p50"] is Verdict.CANNOT_TELL


def test_what_raises_as_often_on_both_sides_is_noted():
    """It is no commit's doing, and what was measured decides."""
    both = dict.fromkeys([(Label.BASE, "latency_p50"), (Label.HEAD, "latency_p50")], 0.2)
    comparison = compare(FakeMachine(raising=both, seed=4))
    assert comparison.conclusion is Conclusion.FINE
    assert any(" rounds of head, " in note for note in comparison.notes)


def test_what_raises_in_base_alone_is_mended_and_not_new():
    """The note says why it failed there."""
    comparison = compare(FakeMachine(raising={(Label.BASE, "latency_p50"): 1.0}))
    assert comparison.conclusion is Conclusion.FINE
    assert comparison.new == ()
    assert (
        f"fails in base, and is measured in head: {RAISES} tasks=1000 and 1 more (it raised)"
        in (comparison.notes)
    )


def test_what_is_clear_stops_and_what_is_not_goes_on():
    """With one noisy metric both scenarios use the budget, and say what they could have seen."""
    comparison = compare(FakeMachine(noise={"latency_p50": 0.4}), budget_s=300)
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert comparison.measured_s <= 300
    row = next(row for row in comparison.rows if row.metric == "latency_p50")
    assert row.verdict is Verdict.CANNOT_TELL
    assert row.minimum_detectable_effect > 0.2
    assert any("budget" in note for note in comparison.notes)


def test_measuring_again_stays_within_the_budget():
    """Time for it is kept back from the first rounds."""
    machine = FakeMachine(effects={"throughput": 0.8}, noise={"latency_p50": 0.4})
    comparison = compare(machine, budget_s=400, scenarios=SCENARIOS[:1])
    assert comparison.measured_s <= 400
    assert verdicts(comparison)["throughput"] is Verdict.WORSE
    assert comparison.rows[0].check is Reproduction.CONFIRMED


def test_the_budget_is_used_to_its_last_round():
    """Only the turns that a round will have are kept time for: less than a plain round is left."""
    machine = FakeMachine(noise={"latency_p50": 0.4})
    comparison = compare(machine, budget_s=300, scenarios=SCENARIOS[:1], controls=False)
    assert 300 - 3 * machine.turn_s * 1.1 < comparison.measured_s <= 300


def test_too_little_time_to_measure_again_is_no_refutation():
    """Fresh workers that had no time to be sure do not speak against a change."""
    noise = {"throughput": 0.02, "latency_p50": 0.4}
    machine = FakeMachine(effects={"throughput": 0.9}, noise=noise)
    policy = PairedPolicy(alpha=1e-200)
    comparison = compare(machine, budget_s=200, scenarios=SCENARIOS[:1], policy=policy)
    row = next(row for row in comparison.rows if row.metric == "throughput")
    assert row.check is Reproduction.NOT_MEASURED


def test_one_disturbed_round_does_not_make_head_unsteady():
    """The spread of a side leaves its outermost rounds out; it is that of the others."""
    machine = FakeMachine(disturbed=(Label.HEAD, 4))
    row = next(row for row in compare(machine).rows if row.metric == "throughput")
    assert row.head.cv == pytest.approx(0.01, abs=0.01)


def test_rounds_take_turns():
    """Base and head alternate in order, and of five rounds one has base twice, one the control."""
    machine = FakeMachine()
    compare(machine, scenarios=SCENARIOS[:1])
    labels = [turn.label for turn in machine.turns]
    assert labels[:2] == [Label.HEAD, Label.BASE]
    assert labels[2:5] == [Label.BASE, Label.HEAD, Label.AGAIN]
    assert labels[5:7] == [Label.HEAD, Label.BASE]
    assert labels[7:11] == [Label.CONTROL_BASE, Label.BASE, Label.HEAD, Label.CONTROL_HEAD]
    assert labels.count(Label.BASE) == labels.count(Label.HEAD)


def test_what_the_control_shares_is_the_machines():
    """Everything on head's side is 8 % faster, the control as well: no alarm in enough rounds."""
    machine = FakeMachine(shares=1.08, noise=dict.fromkeys(("throughput", "memory_peak"), 0.005))
    comparison = compare(machine, policy=PairedPolicy(fewest_rounds=40))
    assert any(control.moved for control in comparison.controls)
    assert Verdict.WORSE not in verdicts(comparison).values()


def test_a_scenario_that_fails_in_head_only_fails_the_comparison():
    """It is given up after two failed rounds, named with its reason; the other one is judged."""
    reason = "3 of 1,000 tasks were lost"
    machine = FakeMachine(failing={(Label.HEAD, "cpu_bound"): reason})
    comparison = compare(machine)
    assert comparison.conclusion is Conclusion.FAILED
    assert [(entry.scenario, entry.side, entry.reason) for entry in comparison.failed] == [
        ("cpu_bound", "head", reason)
    ]
    assert verdicts(comparison)["throughput"] is Verdict.NO_CHANGE


def test_what_the_budget_did_not_reach_is_not_called_fine():
    """With time for one scenario, that one is decided and the other is named."""
    comparison = compare(FakeMachine(), budget_s=110)
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert set(verdicts(comparison).values()) == {Verdict.NO_CHANGE}
    assert any("the budget is used up: cpu_bound" in note for note in comparison.notes)


def test_a_budget_for_nothing_names_what_was_not_reached():
    """A scenario without any round is listed as not measured on either side."""
    comparison = compare(FakeMachine(), budget_s=16)
    assert comparison.conclusion is Conclusion.CANNOT_TELL
    assert [(entry.scenario, entry.side) for entry in comparison.failed] == [("cpu_bound", "both")]


def test_the_quickest_scenarios_are_decided_first():
    """With little time the slow one waits after its first round, although it comes first."""
    machine = FakeMachine(slow={"basic_throughput": 10.0})
    comparison = compare(machine, budget_s=300)
    undecided = {row.scenario for row in comparison.rows if row.verdict is Verdict.CANNOT_TELL}
    assert undecided == {"basic_throughput"}


def test_what_the_budget_cannot_decide_is_not_gone_on_with():
    """One after the other: where the first needs more than is left, the second has the time."""
    machine = FakeMachine(slow={"basic_throughput": 10.0})
    comparison = compare(machine, budget_s=400, in_order=True)
    assert sum(turn.scenario == "basic_throughput" for turn in machine.turns) < 6
    undecided = {row.scenario for row in comparison.rows if row.verdict is Verdict.CANNOT_TELL}
    assert undecided == {"basic_throughput"}


def test_what_stays_out_of_reach_gives_way_to_the_next():
    """After eight rounds that leave one hopeless metric open it is the second scenario's turn."""
    noise = {"latency_p50": 1.5}
    machine = FakeMachine(noise=noise)
    comparison = compare(machine, budget_s=400, in_order=True, controls=False)
    rounds = [machine.count_in(scenario, Label.HEAD) for scenario in SCENARIOS]
    assert rounds == [8, 8]
    assert comparison.measured_s < 250
    assert any("would not decide it: basic_throughput, cpu" in note for note in comparison.notes)
    patient = FakeMachine(noise=noise)
    compare(
        patient,
        budget_s=400,
        in_order=True,
        controls=False,
        policy=PairedPolicy(out_of_reach=math.inf),
    )
    assert patient.count_in(SCENARIOS[0], Label.HEAD) > 30


def test_noise_that_no_round_decides_is_measured_all_the_same():
    """To know the noise of a machine, one scenario has all the time, hopeless or not."""
    machine = FakeMachine(noise=dict.fromkeys(LEVELS, 20.0))
    plan = noise_plan(SCENARIOS[:1], 400, 3)
    measured = Session(plan, machine.open, machine.clock, lambda _: None).run()
    assert measured.measured_s > 350
    machine = FakeMachine(noise={"latency_p50": 1.5})
    Session(noise_plan(SCENARIOS, 400, 3), machine.open, machine.clock, lambda _: None).run()
    rounds = [machine.count_in(scenario, Label.HEAD) for scenario in SCENARIOS]
    assert rounds == [DEFAULT.fewest_rounds] * 2


def test_what_is_within_reach_is_gone_on_with():
    """A metric that some more rounds decide keeps its scenario, whatever else is hopeless there."""
    machine = FakeMachine(noise={"latency_p50": 1.5, "throughput": 0.03})
    comparison = compare(
        machine, budget_s=600, scenarios=SCENARIOS[:1], in_order=True, controls=False
    )
    assert machine.count_in(SCENARIOS[0], Label.HEAD) > 10
    assert verdicts(comparison)["throughput"] is Verdict.NO_CHANGE
    assert verdicts(comparison)["latency_p50"] is Verdict.CANNOT_TELL


def test_what_the_library_does_not_offer_is_a_note():
    """A scenario that neither side supports is no failure."""
    machine = FakeMachine(unsupported={"cpu_bound": "no process pools"})
    comparison = compare(machine)
    assert comparison.conclusion is Conclusion.FINE
    assert any("no process pools" in note for note in comparison.notes)


def test_a_control_that_fails_is_told():
    """The verdicts stand without it, and a note says why it is missing."""
    reason = "no environment: no network"
    machine = FakeMachine(failing={(Label.CONTROL_HEAD, SCENARIOS[0]): reason})
    comparison = compare(machine)
    assert comparison.conclusion is Conclusion.FINE
    assert f"the control failed in {SCENARIOS[0]}: {reason}" in comparison.notes


def test_new_benchmarks_are_named():
    """What only head has is new and is not judged."""
    machine = FakeMachine(only_head=lambda name: name == "memory_peak")
    comparison = compare(machine, scenarios=SCENARIOS[:1])
    assert [entry.benchmark for entry in comparison.new] == [
        "basic_throughput.Burst.track_memory_peak"
    ]
    assert "memory_peak" not in verdicts(comparison)


def test_whatever_a_project_calls_its_parameters_the_file_can_be_read():
    """Longer ones than the file takes are cut, and so are more notes than it has room for."""
    many = tuple(f"module_{number}" for number in range(120))
    long = (("n" * 400, "[" + "1, " * 200 + "1]"),) * 30
    machine = FakeMachine(params=long, unsupported=dict.fromkeys(many, "no"))
    comparison = compare(machine, scenarios=(*SCENARIOS, *many))
    assert comparison.rows[0].params == (("n" * 300, ("[" + "1, " * 200)[:300]),) * 20
    assert len(comparison.notes) == 100


def test_a_build_that_fails_at_length_is_told_by_its_beginning_and_end():
    """A compiler's line of any length does not make a file that cannot be read."""
    failure = "cc1: " + "-I/x " * 3_000 + "fatal error: no such file"

    comparison = compare(FakeMachine(), scenarios=(), head=side(head=True, failure=failure))

    assert comparison.conclusion is Conclusion.FAILED
    told = comparison.head.failure or ""
    assert (told[:4], told[-12:], len(told)) == ("cc1:", "no such file", 4_000)


def test_the_run_states_its_own_noise():
    """A/A pairs of 3 % noise give a floor of a few percent, per metric and over all."""
    noisy = dict.fromkeys(("throughput", "cpu_per_kilotask", "latency_p50", "memory_peak"), 0.03)
    comparison = compare(FakeMachine(noise=noisy))
    everything = comparison.noise[0]
    assert everything.metric == "all"
    assert everything.relative == pytest.approx(0.07, abs=0.03)
    assert comparison.aa_rounds >= 4


@pytest.mark.slow
def test_false_alarms_and_power_of_whole_comparisons():
    """100 unchanged comparisons: at most one alarm; 5 % more CPU at 2 % noise: found in 90 %."""
    noise = {"throughput": 0.06, "cpu_per_kilotask": 0.02, "latency_p50": 0.05}
    options = {"budget_s": 900.0, "scenarios": SCENARIOS[:1]}
    alarms = sum(
        compare(FakeMachine(noise=noise, seed=seed, turn_s=8), **options).conclusion
        is Conclusion.REGRESSION
        for seed in range(100)
    )
    effects = {"cpu_per_kilotask": 1.05, "throughput": 0.955}
    found = sum(
        compare(FakeMachine(effects, noise, seed=seed, turn_s=8), **options).conclusion
        is Conclusion.REGRESSION
        for seed in range(40)
    )
    assert alarms <= 1
    assert found >= 36

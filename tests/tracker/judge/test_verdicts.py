"""Inputs on which a verdict was once wrong: invented, reversed, hidden, or blamed on a commit."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.support.signals import TIME, history, noisy, series
from tracker.judge import judge, judge_series
from tracker.judge.evidence import gather_evidence
from tracker.model import (
    Better,
    Environment,
    EventKind,
    JudgedHistory,
    Metric,
    Series,
    Verdict,
)

THROUGHPUT = replace(TIME, name="throughput", unit="tasks/s", better=Better.HIGHER)
MEMORY = replace(TIME, name="peakmem", unit="B", floor=0.05)
FAILURES = replace(TIME, name="failure_rate", unit="ratio", floor=0.0)


def by_name(judged: JudgedHistory) -> dict[str, Verdict]:
    """The verdict on each benchmark."""
    return {one.series.key.benchmark: one.verdict for one in judged.series}


def beside(values: np.ndarray, name: str, library: str, metric: Metric = TIME) -> Series:
    """A series of one library, named among the parameters as the harness has it."""
    one = series(values, name, metric, library=library)
    return replace(one, key=replace(one.key, params=(("library", repr(library)),)))


def with_repeats(values: Sequence[float], error: float, name: str, metric: Metric) -> Series:
    """A series with six repeats at each commit, spread by *error*."""
    rng = np.random.default_rng(len(name))
    offsets = np.arange(0, 6 * len(values) + 1, 6)
    samples = np.repeat(values, 6) * np.exp(rng.normal(0, error, 6 * len(values)))
    one = series(np.array(values, dtype=np.float64), name, metric)
    return replace(one, samples=samples, offsets=offsets)


def test_a_constant_benchmark_does_not_get_better_beside_slower_ones():
    """Four benchmarks, steps of 1.0, 1.2, 1.5 and 1.5: each change is told as it was measured."""
    factors = {"a": 1.0, "b": 1.2, "c": 1.5, "d": 1.5}
    members = [series(noisy(60, i, steps={30: f}), n) for i, (n, f) in enumerate(factors.items())]

    judged = judge(history(*members))

    worse = Verdict.WORSE
    assert by_name(judged) == {"a": Verdict.NO_CHANGE, "b": worse, "c": worse, "d": worse}
    sizes = [judged.series[m.series].changes[0].change.ratio for m in judged.events[0].members]
    assert sorted(sizes) == pytest.approx([1.2, 1.5, 1.5], rel=0.01)


def test_memory_is_never_the_machines():
    """Ten benchmarks that all need 51 to 57 MiB more are ten regressions of one commit."""
    members = [
        series(np.where(np.arange(40) < 25, 337e6, 337e6 + (51 + 0.6 * i) * 2**20), f"m{i}", MEMORY)
        for i in range(10)
    ]

    judged = judge(history(*members))

    (event,) = judged.events
    assert (event.kind, event.verdict, len(event.members)) == (EventKind.COMMIT, Verdict.WORSE, 10)
    assert set(by_name(judged).values()) == {Verdict.WORSE}
    assert all(s.changes[0].change.before == 337e6 for s in judged.series)


def test_every_level_that_is_told_is_a_median_of_what_was_measured():
    """Shared steps, own steps, noise: before and after are the raw medians, and so is the way."""
    members = [
        series(noisy(120, i, 0.02, {40: 1.2, 70: 1 + i / 20, 90: 0.8}), f"b{i}") for i in range(12)
    ]

    for one in judge(history(*members)).series:
        edges = [0, *(c.change.index for c in one.changes), 120]
        values = one.series.values
        levels = [float(np.median(values[a:b])) for a, b in pairwise(edges)]
        assert [c.change.before for c in one.changes] == levels[:-1]
        assert [c.change.after for c in one.changes] == levels[1:]
        for change in one.changes:
            is_up = change.change.after > change.change.before
            assert change.direction is (Verdict.WORSE if is_up else Verdict.BETTER)


@pytest.mark.parametrize("seed", range(4))
def test_one_control_takes_the_machine_out_of_the_commit(seed: int):
    """The machine gets faster by 149 % half way, the commit three before it by 57 %."""
    rng = np.random.default_rng(seed)
    machine = rng.normal(0, 0.13, 34) + np.where(np.arange(34) >= 17, np.log(2.49), 0.0)
    own = np.where(np.arange(34) >= 14, np.log(1.57), 0.0)
    ours = np.exp(machine + own + rng.normal(0, 0.06, 34))
    celery = np.exp(machine + rng.normal(0, 0.06, 34))

    judged = judge(
        history(
            beside(1000 * ours, "s.S.track_throughput", "p", THROUGHPUT),
            beside(900 * celery, "s.S.track_throughput", "celery", THROUGHPUT),
        )
    )

    (blamed,) = [event for event in judged.events if event.kind is EventKind.COMMIT]
    assert abs(blamed.position - 14) <= 1
    assert blamed.verdict is Verdict.BETTER
    (member,) = blamed.members
    change, shared = member.judged.change, member.judged.shared
    assert change.ratio / shared == pytest.approx(1.57, rel=0.15)
    machine_events = [event for event in judged.events if event.kind is EventKind.MACHINE]
    assert all(abs(event.position - 17) <= 1 for event in machine_events)
    assert machine_events


def test_a_control_that_only_adds_noise_is_not_divided_by():
    """A metric whose control wanders by itself is judged as if there were none."""
    rng = np.random.default_rng(3)
    ours = noisy(40, 1, 0.02, {20: 1.15})
    control = np.exp(rng.normal(0, 0.9, 40))

    judged = judge(history(beside(ours, "s.S.t", "p"), beside(control, "s.S.t", "celery")))

    (change,) = judged.series[0].changes
    assert (change.change.index, change.verdict) == (20, Verdict.WORSE)
    assert change.shared == pytest.approx(1.0, abs=0.1)


def test_without_a_control_that_works_it_is_said():
    """None beside the project, or too few commits beside it: a sentence, and nothing taken out."""
    alone = judge(history(series(noisy(40, 1), "a")))
    few = judge(history(beside(noisy(4, 1), "a.A.t", "p"), beside(noisy(4, 2), "a.A.t", "celery")))

    assert "No control is measured" in alone.notes[0]
    assert "cannot work yet" in few.notes[0]


def test_the_steps_of_six_releases_are_not_no_change():
    """1318, 1258, 1254, then 1994, 1957, 1840 tasks/s, with repeats that hardly overlap."""
    throughput = [1318.0, 1258, 1254, 1994, 1957, 1840]
    cpu = [0.52, 0.53, 0.5, 0.33, 0.34, 0.33]
    others = [series(noisy(6, 9 + i, 0.1), f"s.S.other{i}") for i in range(20)]
    members = (
        with_repeats(throughput, 0.09, "s.S.track_throughput", THROUGHPUT),
        with_repeats(cpu, 0.07, "s.S.track_cpu", TIME),
    )

    judged = judge(history(*members, *others))

    first = judged.series[0]
    assert first.verdict in {Verdict.BETTER, Verdict.SUSPECTED}
    assert first.changes[0].change.index == 3
    assert first.changes[0].change.ratio == pytest.approx(1957 / 1258)
    assert first.minimum_detectable_effect > (0.1 if first.verdict is Verdict.BETTER else 0.4)


def test_what_few_noisy_commits_could_hide_is_not_taken_from_the_quietest_of_locations():
    """4721, 4069, 5159, 4026, 3980, 2987: nobody could see a step of 6 % there."""
    values = [4721.0, 4069, 5159, 4026, 3980, 2987]
    (judged,) = judge(history(with_repeats(values, 0.2, "rate", THROUGHPUT))).series

    assert judged.minimum_detectable_effect > 0.2
    assert judged.verdict is Verdict.CANNOT_TELL


def loops(one: Series, counts: Sequence[int]) -> Series:
    """The series with asv's own number of calls in a repeat."""
    return replace(one, loops=np.array(counts, dtype=np.int32))


def test_where_asv_measured_otherwise_no_commit_is_blamed():
    """Calls per repeat fall from 40,000 to one: single cold calls, not slower code."""
    members = [
        loops(series(1e-6 * noisy(60, i, 0.02, {45: 8.0 + i}), f"b{i}"), [40_000] * 45 + [1] * 15)
        for i in range(6)
    ]

    judged = judge(history(*members))

    (event,) = judged.events
    assert (event.kind, event.verdict) == (EventKind.MEASURING, Verdict.SUSPECTED)
    assert event.surroundings == ("asv's calls per repeat: 40,000 -> 1",)
    assert set(by_name(judged).values()) == {Verdict.SUSPECTED}


def test_slower_code_has_fewer_calls_and_is_still_slower():
    """Asv fits as many calls into a repeat as it can: ten times slower, a tenth of the calls."""
    one = series(1e-6 * noisy(60, 1, 0.02, {45: 10.0}), "b")

    (event,) = judge(history(loops(one, [10_000] * 45 + [1_000] * 15))).events

    assert (event.kind, event.verdict) == (EventKind.COMMIT, Verdict.WORSE)


def facts(machine: str, name: str, values: Sequence[str]) -> tuple[Environment, ...]:
    """What surrounded each commit on one machine."""
    return tuple(
        Environment(machine=machine, environment="e", position=i, facts=((name, value),))
        for i, value in enumerate(values)
    )


def test_what_begins_with_another_interpreter_is_not_worse_of_a_commit():
    """The event says so; the same step on a machine where nothing changed is a commit's again."""
    upgraded = facts("m", "python", ["3.12"] * 30 + ["3.13"] * 30)
    one = series(noisy(60, 1, steps={30: 1.3}), "b")
    elsewhere = replace(
        series(noisy(60, 2, steps={30: 1.3}), "b"), key=replace(one.key, machine="n")
    )

    (alone,) = judge(history(one, environments=upgraded)).events
    (both,) = judge(history(one, elsewhere, environments=upgraded)).events

    assert (alone.kind, alone.verdict) == (EventKind.MEASURING, Verdict.SUSPECTED)
    assert alone.surroundings == ("python: 3.12 -> 3.13",)
    assert (both.kind, both.verdict, len(both.members)) == (EventKind.COMMIT, Verdict.WORSE, 2)


def test_a_fact_that_comes_and_goes_explains_nothing():
    """Rented machines change their CPU from commit to commit; a step is no less a commit's."""
    rented = facts("m", "cpu", ["A", "B"] * 30)
    (event,) = judge(
        history(series(noisy(60, 1, steps={30: 1.3}), "b"), environments=rented)
    ).events

    assert (event.kind, event.verdict) == (EventKind.COMMIT, Verdict.WORSE)


def test_a_step_without_noise_is_at_its_own_commit():
    """.1571 .1575 .1571 | .1572 .0394 .0397: the first commit of the new level is the fifth."""
    rng = np.random.default_rng(0)
    before = 0.1572 + rng.choice([-0.0002, 0.0, 0.0002], 24)
    after = 0.0395 + rng.choice([-0.0001, 0.0, 0.0001], 16)

    (judged,) = judge(history(series(np.concatenate([before, after]), "b"))).series

    assert [c.change.index for c in judged.changes] == [24]


def test_two_commits_that_several_benchmarks_agree_on_are_an_event():
    """Eleven times slower at two commits, in three benchmarks: told, and told to be over."""
    members = []
    for i in range(3):
        values = noisy(60, i)
        values[30:32] *= 11
        members.append(series(values, f"b{i}"))

    (event,) = judge(history(*members, series(noisy(60, 9), "flat"))).events

    assert (event.kind, event.direction, event.stands) == (
        EventKind.EXCURSION,
        Verdict.WORSE,
        False,
    )
    assert (event.position, len(event.members)) == (30, 3)
    assert event.ratio == pytest.approx(11, rel=0.05)


def test_one_odd_commit_of_one_benchmark_is_nothing():
    """Runs are disturbed; who alone says so is not believed."""
    values = noisy(60, 1)
    values[30] *= 11

    assert judge(history(series(values, "b"), series(noisy(60, 2), "c"))).events == ()


@pytest.mark.parametrize(
    ("metric", "verdict"), [(FAILURES, Verdict.WORSE), (TIME, Verdict.SUSPECTED)]
)
def test_the_first_value_above_zero_is_told_at_once(metric: Metric, verdict: Verdict):
    """Failing tasks are a fact at their first commit; 40 of anything else is suspected."""
    values = np.zeros(30)
    values[-1] = 0.5

    judged = judge(history(series(values, "b", metric)))

    assert judged.series[0].verdict is verdict
    (event,) = judged.events
    assert (event.verdict, event.position) == (verdict, 29)
    assert judged.series[0].notes[0].startswith("newest value far out: +")


def test_a_level_below_zero_has_its_size_in_units():
    """From -4.99 to -9.99 nothing got larger by 100 %: there is no ratio, and a direction."""
    values = np.where(np.arange(40) < 20, -4.99, -9.99) * noisy(40, 1)

    (judged,) = judge(history(series(values, "b", replace(TIME, better=Better.HIGHER)))).series

    (change,) = judged.changes
    assert np.isnan(change.change.ratio)
    assert change.verdict is Verdict.WORSE


def scenario(seed: int, name: str, step: float) -> list[Series]:
    """Six metrics that share a noise of 10 %, with 3 % of their own; every other one steps."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.1, 28)
    members = []
    for i in range(6):
        own = np.where(np.arange(28) >= 18, step * (i % 2), 0.0) + rng.normal(0, 0.03, 28)
        members.append(beside(np.exp(shared + own), f"{name}.S.track_{i}", "p"))
        members.append(beside(np.exp(rng.normal(0, 0.05, 28)), f"{name}.S.track_{i}", "celery"))
    return members


@pytest.mark.parametrize("seed", range(4))
def test_a_scenario_knows_more_than_each_of_its_metrics(seed: int):
    """A step of 15 % in noise of 10 %: what the metrics share cancels, and the step remains."""
    moved = scenario(seed, "s", 0.15)
    still = [one for i in range(3) for one in scenario(100 + 10 * seed + i, f"t{i}", 0.0)]

    evidence = gather_evidence(history(*moved, *still), judge_series)

    (step,) = evidence.joint
    alone = [one.p_value for one in evidence.candidates if abs(one.index - 18) <= 1]
    assert abs(step.position - 18) <= 1
    assert step.p_value < min(alone) / 2


@pytest.mark.parametrize("seed", range(3))
def test_a_scenario_that_only_shares_noise_shows_nothing(seed: int):
    """Strong correlation is no evidence."""
    events = judge(history(*scenario(seed, "s", 0.0))).events
    assert not any(e.verdict in {Verdict.WORSE, Verdict.BETTER} for e in events)


def test_the_series_of_an_event_share_its_place():
    """A noisy series whose interval holds the commit of the sharp ones names that commit."""
    sharp = [series(noisy(60, i, 0.002, {30: 1.2}), f"s{i}") for i in range(4)]
    vague = [series(noisy(60, 40 + i, 0.08, {30: 1.2}), f"v{i}") for i in range(4)]
    flat = [series(noisy(60, 80 + i), f"f{i}") for i in range(12)]

    judged = judge(history(*sharp, *vague, *flat))

    assert {c.change.index for s in judged.series for c in s.changes} == {30}


def test_a_newest_value_may_be_the_doing_of_all_commits_since_the_one_before():
    """Ten commits lie between the newest two that were measured."""
    values = np.zeros(30)
    values[-1] = 0.5
    one = series(values, "b", FAILURES)
    positions = np.arange(30)
    positions[-1] = 39
    given = history(series(np.zeros(40), "c"), replace(one, positions=positions))

    (event,) = judge(given).events

    assert (event.earliest, event.position, event.latest) == (29, 39, 39)


@pytest.mark.parametrize("level", [7.0, 100.0, 0.1, 1e-9])
def test_equal_numbers_have_no_steps_but_their_own(level: float):
    """A benchmark that gives the same number every time: sums round, and that is no change."""
    values = np.full(13, level)
    values[6:] *= 1.1

    judged = judge(history(series(values, "steps"), series(np.full(13, level), "flat")))

    changes = {one.series.key.benchmark: one.changes for one in judged.series}
    assert [each.change.index for each in changes["steps"]] == [6]
    assert changes["flat"] == ()
    (event,) = judged.events
    assert event.position == 6

"""What only the series of a history together can say."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import batched, chain

import numpy as np
import pytest

from tests.support.signals import TIME, history, noisy, series
from tracker.judge import Policy, judge, judge_series
from tracker.model import (
    Better,
    Environment,
    Event,
    EventKind,
    Fate,
    JudgedHistory,
    Series,
    Verdict,
)


def shifted(extra: dict[int, float] | None = None, at: int = 60, ratio: float = 1.05):
    """A hundred series of one machine that slows down; some step by themselves too."""
    members = []
    for i in range(100):
        steps = {at: ratio * (extra or {}).get(i, 1.0)}
        members.append(series((i + 1) * noisy(120, i, steps=steps), f"b{i}"))
    return history(*members)


def of_machine(judged: JudgedHistory) -> list[Event]:
    """The events that look like the machine's."""
    return [event for event in judged.events if event.kind is EventKind.MACHINE]


def test_a_step_of_all_that_a_machine_times_is_one_event_of_its_own_kind():
    """Five percent in all of a hundred series: nobody is blamed, and every size is as measured."""
    judged = judge(shifted())

    (event,) = judged.events
    assert event.kind is EventKind.MACHINE
    assert event.verdict is Verdict.SUSPECTED
    assert abs(event.position - 60) <= 1
    assert event.ratio == pytest.approx(1.05, abs=0.005)
    assert len(event.members) >= 95
    assert {s.verdict for s in judged.series} <= {Verdict.SUSPECTED, Verdict.NO_CHANGE}


def test_a_true_step_at_the_commit_of_a_shift_is_still_found():
    """What is larger than the machine's step is an event of the commit, at its measured size."""
    judged = judge(shifted({7: 1.1}))

    (own,) = [event for event in judged.events if event.kind is EventKind.COMMIT]
    (member,) = own.members
    assert (member.series, own.verdict) == (7, Verdict.WORSE)
    assert own.ratio == pytest.approx(1.155, abs=0.01)
    assert len(of_machine(judged)) == 1


def test_a_benchmark_counts_once_however_many_parameters_it_has():
    """Its parameters may be nine tenths of all series: what they share is still its own."""
    slower = [
        replace(one, key=replace(one.key, benchmark="slower", params=(("n", str(i)),)))
        for i in range(45)
        for one in [series(noisy(80, i, steps={40: 2.0}), "")]
    ]
    flat = [series(noisy(80, 50 + i), f"flat{i}") for i in range(5)]

    judged = judge(history(*slower, *flat))

    (event,) = judged.events
    assert (event.kind, event.verdict, len(event.members)) == (EventKind.COMMIT, Verdict.WORSE, 45)


def test_a_step_of_two_thirds_is_not_the_machines():
    """A commit may slow down much of its own project; the rest did not get better by that."""
    slower = [series(noisy(60, i, steps={40: 1.5}), f"slower{i}") for i in range(8)]
    flat = [series(noisy(60, 20 + i), f"flat{i}") for i in range(4)]

    judged = judge(history(*slower, *flat))

    assert of_machine(judged) == []
    assert [s.verdict for s in judged.series] == [Verdict.WORSE] * 8 + [Verdict.NO_CHANGE] * 4


def test_a_shift_that_noise_scatters_still_looks_like_the_machine():
    """Eight points of 5 % noise do not show each benchmark's share of a step of 10 % exactly."""
    members = [series(noisy(48, i, noise=0.05, steps={40: 1.1}), f"b{i}") for i in range(60)]

    judged = judge(history(*members))

    (event,) = of_machine(judged)
    assert abs(event.position - 40) <= 1
    assert len(event.members) >= 30
    assert not any(e.position == event.position for e in judged.events if e is not event)


def test_two_machines_that_move_at_one_commit_are_code():
    """The same step on another machine cannot be the first machine's doing."""
    members = [
        replace(one, key=replace(one.key, machine=machine))
        for seed, machine in ((0, "m"), (50, "n"))
        for i in range(6)
        for one in [series(noisy(60, seed + i, steps={30: 1.2}), f"b{i}")]
    ]

    (event,) = judge(history(*members)).events

    assert (event.kind, event.verdict) == (EventKind.COMMIT, Verdict.WORSE)
    assert len(event.members) == 12


def test_other_libraries_are_the_controls():
    """A step of all series of the tracked library is its own when the controls stand still."""
    ours = [series(noisy(80, i, steps={40: 1.1}), f"a{i}", library="p") for i in range(5)]
    controls = [series(noisy(80, 50 + i), f"a{i}", library="other") for i in range(5)]

    judged = judge(history(*map(with_library, [*ours, *controls])))

    (event,) = judged.events
    assert (event.kind, event.verdict, len(event.members)) == (
        EventKind.COMMIT,
        Verdict.WORSE,
        5,
    )


def with_library(one: Series) -> Series:
    """The same series with its library among the parameters, as the harness has it."""
    return replace(one, key=replace(one.key, params=(("library", repr(one.library)),)))


def test_a_step_of_a_control_is_no_commits_doing():
    """What a pinned library shows is an event of the machine, and its series is neither."""
    ours = series(noisy(80, 1), "ours", library="p")
    control = series(noisy(80, 2, steps={40: 1.3}), "control", library="other")

    judged = judge(history(ours, control))

    assert [c.verdict for c in judged.series[1].changes] == [Verdict.NO_CHANGE]
    assert judged.series[1].verdict is Verdict.NO_CHANGE
    assert any("a control moved" in note for note in judged.series[1].notes)
    assert [event.kind for event in judged.events] == [EventKind.MACHINE]


def test_a_shift_of_rates_and_times_is_one_event():
    """A slow machine moves times up and rates down."""
    rate = replace(TIME, name="throughput", unit="tasks/s", better=Better.HIGHER)
    times = [series(noisy(80, i, steps={40: 1.1}), f"t{i}") for i in range(6)]
    rates = [series(noisy(80, 90 + i, steps={40: 0.9}), f"r{i}", metric=rate) for i in range(5)]

    (event,) = judge(history(*times, *rates)).events

    assert event.kind is EventKind.MACHINE
    assert len(event.members) == 11


@pytest.mark.parametrize(
    ("better", "ratio", "verdict"),
    [
        (Better.LOWER, 1.2, Verdict.WORSE),
        (Better.LOWER, 0.8, Verdict.BETTER),
        (Better.HIGHER, 1.2, Verdict.BETTER),
        (Better.HIGHER, 0.8, Verdict.WORSE),
        (Better.LOWER, 1.02, Verdict.NO_CHANGE),
    ],
)
def test_direction_and_floor_make_the_verdict(better: Better, ratio: float, verdict: Verdict):
    """Significant is one question, relevant another: two percent are below the floor of three."""
    metric = replace(TIME, better=better)
    judged = judge(history(series(noisy(80, 4, noise=0.004, steps={60: ratio}), "b", metric)))

    (change,) = judged.series[0].changes
    assert change.verdict is verdict
    assert judged.series[0].verdict is verdict


def test_an_old_improvement_is_not_the_present_verdict():
    """What got better more than recent_points ago stands in the list, not in the headline."""
    judged = judge(history(series(noisy(120, 2, steps={40: 0.7}), "b")), Policy(recent_points=30))

    assert [c.verdict for c in judged.series[0].changes] == [Verdict.BETTER]
    assert judged.series[0].verdict is Verdict.NO_CHANGE


def test_a_regression_stands_until_it_is_undone():
    """Eighty commits later it is still worse, since that commit; undone, it is not."""
    standing, undone = judge(
        history(
            series(noisy(120, 2, steps={40: 1.3}), "b"),
            series(noisy(120, 2, steps={40: 1.3, 60: 1 / 1.3}), "c"),
        )
    ).series

    assert standing.verdict is Verdict.WORSE
    assert standing.standing is not None
    assert abs(standing.standing.change.index - 40) <= 1
    assert undone.verdict is Verdict.NO_CHANGE


def test_a_small_improvement_leaves_a_regression_standing():
    """Half as slow again, then 5 % better: worse still, since the commit that made it so."""
    (one,) = judge(history(series(noisy(120, 1, steps={60: 1.5, 110: 0.92}), "b"))).series

    assert [c.verdict for c in one.changes] == [Verdict.WORSE, Verdict.BETTER]
    assert one.verdict is Verdict.WORSE
    assert one.standing is not None
    assert one.standing.change.index == one.changes[0].change.index


def test_the_end_of_a_dip_is_no_regression_that_stands():
    """Three points at a hundredth of the time, then as before, then a tenth better: better."""
    steps = {60: 0.01, 63: 100.0, 100: 0.5}
    judged = judge(history(series(noisy(120, 1, steps=steps), "b")))
    (one,) = judged.series

    assert [c.direction for c in one.changes] == [Verdict.BETTER, Verdict.WORSE, Verdict.BETTER]
    assert one.verdict is Verdict.BETTER
    assert [e.stands for e in judged.events if e.direction is Verdict.WORSE] == [False]


def test_what_is_not_measured_any_more_cannot_tell():
    """An environment that was given up is not "worse" for ever, nor did nothing change there."""
    given_up = series(noisy(50, 2, steps={40: 1.3}), "b")
    going_on = series(noisy(120, 3), "c")

    first, second = judge(history(given_up, going_on)).series

    assert (first.verdict, second.verdict) == (Verdict.CANNOT_TELL, Verdict.NO_CHANGE)
    assert any("not measured at any of the 30 newest commits" in note for note in first.notes)
    assert judge(history(given_up)).series[0].verdict is Verdict.WORSE


def test_what_never_changed_and_is_not_measured_any_more_cannot_tell():
    """Nobody knows what the newest commits made of it."""
    given_up, going_on = series(noisy(50, 2), "b"), series(noisy(120, 3), "c")

    first, second = judge(history(given_up, going_on)).series

    assert (first.verdict, second.verdict) == (Verdict.CANNOT_TELL, Verdict.NO_CHANGE)
    assert first.notes == ("not measured at any of the 30 newest commits",)
    longer = judge(history(given_up, series(noisy(125, 3), "c"))).series[0]
    assert longer.notes == first.notes, "a file of the site would change with every commit"


def stepping(at: int, ratio: float, count: int, first_seed: int) -> list[Series]:
    """So many series that move at one commit, on two machines, so that it is no machine's doing."""
    return [
        replace(one, key=replace(one.key, machine="mn"[i % 2], benchmark=f"b{first_seed + i // 2}"))
        for i in range(count)
        for one in [series(noisy(60, first_seed + i, steps={at: ratio}), "")]
    ]


def own_places(judged: JudgedHistory) -> list[set[int]]:
    """Where the members of each event moved."""
    return [
        {int(judged.series[m.series].series.positions[m.judged.change.index]) for m in e.members}
        for e in judged.events
    ]


@pytest.mark.parametrize("ratio", [0.85, 1.15])
@pytest.mark.parametrize(("most", "few"), [(16, 4), (8, 2), (6, 1)])
def test_two_commits_that_follow_each_other_have_events_of_their_own(
    ratio: float, most: int, few: int
):
    """What a few series show beyond doubt is not put down to the commit that moved the most."""
    judged = judge(history(*stepping(30, ratio, most, 0), *stepping(29, 4.0, few, 50)))

    found = [(event.position, len(event.members)) for event in judged.events]
    assert found == [(30, most), (29, few)]
    assert own_places(judged) == [{30}, {29}]


def test_an_event_is_where_what_belongs_to_it_moved():
    """Two series, one faster and one slower a commit earlier, are two events at two commits."""
    slower, faster = (
        series(noisy(60, 1, steps={29: 1.5}), "b"),
        series(noisy(60, 2, steps={30: 0.6}), "c"),
    )

    judged = judge(history(slower, faster))

    assert [(e.direction, e.position) for e in judged.events] == [
        (Verdict.BETTER, 30),
        (Verdict.WORSE, 29),
    ]
    assert all(e.earliest <= e.position <= e.latest for e in judged.events)
    assert own_places(judged) == [{30}, {29}]


def test_an_odd_value_before_a_step_makes_no_event_of_its_own():
    """One of seventeen series seems to have moved a commit early."""
    members = stepping(30, 1.15, 17, 0)
    members[3].values[29] *= 1.15

    (event,) = judge(history(*members)).events

    assert (event.position, len(event.members)) == (30, 17)


def test_what_was_given_up_did_not_undo_what_happened_there():
    """The step of an environment that nothing measures now is not undone: nothing can tell."""
    given_up = series(noisy(50, 2, steps={40: 1.3}), "b")
    undone = series(noisy(50, 2, steps={20: 1.3, 35: 1 / 1.3}), "d")
    going_on = series(noisy(120, 3, steps={80: 1.3}), "c")

    events = judge(history(given_up, undone, going_on)).events

    fates = {event.position: event.fate for event in events if event.direction is Verdict.WORSE}
    assert fates == {20: Fate.UNDONE, 40: Fate.UNMEASURED, 80: Fate.STANDS}


def test_too_few_points_cannot_tell():
    """Four points: no verdict, no detectable effect, and a note that says why."""
    (judged,) = judge(history(series(np.array([1.0, 1, 2, 2]), "b"))).series

    assert judged.verdict is Verdict.CANNOT_TELL
    assert np.isnan(judged.minimum_detectable_effect)
    assert "5" in judged.notes[0]


def test_a_series_too_noisy_to_show_a_step_that_matters_cannot_tell():
    """Eight points with 12 % of noise hide steps of 20 %; with 1 % they do not."""
    quiet, loud = judge(
        history(series(noisy(8, 1, 0.01), "q"), series(noisy(8, 1, 0.12), "l"))
    ).series

    assert quiet.verdict is Verdict.NO_CHANGE
    assert loud.minimum_detectable_effect > Policy().largest_unseen
    assert loud.verdict is Verdict.CANNOT_TELL


def test_what_cannot_matter_is_not_looked_for():
    """The floor of a metric above the smallest visible step makes "no change" honest again."""
    (judged,) = judge(history(series(noisy(8, 1, 0.12), "l", replace(TIME, floor=3.0)))).series

    assert judged.minimum_detectable_effect > Policy().largest_unseen
    assert judged.verdict is Verdict.NO_CHANGE


def test_quiet_series_can_tell_smaller_effects():
    """The minimum detectable effect grows with the noise and lies above it."""
    quiet, loud = judge(
        history(series(noisy(100, 1, 0.005), "q"), series(noisy(100, 1, 0.05), "l"))
    ).series

    assert 0.005 < quiet.minimum_detectable_effect < loud.minimum_detectable_effect < 1


def test_drift_is_reported_as_drift():
    """A climb of 20 % over 200 commits is drift of about ten percent per hundred."""
    values = noisy(200, 3) * np.exp(np.linspace(0, np.log(1.2), 200))
    (judged,) = judge(history(series(values, "b"))).series

    assert judged.changes == ()
    assert 0.05 < judged.drift < 0.15
    assert any("drift" in note for note in judged.notes)


def test_what_changed_around_a_step_is_said_beside_it():
    """A new interpreter at the commit of the step is named; one elsewhere is not."""
    environments = tuple(
        Environment(
            machine="m",
            environment="e",
            position=i,
            facts=(("cpu", "A"), ("python", "3.12" if i < 40 else "3.13")),
        )
        for i in range(80)
    )
    members = (
        series(noisy(80, 5, steps={40: 1.2}), "b"),
        series(noisy(80, 6, steps={60: 1.2}), "c"),
    )
    judged = judge(history(*members, environments=environments))

    assert judged.series[0].changes[0].environment_changes == ("python: 3.12 -> 3.13",)
    assert judged.series[1].changes[0].environment_changes == ()


def test_false_alarms_over_a_quiet_history_stay_as_few_as_stated():
    """Four hundred series without change: no more reports than the stated expectation allows."""
    judged = judge(history(*(series(noisy(60, i), f"b{i}") for i in range(400))))

    suspected = sum(s.verdict is Verdict.SUSPECTED for s in judged.series)
    assert suspected <= 8
    assert judged.events == ()


def test_the_expectation_grows_with_what_is_reported():
    """With many real events the cut is wide, and the expected number of false ones larger."""
    members = [series(noisy(60, i, steps={15 + i: 1.2}), f"b{i}") for i in range(20)]
    quiet = [series(noisy(60, 100 + i), f"q{i}") for i in range(40)]

    many = judge(history(*members, *quiet)).expected_false_alarms
    few = judge(history(*members[:1], *quiet)).expected_false_alarms

    assert 0 < few < many


def test_judging_elsewhere_gives_the_same_to_the_bit():
    """Tasks and answers survive pickling, and any batches that keep the order do."""

    def elsewhere(tasks):
        function, batches = pickle.loads(  # noqa: S301
            pickle.dumps((judge_series, list(batched(tasks, 7, strict=False))))
        )
        with ThreadPoolExecutor(4) as pool:
            answers = pickle.loads(pickle.dumps(list(pool.map(function, batches))))  # noqa: S301
        return chain.from_iterable(answers)

    whole = shifted({3: 1.2, 50: 0.8})

    assert repr(judge(whole, judge_all=elsewhere)) == repr(judge(whole))


def test_an_empty_history_is_judged_too():
    """Nothing in, nothing out."""
    judged = judge(history())

    assert (judged.series, judged.events, judged.expected_false_alarms) == ((), (), 0.0)


def test_series_with_zero_or_no_values_do_not_disturb_the_event():
    """Failure rates of zero and series without any value stay as they are."""
    whole = shifted()
    zero = series(np.zeros(120), "zero")
    gone = series(np.full(120, np.nan), "gone")
    judged = judge(replace(whole, series=(zero, gone, *whole.series)))

    assert len(judged.events) == 1
    assert judged.series[0].changes == judged.series[1].changes == ()

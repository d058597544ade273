"""Counted series in a history: one commit is enough, and no clock has a say."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.support.signals import TIME, history, noisy, series
from tracker.judge import DEFAULT, judge, judge_series
from tracker.judge.decisions import decide
from tracker.judge.evidence import gather_evidence
from tracker.judge.timeline import Timeline
from tracker.model import (
    Environment,
    EventKind,
    History,
    JudgedHistory,
    Series,
    Status,
    Verdict,
)
from tracker.model.catalogue import METRICS

NAN = float("nan")
TRACKED = replace(TIME, name="track", unit="unit")


def counted(
    name: str, values: Sequence[float], *, spread: float = 0.0, library: str = "p"
) -> Series:
    """The series of a counted metric as the history has it, of whichever machine."""
    one = series(np.array(values, dtype=np.float64), f"s.S.track_{name}", METRICS[name], library)
    key = replace(one.key, machine="any machine", params=(("library", repr(library)),))
    return replace(one, key=key, spreads=np.full(len(values), spread))


def timed(values: np.ndarray, name: str, library: str = "p") -> Series:
    """A timed series of one library on machine m."""
    one = series(values, f"s.S.track_{name}", TIME, library)
    return replace(one, key=replace(one.key, params=(("library", repr(library)),)))


def told(judged: JudgedHistory) -> list[tuple[int, Verdict, EventKind]]:
    """Position, verdict and kind of all events, oldest first."""
    return [(e.position, e.verdict, e.kind) for e in reversed(judged.events)]


@pytest.mark.parametrize("before", [1, 2, 30])
@pytest.mark.parametrize(("new", "verdict"), [(3.0, Verdict.BETTER), (6.0, Verdict.WORSE)])
def test_a_step_at_the_newest_commit_is_a_change_at_once(before: int, new: float, verdict: Verdict):
    """Round trips from 5: better or worse, confirmed, at its own commit, without a p-value."""
    judged = judge(history(counted("round_trips_per_task", [5.0] * before + [new])))

    (one,) = judged.series
    (change,) = one.changes
    assert (one.verdict, change.verdict, change.kind) == (verdict, verdict, EventKind.COMMIT)
    assert (change.change.status, change.change.index) == (Status.CONFIRMED, before)
    assert (change.change.earliest, change.change.latest) == (before, before)
    assert (change.change.before, change.change.after) == (5.0, new)
    assert np.isnan(change.change.p_value)
    assert told(judged) == [(before, verdict, EventKind.COMMIT)]
    assert judged.expected_false_alarms == 0.0
    assert (one.notes, judged.notes) == ((), ())


def test_the_interval_of_a_size_is_as_wide_as_equal_code_scatters():
    """Lines: none at all. Instructions: 0.7 % of either side, by where things lie in memory."""
    lines, instructions = judge(
        history(
            counted("lines_per_task", [400, 300]),
            counted("instructions_per_task", [1e6, 1e6, 1.1e6]),
        )
    ).series

    change = lines.changes[0].change
    assert (change.ratio_low, change.ratio, change.ratio_high) == (0.75, 0.75, 0.75)
    assert np.isnan(lines.minimum_detectable_effect)
    change = instructions.changes[0].change
    assert change.ratio_high - change.ratio == pytest.approx(0.007 * 2.1)
    assert instructions.minimum_detectable_effect == pytest.approx(2 * 0.007)


@pytest.mark.parametrize("count", [2, 3, 30])
def test_equal_counts_are_no_change_without_noise(count: int):
    """From two commits on nothing is left to tell."""
    (one,) = judge(history(counted("lines_per_task", [396.0] * count))).series

    assert (one.verdict, one.changes, one.drift, one.notes) == (Verdict.NO_CHANGE, (), 0.0, ())


def test_a_count_at_one_commit_cannot_tell_and_says_what_it_needs():
    """There is nothing to compare it with."""
    (one,) = judge(history(counted("lines_per_task", [396.0]))).series

    assert one.verdict is Verdict.CANNOT_TELL
    assert one.notes == ("1 point: at least 2 are needed to tell a change",)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            counted("all_lines_per_task", [1985, 1989] * 15, spread=4.0), id="dither of its run"
        ),
        pytest.param(
            counted("allocations_per_task", [653, 653.9, 652.6, 653.4] * 8), id="scatter of all"
        ),
        pytest.param(
            counted("lines_per_task", [0.0] * 30 + [0.5], spread=0.5), id="a first value above zero"
        ),
        pytest.param(
            counted("lines_per_task", [396, 396.5] * 15 + [399.5, 400] * 15, spread=4.0),
            id="a level that a clock would call another",
        ),
    ],
)
def test_what_equal_code_may_show_is_nothing(one: Series):
    """Within the tolerance nothing moves, over thirty commits."""
    (judged,) = judge(history(one)).series

    assert (judged.verdict, judged.changes) == (Verdict.NO_CHANGE, ())


def test_a_step_below_the_floor_is_counted_and_no_event():
    """One percent more allocations, of two that matter: known, and nobody's business."""
    judged = judge(history(counted("allocations_per_task", [1000.0] * 5 + [1010.0])))

    (one,) = judged.series
    assert [c.verdict for c in one.changes] == [Verdict.NO_CHANGE]
    assert (one.verdict, judged.events) == (Verdict.NO_CHANGE, ())


def test_steps_at_neighbouring_commits_are_events_of_their_own():
    """5, 4, 3, and back to 5: three commits, three events."""
    judged = judge(history(counted("round_trips_per_task", [5, 5, 4, 3, 5, 5])))

    commit = EventKind.COMMIT
    assert told(judged) == [
        (2, Verdict.BETTER, commit), (3, Verdict.BETTER, commit), (4, Verdict.WORSE, commit)
    ]  # fmt: skip
    assert [event.stands for event in reversed(judged.events)] == [False, False, True]


def test_two_series_that_step_at_neighbouring_commits_are_not_drawn_together():
    """Facts are not voted on: each event lies at the commit that brought it."""
    judged = judge(
        history(
            counted("round_trips_per_task", [5, 5, 4, 4]),
            counted("broker_commands_per_task", [9, 9, 9, 8]),
        )
    )
    assert [(e.position, e.earliest, e.latest) for e in judged.events] == [(3, 3, 3), (2, 2, 2)]


def test_commits_that_were_not_counted_are_suspects():
    """Counted at the first and the fourth commit: any of three may have brought it."""
    (event,) = judge(history(counted("round_trips_per_task", [5, NAN, NAN, 4]))).events

    assert (event.position, event.earliest, event.latest) == (3, 1, 3)


@pytest.mark.parametrize(("before", "after"), [(0.0, 1.0), (-1.0, -0.5)])
def test_from_zero_or_below_sizes_are_in_units(before: float, after: float):
    """There is no ratio, and a change all the same."""
    (one,) = judge(history(counted("round_trips_per_task", [before] * 3 + [after]))).series

    (change,) = one.changes
    assert (one.verdict, change.change.before, change.change.after) == (
        Verdict.WORSE, before, after
    )  # fmt: skip
    assert np.isnan([change.change.ratio, change.change.ratio_low]).all()


def test_a_tracked_number_that_is_not_known_to_be_counted_is_left_to_statistics():
    """A project's own `track_` benchmark without samples: one commit is no change yet."""
    one = series(np.array([5.0] * 30 + [3.0]), "b.track_size", TRACKED)

    (judged,) = judge(history(one)).series
    assert judged.verdict is Verdict.SUSPECTED


def test_a_climb_in_steps_that_matter_is_no_drift_and_one_below_the_floor_is():
    """Each line more is told at its commit; 0.1 % of allocations a commit only as their course."""
    lines, allocations = judge(
        history(
            counted("lines_per_task", [400.0 + i for i in range(40)]),
            counted("allocations_per_task", [1000 * 1.001**i for i in range(40)]),
        )
    ).series

    assert (len(lines.changes), lines.drift, lines.notes) == (39, 0.0, ())
    assert allocations.verdict is Verdict.NO_CHANGE
    assert allocations.drift == pytest.approx(0.1, abs=0.02)
    assert allocations.notes == ("drifts: steps below the floor add up to +3.3 %",)


def test_a_climb_is_told_from_the_newest_step_that_matters_on():
    """What was told once is not told again as drift; small steps that do not add up are none."""
    (one,) = judge(history(counted("allocations_per_task", [1000, 1100, 1105, 1110]))).series

    assert (one.changes[0].verdict, len(one.changes)) == (Verdict.WORSE, 3)
    assert (one.drift, one.notes) == (0.0, ())


@pytest.mark.parametrize(("commits", "noise", "step"), [(40, 0.02, 0.04), (8, 0.01, 0.04)])
def test_what_is_timed_is_judged_as_if_nothing_were_counted(
    commits: int, noise: float, step: float
):
    """Steps of counts at every commit neither add evidence to timed series nor take any away."""
    middle = commits // 2
    members = [timed(noisy(commits, i, noise, {middle: 1 + step}), f"t{i}") for i in range(3)]
    counts = [
        counted(name, [100 + i for i in range(commits)])
        for name, metric in METRICS.items()
        if metric.is_counted
    ]
    alone = judge(history(*members))
    beside = judge(history(*members, *counts))

    def facts(judged: JudgedHistory) -> list[object]:
        return [
            (one.verdict, one.notes, [(c.change, c.verdict, c.kind) for c in one.changes])
            for one in judged.series[:3]
        ]

    assert repr(facts(beside)) == repr(facts(alone))
    assert len([e for e in beside.events if e.kind is EventKind.COMMIT]) >= commits - 1
    assert any(one.verdict is Verdict.WORSE for one in alone.series)


def test_a_counted_series_is_no_test():
    """The evidence of timed series is corrected for as many as are timed."""
    members = [timed(noisy(12, i, 0.03, {6: 1.1}), f"t{i}") for i in range(2)]
    counts = [counted(name, [396.0] * 12) for name in ("lines_per_task", "calls_per_task")]

    def evidence(whole: History) -> Sequence[float]:
        found = gather_evidence(whole, judge_series)
        return decide(whole, found, Timeline(whole), DEFAULT).p_values

    assert 0 < min(evidence(history(*members))) < 1
    assert evidence(history(*members, *counts)) == evidence(history(*members))


def test_counts_say_at_which_commit_what_is_timed_has_stepped():
    """A step that may lie at any of several commits lies where the counts moved: one event."""
    slower = timed(noisy(40, 3, 0.05, {20: 1.15}), "t")
    (alone,) = judge(history(slower)).events
    place = next(p for p in (alone.earliest, alone.latest) if p != alone.position)
    counts = counted("round_trips_per_task", [3.0] * place + [4.0] * (40 - place))

    (event,) = judge(history(slower, counts)).events

    assert (event.position, event.earliest, event.latest) == (place, place, place)
    assert len(event.members) == 2
    assert np.isnan(event.p_value)


def test_no_control_and_no_machine_takes_part_in_a_count():
    """All that is timed slows down by a fifth, controls too: the counts' step is the commit's."""
    both = [
        timed(noisy(40, 10 * j + i, steps={30: 1.2}), f"t{i}", library)
        for i in range(5)
        for j, library in enumerate(("p", "celery"))
    ]
    ours = counted("lines_per_task", [396.0] * 30 + [475.0] * 10)
    theirs = counted("lines_per_task", [571.0] * 40, library="celery")

    judged = judge(history(*both, ours, theirs))

    own = judged.series[10]
    assert own.verdict is Verdict.WORSE
    assert np.isnan(own.changes[0].shared)
    assert own.notes == ()
    assert {e.kind for e in judged.events if e.direction is Verdict.WORSE} == {
        EventKind.COMMIT,
        EventKind.MACHINE,
    }
    (blamed,) = [e for e in judged.events if e.kind is EventKind.COMMIT]
    assert [m.series for m in blamed.members] == [10]
    assert judged.series[11].verdict is Verdict.NO_CHANGE


def test_a_pinned_library_that_counts_otherwise_says_that_the_measuring_changed():
    """Its code is the same: no commit of the project brought that, and no machine."""
    ours = counted("lines_per_task", [396.0] * 6)
    theirs = counted("lines_per_task", [571.0] * 5 + [590.0], library="celery")

    (event,) = judge(history(ours, theirs)).events

    assert (event.kind, event.verdict) == (EventKind.MEASURING, Verdict.SUSPECTED)
    assert event.surroundings == ("celery: the same release -> counted otherwise",)


@pytest.mark.parametrize(
    ("fact", "kind"), [("python", EventKind.MEASURING), ("cpu", EventKind.COMMIT)]
)
def test_counts_depend_on_python_and_locks_not_on_the_processor(fact: str, kind: EventKind):
    """Another interpreter explains a step; another processor explains nothing."""
    environments = tuple(
        Environment(machine="m", environment="e", position=i, facts=((fact, str(i >= 5)),))
        for i in range(8)
    )
    one = counted("lines_per_task", [396.0] * 5 + [400.0] * 3)

    (event,) = judge(history(one, environments=environments)).events

    assert event.kind is kind

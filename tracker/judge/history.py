"""The judgement of a whole history: every series, and what only all of them together can say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker import units
from tracker.detect import policy
from tracker.detect.policy import DEFAULT, Policy
from tracker.detect.steps import Found
from tracker.detect.stream import EMPTY, SeriesState, advance_all
from tracker.judge import meaning, newest
from tracker.judge.environments import EnvironmentLog
from tracker.judge.machine import common_shifts, other_libraries
from tracker.judge.multiplicity import discovery_cut
from tracker.model import (
    Change,
    Floats,
    History,
    Ints,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Series,
    Status,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTask:
    """All that judging one series needs; small, and the same wherever it is done.

    Attributes:
        values: shape (n,), the machine's shifts taken out.
        samples: flat repeats, likewise.
        offsets: shape (n + 1,).
        known: what was found when the series was shorter; only its end is judged anew.
    """

    values: Floats
    samples: Floats
    offsets: Ints
    known: SeriesState = EMPTY


type JudgeSeries = Callable[[Sequence[SeriesTask]], Iterable[Found]]


def judge_series(tasks: Sequence[SeriesTask]) -> list[Found]:
    """Return what each series holds. A function of the module, so that it can be sent away."""
    series = [(task.known, task.values, task.samples, task.offsets) for task in tasks]
    return [state.found for state in advance_all(series)]


def judge(
    history: History, chosen: Policy = DEFAULT, judge_all: JudgeSeries = judge_series
) -> JudgedHistory:
    """Judge *history*.

    Args:
        history: as read.
        chosen: what a project may choose for itself.
        judge_all: does as `judge_series` does; may compute elsewhere, or remember.
    """
    shifts, correction = common_shifts(history.series, history.project, chosen)
    tasks = [_task(one, correction.get(one.id)) for one in history.series]
    found = list(judge_all(tasks))
    cut = _cut(found, chosen.false_discovery_rate)
    controls = {one.id for one in other_libraries(history.series, history.project)}
    log = EnvironmentLog(history.environments)
    return JudgedHistory(
        history=history,
        series=tuple(
            _judged(one, held, cut, log, chosen, missed=late, control=one.id in controls)
            for one, held, late in zip(history.series, found, _missed(history), strict=True)
        ),
        shifts=tuple(shifts),
        expected_false_alarms=_judged_count(found)
        * policy.MEASURED_FALSE_CHANGES
        * min(1.0, cut / policy.FALSE_CHANGES),
    )


def _missed(history: History) -> list[int]:
    """Return, for each series, at how many commits after its last value any other has one."""
    measured = np.zeros(len(history.commits) + 1, dtype=np.int64)  # the last is that of no value
    lasts = []
    for one in history.series:
        positions = one.positions[np.isfinite(one.values)]
        measured[positions] = 1
        lasts.append(int(positions[-1]) if positions.size else -1)
    up_to = np.cumsum(measured).tolist()
    return [up_to[-1] - up_to[last] for last in lasts]


def _task(one: Series, factors: Floats | None) -> SeriesTask:
    if factors is None:
        return SeriesTask(values=one.values, samples=one.samples, offsets=one.offsets)
    samples = one.samples
    if samples.size:
        samples = samples / np.repeat(factors, np.diff(one.offsets))
    return SeriesTask(values=one.values / factors, samples=samples, offsets=one.offsets)


def _judged_count(found: Iterable[Found]) -> int:
    return sum(1 for held in found if held.points >= policy.MIN_POINTS)


def _standing(held: Found) -> list[Change]:
    """What was found and not withdrawn since."""
    return [c for c in held.changes if c.status is not Status.WITHDRAWN]


def _series_p_value(p_value: float, points: int) -> float:
    """Chance that a series of so many points shows anything as strong: Bonferroni over places."""
    return min(1.0, p_value * points)


def _cut(found: list[Found], rate: float) -> float:
    p_values = [_series_p_value(c.p_value, held.points) for held in found for c in _standing(held)]
    further = sum(max(0, len(_standing(held)) - 1) for held in found)
    return discovery_cut(np.array(p_values), _judged_count(found) + further, rate)


def _judged(  # noqa: PLR0913 - the parts of one judgement
    one: Series,
    held: Found,
    cut: float,
    log: EnvironmentLog,
    chosen: Policy,
    *,
    missed: int,
    control: bool,
) -> JudgedSeries:
    stay = [
        c
        for c in held.changes
        if c.status is Status.WITHDRAWN or _series_p_value(c.p_value, held.points) <= cut
    ]
    standing = [c for c in stay if c.status is not Status.WITHDRAWN]
    key = (one.key.machine, one.key.environment)
    changes = tuple(
        JudgedChange(
            change=c,
            verdict=Verdict.NO_CHANGE if control else meaning.verdict_of(c, one.metric),
            environment_changes=log.differences(
                key, int(one.positions[c.earliest - 1]), int(one.positions[c.latest])
            ),
        )
        for c in stay
    )
    since = standing[-1].points_since if standing else held.points
    effect = meaning.minimum_detectable_effect(held, since, chosen)
    blind = meaning.is_blind(held.points, effect, one.metric, chosen)
    far_out = newest.far_out(one, changes, effect)
    return JudgedSeries(
        series=one,
        changes=changes,
        verdict=meaning.standing_verdict(changes, missed=missed, blind=blind, chosen=chosen),
        minimum_detectable_effect=effect,
        drift=meaning.drift_per_100_commits(one, held.ramps),
        far_out=far_out,
        notes=_notes(
            held, far_out, len(held.changes) - len(stay), control=control and bool(standing)
        ),
    )


def _notes(held: Found, far_out: float | None, left_out: int, *, control: bool) -> tuple[str, ...]:
    notes = []
    if far_out is not None:
        size = units.change(far_out)
        notes.append(f"newest value far out: {size}; too few commits hold it to be judged")
    if control:
        notes.append("a control moved: that is the machine's doing, and no commit's")
    if held.points < policy.MIN_POINTS:
        notes.append(
            f"{held.points} points: at least {policy.MIN_POINTS} are needed to tell a change"
        )
    if left_out:
        notes.append(f"{left_out} weak step(s) left out: too likely by chance among so many series")
    if held.ramps:
        notes.append("drifts: part of its course is a ramp rather than steps")
    return tuple(notes)

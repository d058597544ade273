"""All evidence of a history: of its series alone, beside their controls, and of whole scenarios.

Counted series are no evidence but facts (`counted_series`): they neither need the rest nor add to
it.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.policy import CORRELATION_PRIOR
from tracker.detect.steps import Detection
from tracker.judge import policy
from tracker.judge.beside_controls import companies, steps_beside
from tracker.judge.candidates import Candidate, are_near, group_by_series
from tracker.judge.contrasts import step_at, step_size
from tracker.judge.control_means import ControlMean, average_controls
from tracker.judge.controls import Taken, find_controls, pair_up, take_out
from tracker.judge.counted_series import count_steps, unjudged
from tracker.judge.courses import Course, courses_of
from tracker.judge.joint_evidence import JointStep, find_scenarios, joint_steps
from tracker.judge.levels import Spread, spread_of
from tracker.judge.noise_priors import NOTHING_KNOWN, Prior, learn_priors
from tracker.judge.relevance import is_relevant
from tracker.judge.short_series import at_rank, short_steps, with_short
from tracker.judge.single_series import Found, JudgeSeries, SeriesTask
from tracker.model import Floats, History, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen, before anything is decided.

    Attributes:
        detections: of each series as measured.
        spreads: noise of each series as it is judged.
        candidates: of all series that are judged.
        counted: steps of all series that are counted.
        joint: places at which whole scenarios moved.
        scenarios: how many were asked, of the project (False) and of controls (True).
        taken: what controls share, by the number of the series.
        are_controls: which series are of pinned libraries.
        control_means: what the controls say of their machines.
    """

    detections: Sequence[Detection]
    spreads: Sequence[Spread]
    candidates: Sequence[Candidate]
    counted: Sequence[Candidate]
    joint: Sequence[JointStep]
    scenarios: Mapping[bool, int]
    taken: Mapping[int, Taken]
    are_controls: Sequence[bool]
    control_means: Sequence[ControlMean]


def gather_evidence(history: History, judge_all: JudgeSeries) -> Evidence:
    """Return what the series of *history* say; *judge_all* does as `judge_series` does."""
    series = history.series
    are_controls = find_controls(series, history.project)
    judged = iter(judge_all([_task(one) for one in series if not one.metric.is_counted]))
    found = [
        Found(detection=unjudged(one)) if one.metric.is_counted else next(judged) for one in series
    ]
    detections = [one.detection for one in found]
    taken = {one.series: one for one in _taken(series, are_controls, judge_all)}
    tasks = [_task(series[number], one.course) for number, one in taken.items()]
    beside = dict(zip(taken, judge_all(tasks), strict=True)) if tasks else {}
    courses = courses_of(series, taken)
    priors = learn_priors(courses)
    company = companies(series, are_controls, taken, priors)
    candidates: list[Candidate] = []
    for number, one in enumerate(series):
        own = beside[number].steps if number in beside else None
        candidates += steps_beside(number, one, found[number].steps, company.get(number), own)
    candidates = with_short(candidates, short_steps(courses, priors, series, company))
    scenarios = find_scenarios(series, courses, priors)
    joint = joint_steps(scenarios, policy.SUSPICION)
    candidates += _joining(series, courses, priors, joint, candidates)
    return Evidence(
        detections=detections,
        spreads=[
            _spread(
                one,
                beside.get(number, found[number]).detection,
                priors.get(number, NOTHING_KNOWN),
            )
            for number, one in enumerate(series)
        ],
        candidates=candidates,
        counted=count_steps(series),
        joint=joint,
        scenarios=Counter(are_controls[one.numbers[0]] for one in scenarios),
        taken=taken,
        are_controls=are_controls,
        control_means=average_controls(series, are_controls, courses, priors),
    )


def _task(one: Series, course: Floats | None = None) -> SeriesTask:
    if course is None:
        return SeriesTask(values=one.values, samples=one.samples, offsets=one.offsets)
    samples = one.samples
    if samples.size:
        samples = samples / np.repeat(np.exp(course), np.diff(one.offsets))
    return SeriesTask(values=one.values / np.exp(course), samples=samples, offsets=one.offsets)


def _taken(
    series: Sequence[Series], are_controls: Sequence[bool], judge_all: JudgeSeries
) -> list[Taken]:
    if not any(are_controls):
        return []

    def find_steps(courses: Sequence[Floats]) -> list[list[int]]:
        none = np.zeros(0)
        tasks = [
            SeriesTask(
                values=np.exp(course),
                samples=none,
                offsets=np.zeros(course.size + 1, dtype=np.int64),
            )
            for course in courses
        ]
        return [[step.index for step in found.steps] for found in judge_all(tasks)]

    return take_out(pair_up(series, are_controls), find_steps)


def _joining(
    series: Sequence[Series],
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
    joint: Sequence[JointStep],
    others: Sequence[Candidate],
) -> list[Candidate]:
    """Return the steps of single series where their whole scenario moved."""
    by_series = group_by_series(others)
    added = []
    for step in joint:
        for number in step.numbers:
            course, one = courses[number], series[number]
            rank = int(np.searchsorted(one.positions[course.kept], step.position))
            if not policy.SIDE <= rank <= course.kept.size - policy.SIDE:
                continue
            p_value = step_at(course.logs, rank, priors[number]).p_value
            size = math.exp(step_size(course.logs, rank))
            if p_value > policy.JOINING or not is_relevant(1.0, size, one.metric):
                continue
            candidate = at_rank(number, course, rank, p_value)
            if not any(are_near(other, candidate) for other in by_series.get(number, ())):
                added.append(candidate)
    return added


def _spread(one: Series, detection: Detection, prior: Prior) -> Spread:
    if one.metric.is_counted:
        return spread_of(one.values, math.nan, 0.0)
    if math.isfinite(detection.noise):
        return spread_of(one.values, detection.noise, detection.correlation)
    scale = math.sqrt(prior.variance) if prior.freedom else math.nan
    return spread_of(one.values, scale, CORRELATION_PRIOR)

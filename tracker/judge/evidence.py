"""All evidence of a history: of its series alone, beside their controls, and of whole scenarios.

Counted series are no evidence but facts (`counted_series`): they neither need the rest nor add to
it.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.detect.density import middle
from tracker.detect.policy import CORRELATION_PRIOR
from tracker.detect.steps import Detection, find_all
from tracker.judge import policy
from tracker.judge.candidates import Candidate, detected
from tracker.judge.contrasts import p_value_at, strongest
from tracker.judge.control_means import ControlMean, average_controls, prior_of_mean
from tracker.judge.controls import Taken, find_controls, pair_up, take_out
from tracker.judge.counted_series import count_steps, unjudged
from tracker.judge.difference_in_differences import rest_of_step
from tracker.judge.joint_evidence import JointStep, find_scenarios, joint_steps
from tracker.judge.levels import Spread, spread_of
from tracker.judge.local_noise import scale_around
from tracker.judge.noise_priors import NOTHING_KNOWN, Course, Prior, learn_priors, repeat_error
from tracker.judge.relevance import is_relevant
from tracker.model import Floats, History, Ints, Series

_NEAR = 2  # points between two candidates that are one


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTask:
    """All that finding the changes of one series needs; small, and the same wherever it is done.

    Attributes:
        values: shape (n,), without what controls share.
        samples: flat repeats, likewise.
        offsets: shape (n + 1,).
    """

    values: Floats
    samples: Floats
    offsets: Ints


type JudgeSeries = Callable[[Sequence[SeriesTask]], Iterable[Detection]]


def judge_series(tasks: Sequence[SeriesTask]) -> list[Detection]:
    """Return what each series holds. A function of the module, so that it can be sent away."""
    return find_all((task.values, task.samples, task.offsets) for task in tasks)


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
    detections = [unjudged(one) if one.metric.is_counted else next(judged) for one in series]
    taken = {one.series: one for one in _taken(series, are_controls, judge_all)}
    tasks = [_task(series[number], one.course) for number, one in taken.items()]
    beside = dict(zip(taken, judge_all(tasks), strict=True)) if tasks else {}
    courses = _courses(series, taken)
    priors = learn_priors(courses)
    company = _companies(series, are_controls, taken, priors)
    candidates: list[Candidate] = []
    for number, one in enumerate(series):
        candidates += _of_series(
            number, one, detections[number], company.get(number), beside.get(number)
        )
    candidates = _with_short(candidates, _short(courses, priors, series, company))
    scenarios = find_scenarios(series, courses, priors)
    joint = joint_steps(scenarios, policy.SUSPICION)
    candidates += _joining(series, courses, priors, joint, candidates)
    return Evidence(
        detections=detections,
        spreads=[
            _spread(one, beside.get(number, detections[number]), priors.get(number, NOTHING_KNOWN))
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
        return [
            [c.index for c in detected(0, task.values, detection)]
            for task, detection in zip(tasks, judge_all(tasks), strict=True)
        ]

    return take_out(pair_up(series, are_controls), find_steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    """What the controls of a series did, and what is known of its noise and of theirs.

    Attributes:
        priors: of the series, of its own controls, of the mean of all.
    """

    taken: Taken
    priors: tuple[Prior, Prior, Prior]


def _companies(
    series: Sequence[Series],
    are_controls: Sequence[bool],
    taken: Mapping[int, Taken],
    priors: Mapping[int, Prior],
) -> dict[int, _Company]:
    """Return the company of each series with controls; long series tell their noise themselves."""
    controls: dict[tuple[str, str], list[Prior]] = {}
    for number, prior in priors.items():
        if are_controls[number]:
            controls.setdefault(_metric_of(series[number]), []).append(prior)
    companies = {}
    for number, one in taken.items():
        known = (NOTHING_KNOWN, NOTHING_KNOWN, NOTHING_KNOWN)
        theirs = controls.get(_metric_of(series[number]))
        is_short = int(np.isfinite(series[number].values).sum()) <= policy.SHORT_SERIES
        if is_short and theirs and number in priors:
            variance = float(np.mean([prior.variance for prior in theirs]))
            common = replace(theirs[0], variance=variance)
            known = (priors[number], common, prior_of_mean(theirs))
        companies[number] = _Company(taken=one, priors=known)
    return companies


def _metric_of(one: Series) -> tuple[str, str]:
    return one.key.machine, one.metric.name


def _of_series(
    number: int,
    one: Series,
    detection: Detection,
    company: _Company | None,
    beside: Detection | None,
) -> list[Candidate]:
    """Return what one series shows beside its controls, and what it shares with them."""
    measured = detected(number, one.values, detection)
    if company is None or beside is None:
        return measured
    own = detected(number, one.values / np.exp(company.taken.course), beside)
    gone = [c for c in measured if not any(_are_near(c, other) for other in own)]
    return _beside_controls(one, [*own, *gone], company, gone)


def _beside_controls(
    one: Series, steps: Iterable[Candidate], company: _Company, gone: Sequence[Candidate] = ()
) -> list[Candidate]:
    """Return the *steps* of a series with what its controls say of each, without what they explain.

    Those that are *gone* are not seen any more once what is shared is taken out.
    """
    ordered = sorted(steps, key=lambda each: each.index)
    edges = [0, *(each.index for each in ordered), one.values.size]
    points = int(np.isfinite(one.values).sum())
    judged = []
    for i, step in enumerate(ordered):
        bounds = (edges[i], step.index, edges[i + 2])
        weighed = _beside(one, step, company, bounds, is_gone=step in gone)
        is_weaker = weighed.p_value > step.p_value
        if weighed.is_shared or not is_weaker or weighed.p_value * points <= policy.SUSPICION:
            judged.append(weighed)
    return judged


def _beside(
    one: Series, step: Candidate, company: _Company, bounds: tuple[int, int, int], *, is_gone: bool
) -> Candidate:
    """Return a step with what the controls say of it.

    Args:
        one: the series.
        step: of it.
        company: its controls.
        bounds: first point of the levels before and after, and after that.
        is_gone: whether it is not seen any more once that is taken out.
    """
    taken = company.taken
    logs = np.log(one.values) - taken.course
    rest = rest_of_step(logs, taken.left, bounds, company.priors)
    if is_gone and _is_shared(one, taken.course, step.index):
        return replace(step, is_shared=True)
    if rest is None or not (is_gone or rest.share):
        return step
    p_value = max(step.p_value, rest.p_value)
    return replace(step, p_value=p_value, is_shared=rest.is_shared and p_value > step.p_value)


def _are_near(one: Candidate, other: Candidate) -> bool:
    return one.earliest - _NEAR <= other.index <= one.latest + _NEAR


def _is_shared(one: Series, course: Floats, index: int) -> bool:
    """Say whether the controls explain most of a step of what was measured."""
    kept = np.isfinite(one.values)
    logs = np.log(one.values[kept])
    rank = int(kept[:index].sum())
    step, shared = (_step(x, rank) for x in (logs, course[kept]))
    rest = step - shared
    return shared * step > 0 and abs(rest) < max(math.log1p(one.metric.floor), abs(step) / 2)


def _step(x: Floats, rank: int) -> float:
    reach = policy.WINDOWS[-1]
    return middle(x[rank : rank + reach]) - middle(x[max(0, rank - reach) : rank])


def _courses(series: Sequence[Series], taken: Mapping[int, Taken]) -> dict[int, Course]:
    """Return the courses of the series that more is known of than they say alone.

    These are short ones, and the libraries' metrics of one scenario.
    """
    courses = {}
    for number, one in enumerate(series):
        kept = np.flatnonzero(np.isfinite(one.values))
        is_pooled = bool(one.library) or kept.size <= policy.SHORT_SERIES
        is_pooled = is_pooled and not one.metric.is_counted
        if not is_pooled or kept.size < 2 * policy.SHORT_SIDE or one.values[kept].min() <= 0:
            continue
        logs = np.log(one.values[kept])
        if number in taken:
            logs = logs - taken[number].course[kept]
        error, low, high = _repeats(one, kept)
        courses[number] = Course(
            pool=(one.metric.name, one.metric.unit, one.key.machine, one.library),
            kept=kept,
            logs=logs,
            repeat_error=error,
            low=low,
            high=high,
        )
    return courses


def _repeats(one: Series, kept: Ints) -> tuple[float, Floats, Floats]:
    """Return the standard error of a point by its repeats, and the extremes of each point's."""
    starts, ends = one.offsets[:-1][kept], one.offsets[1:][kept]
    if not one.samples.size or (ends - starts).min() < 2 or one.samples.min() <= 0:  # noqa: PLR2004
        return math.nan, np.empty(0), np.empty(0)
    logs = np.log(one.samples)
    own = [logs[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return (
        repeat_error(logs, one.offsets, kept),
        np.array([each.min() for each in own]),
        np.array([each.max() for each in own]),
    )


def _short(
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
    series: Sequence[Series],
    companies: Mapping[int, _Company],
) -> list[Candidate]:
    """Return the steps of short series that what others know of their noise makes plain."""
    added: list[Candidate] = []
    for number, course in courses.items():
        if course.kept.size > policy.SHORT_SERIES:
            continue
        steps = [
            _at(number, course, rank, p_value)
            for rank, p_value in _split(course, priors[number], 0, course.kept.size)
        ]
        if number in companies:
            steps = _beside_controls(series[number], steps, companies[number])
        added += steps
    return added


def _with_short(known: Sequence[Candidate], short: Sequence[Candidate]) -> list[Candidate]:
    """Return *known* and *short* candidates; of two near each other one, with the better evidence.

    It stays where the series alone has it.
    """
    by_series = _by_series(short)
    result = []
    for one in known:
        near = [step for step in by_series.get(one.series, ()) if _are_near(one, step)]
        best = min((step.p_value for step in near if step.is_shared == one.is_shared), default=1.0)
        result.append(replace(one, p_value=min(one.p_value, best)))
        by_series[one.series] = [s for s in by_series.get(one.series, ()) if s not in near]
    return [*result, *(step for steps in by_series.values() for step in steps)]


def _split(course: Course, prior: Prior, start: int, end: int) -> Iterable[tuple[int, float]]:
    """Give the plainest step between two ranks, and then those of what lies on either side."""
    rank, p_value = _plainest(course, prior, start, end)
    louder = prior.at_least(scale_around(course.logs, rank))
    if rank and louder is not prior:
        loud = p_value_at(course.logs[start:end], rank - start, louder, policy.SHORT_SIDE)
        p_value = max(p_value, loud)
    places = max(1, course.kept.size - 2 * policy.SIDE + 1)
    if p_value * places > policy.SUSPICION:
        return
    yield from _split(course, prior, start, rank)
    yield rank, p_value
    yield from _split(course, prior, rank, end)


def _plainest(course: Course, prior: Prior, start: int, end: int) -> tuple[int, float]:
    """Return the place with most evidence; a side of two commits only where repeats are apart."""
    x = course.logs[start:end]
    if course.low.size:
        rank, p_value = strongest(x, prior, policy.SHORT_SIDE)
        if rank and min(rank, x.size - rank) < policy.SIDE and _are_apart(course, start, rank, end):
            return start + rank, p_value
    rank, p_value = strongest(x, prior)
    return start + rank, p_value


def _are_apart(course: Course, start: int, rank: int, end: int) -> bool:
    cut, reach = start + rank, policy.WINDOWS[-1]
    before = slice(max(start, cut - reach), cut)
    after = slice(cut, min(end, cut + reach))
    above = course.low[after].min() > course.high[before].max()
    return bool(above or course.high[after].max() < course.low[before].min())


def _at(number: int, course: Course, rank: int, p_value: float) -> Candidate:
    index = int(course.kept[rank])
    return Candidate(
        series=number, index=index, earliest=index, latest=index, p_value=max(p_value, 1e-15)
    )


def _joining(
    series: Sequence[Series],
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
    joint: Sequence[JointStep],
    others: Sequence[Candidate],
) -> list[Candidate]:
    """Return the steps of single series where their whole scenario moved."""
    by_series = _by_series(others)
    added = []
    for step in joint:
        for number in step.numbers:
            course, one = courses[number], series[number]
            rank = int(np.searchsorted(one.positions[course.kept], step.position))
            if not policy.SIDE <= rank <= course.kept.size - policy.SIDE:
                continue
            p_value = p_value_at(course.logs, rank, priors[number])
            size = math.exp(_step(course.logs, rank))
            if p_value > policy.JOINING or not is_relevant(1.0, size, one.metric):
                continue
            candidate = _at(number, course, rank, p_value)
            if not any(_are_near(other, candidate) for other in by_series.get(number, ())):
                added.append(candidate)
    return added


def _by_series(candidates: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    grouped: dict[int, list[Candidate]] = {}
    for one in candidates:
        grouped.setdefault(one.series, []).append(one)
    return grouped


def _spread(one: Series, detection: Detection, prior: Prior) -> Spread:
    if one.metric.is_counted:
        return spread_of(one.values, math.nan, 0.0)
    if math.isfinite(detection.noise):
        return spread_of(one.values, detection.noise, detection.correlation)
    scale = math.sqrt(prior.variance) if prior.freedom else math.nan
    return spread_of(one.values, scale, CORRELATION_PRIOR)

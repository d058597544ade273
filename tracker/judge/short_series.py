"""Steps of short series, by what others know of their noise (`noise_priors`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.judge import policy
from tracker.judge.beside_controls import Company, weigh_beside
from tracker.judge.candidates import Candidate, are_near, group_by_series
from tracker.judge.contrasts import step_at, strongest
from tracker.judge.courses import Course
from tracker.judge.local_noise import scale_around
from tracker.judge.noise_priors import Prior
from tracker.model import Series


def short_steps(
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
    series: Sequence[Series],
    companies: Mapping[int, Company],
) -> list[Candidate]:
    """Return the steps of short series that what others know of their noise makes plain."""
    added: list[Candidate] = []
    for number, course in courses.items():
        if course.kept.size > policy.SHORT_SERIES:
            continue
        steps = [
            at_rank(number, course, rank, p_value)
            for rank, p_value in _split(course, priors[number], 0, course.kept.size)
        ]
        if number in companies:
            steps = weigh_beside(series[number], steps, companies[number])
        added += steps
    return added


def with_short(known: Sequence[Candidate], short: Sequence[Candidate]) -> list[Candidate]:
    """Return *known* and *short* candidates; of two near each other one, with the better evidence.

    It stays where the series alone has it.
    """
    by_series = group_by_series(short)
    result = []
    for one in known:
        near = [step for step in by_series.get(one.series, ()) if are_near(one, step)]
        best = min((step.p_value for step in near if step.is_shared == one.is_shared), default=1.0)
        result.append(replace(one, p_value=best) if best < one.p_value else one)
        by_series[one.series] = [s for s in by_series.get(one.series, ()) if s not in near]
    return [*result, *(step for steps in by_series.values() for step in steps)]


def _split(course: Course, prior: Prior, start: int, end: int) -> Iterable[tuple[int, float]]:
    """Give the plainest step between two ranks, and then those of what lies on either side."""
    rank, p_value = _plainest(course, prior, start, end)
    louder = prior.at_least(scale_around(course.logs, rank))
    if rank and louder is not prior:
        loud = step_at(course.logs[start:end], rank - start, louder, policy.SHORT_SIDE)
        p_value = max(p_value, loud.p_value)
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


def at_rank(number: int, course: Course, rank: int, p_value: float) -> Candidate:
    """Return a step of series *number* at one point of its *course*."""
    index = int(course.kept[rank])
    return Candidate(
        series=number, index=index, earliest=index, latest=index, p_value=max(p_value, 1e-15)
    )

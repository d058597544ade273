"""Few commits against few: what every place of a course says of a step there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tracker.detect.density import middle
from tracker.detect.evidence import mean_difference_variance, student_two_sided
from tracker.detect.point_estimates import prefix_sums
from tracker.detect.policy import CORRELATION_PRIOR, ROUNDING
from tracker.judge import policy
from tracker.judge.noise_priors import Prior
from tracker.model import Floats, Ints


def window_tests(points: int, shortest: int = policy.SIDE) -> int:
    """Return what looking at several windows of one place costs: they are much alike.

    Where the only place has no room for a second one, nothing.
    """
    return 1 if points == 2 * policy.WINDOWS[0] == 2 * shortest else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasts:
    """Differences of the means on either side of places, in one window. Shapes (m, k) and (k,).

    Attributes:
        places: first points of the level after.
        steps: of each of m courses.
        squares: sums of squares within both sides.
        freedom: of these sums.
        variance: of a step, in units of one point's variance.
    """

    places: Ints
    steps: Floats
    squares: Floats
    freedom: Floats
    variance: Floats


def contrasts(x: Floats, shortest: int = policy.SIDE) -> Iterator[Contrasts]:
    """Give, for each window, what the courses *x*, shape (m, n), say of each place.

    Args:
        x: logarithms.
        shortest: points that a side must have.
    """
    n = x.shape[1]
    places = np.arange(shortest, n - shortest + 1)
    if not places.size:
        return
    sums, squares = prefix_sums(x), prefix_sums(x * x)
    used: set[int] = set()
    for window in policy.WINDOWS:
        reach = min(window, n)
        if reach in used:
            continue
        used.add(reach)
        first, last = np.maximum(places - reach, 0), np.minimum(places + reach, n)
        before, after = places - first, last - places
        old = (sums[:, places] - sums[:, first]) / before
        new = (sums[:, last] - sums[:, places]) / after
        within = squares[:, last] - squares[:, first] - before * old**2 - after * new**2
        yield Contrasts(
            places=places,
            steps=new - old,
            squares=np.maximum(within, 0.0),
            freedom=(before + after - 2).astype(np.float64),
            variance=np.array(
                [_variance(b, a) for b, a in zip(before.tolist(), after.tolist(), strict=True)]
            ),
        )


@lru_cache(maxsize=1024)
def _variance(before: int, after: int) -> float:
    return mean_difference_variance(before, after, CORRELATION_PRIOR)


def strongest(x: Floats, prior: Prior, shortest: int = policy.SIDE) -> tuple[int, float]:
    """Return the place where a step of the course *x*, shape (n,), has most evidence, and p there.

    The p-value is that of one place; (0, 1) where no place can be judged.
    """
    best, place, statistic = 0.0, 0, (0.0, 1)
    for one in contrasts(x[None], shortest):
        t, freedom = moderated(one, prior)
        scores = freedom * np.log1p(t**2 / freedom)  # Wallace 1959: nearly the normal score squared
        i = int(np.argmax(scores))
        if scores[i] > best:
            best, place = float(scores[i]), int(one.places[i])
            statistic = float(t[i]), int(freedom[i])
    return place, _p_value(*statistic, window_tests(x.size, shortest)) if place else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of one course, and p of its place."""

    size: float
    p_value: float


def step_at(x: Floats, place: int, prior: Prior, shortest: int = policy.SIDE) -> Step:
    """Return the step of *x* at *place*, which others have chosen, by its plainest window."""
    best, tests = Step(size=0.0, p_value=1.0), window_tests(x.size, shortest)
    for one in contrasts(x[None], shortest):
        (at,) = np.nonzero(one.places == place)
        if at.size:
            t, freedom = moderated(one, prior)
            p_value = _p_value(float(t[at[0]]), int(freedom[at[0]]), tests)
            if p_value < best.p_value:
                best = Step(size=float(one.steps[0, at[0]]), p_value=p_value)
    return best


def step_size(x: Floats, rank: int) -> float:
    """Return by how much *x* steps at *rank*, between the middles of few points on either side."""
    reach = policy.WINDOWS[-1]
    return middle(x[rank : rank + reach]) - middle(x[max(0, rank - reach) : rank])


def plainest_near(x: Floats, place: int, prior: Prior, slack: int) -> Step | None:
    """Return the step of *x* with most evidence at most *slack* points from *place*.

    None where no place can be judged, or all lie on the shoulder of a step further away.
    """
    reach = policy.WINDOWS[-1]
    start = max(0, place - 2 * reach)
    near = x[start : place + 2 * reach]
    ranks = range(policy.SHORT_SIDE, near.size - policy.SHORT_SIDE + 1)
    steps = {
        rank: step_at(near, rank, prior, policy.SHORT_SIDE)
        for rank in ranks
        if abs(rank + start - place) <= slack + 1
    }
    peaks = [
        step
        for rank, step in steps.items()
        if abs(rank + start - place) <= slack
        and all(step.p_value <= steps[n].p_value for n in (rank - 1, rank + 1) if n in steps)
    ]
    return min(peaks, key=lambda step: step.p_value, default=None)


def moderated(one: Contrasts, prior: Prior) -> tuple[Floats, Floats]:
    """Return Student's t of the first course at each place, and its degrees of freedom."""
    variance, freedom = prior.moderate(one.squares[0] / one.freedom, one.freedom)
    scale = np.sqrt(np.maximum(variance, ROUNDING**2) * one.variance)
    t: Floats = np.abs(one.steps[0]) / scale
    return t, freedom


def _p_value(t: float, freedom: int, tests: int) -> float:
    return min(1.0, tests * student_two_sided(t, max(1, freedom)))

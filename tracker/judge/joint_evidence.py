"""Joint evidence: what several metrics of one scenario say together of each place.

Hotelling's statistic of the differences of means on either side, with a covariance that the
differences of neighbouring commits and a prior make together (Tai & Speed 2006, the multivariate
form of Smyth's moderation, doi:10.1214/009053606000000759). Metrics of one run share much of their
noise: what none of them shows alone may be plain in all of them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import noise
from tracker.judge import policy
from tracker.judge.contrasts import Contrasts, contrasts, window_tests
from tracker.judge.courses import Course
from tracker.judge.local_noise import scales_around
from tracker.judge.noise_priors import Prior
from tracker.model import Better, Floats, Ints, Series

_CLIP = 3.0
_EFFICIENCY = 0.7  # of clipped differences, which overlap, against independent points
_MOST_FREEDOM = 60.0
_NEGLIGIBLE = 1e-17  # share of a sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The series of one class of benchmarks, library, machine and environment.

    Attributes:
        numbers: of all of its series.
        positions: of the commits at which those that are taken together were measured.
        x: their logarithms there, shape (m, k).
        signs: 1 where more is worse, else -1; shape (m,).
        metrics: what each of them measures, of which library.
        variances: of one point of each, with what others know in them; shape (m,).
        freedom: how many points what others know is worth.
    """

    numbers: tuple[int, ...]
    positions: Ints
    x: Floats
    signs: Floats
    metrics: tuple[str, ...]
    variances: Floats
    freedom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JointStep:
    """A place at which a scenario moved.

    Attributes:
        position: of the first commit after; *previous* is the measured commit before it.
        p_value: of this place.
    """

    numbers: tuple[int, ...]
    previous: int
    position: int
    p_value: float


def find_scenarios(
    series: Sequence[Series], courses: Mapping[int, Course], priors: Mapping[int, Prior]
) -> list[Scenario]:
    """Return the scenarios that several of the *courses* belong to."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in courses:
        one = series[number]
        group = one.key.benchmark.rpartition(".")[0]
        groups[group, one.library, one.key.machine, one.key.environment].append(number)
    scenarios = (_scenario_of(series, members, courses, priors) for members in groups.values())
    return [scenario for scenario in scenarios if scenario is not None]


def _scenario_of(
    series: Sequence[Series],
    members: Sequence[int],
    courses: Mapping[int, Course],
    priors: Mapping[int, Prior],
) -> Scenario | None:
    longest = max(courses[n].kept.size for n in members)
    usable = [n for n in members if 10 * courses[n].kept.size >= 9 * longest]
    shared = _shared_positions([series[n].positions[courses[n].kept] for n in usable])
    if shared.size < 2 * policy.SIDE:
        return None
    rows = {}
    for n in usable:
        positions = series[n].positions[courses[n].kept]
        rows[n] = courses[n].logs[np.searchsorted(positions, shared)]
    scales = {n: _scale(rows[n], priors[n]) for n in usable}
    chosen = _choose([n for n in usable if scales[n] > 0], rows, scales)
    if len(chosen) < 2:  # noqa: PLR2004 - one alone is no joint evidence
        return None
    signs = [1.0 if series[n].metric.better is Better.LOWER else -1.0 for n in chosen]
    return Scenario(
        numbers=tuple(members),
        positions=shared,
        x=np.stack([rows[n] for n in chosen]),
        signs=np.array(signs),
        metrics=tuple(_metric(series[n]) for n in chosen),
        variances=np.array([scales[n] ** 2 for n in chosen]),
        freedom=min(priors[n].freedom for n in chosen),
    )


def _metric(one: Series) -> str:
    return f"{one.library} {one.key.benchmark.rpartition('.')[2]}"


def _shared_positions(positions: Iterable[Ints]) -> Ints:
    first, *rest = positions
    for other in rest:
        first = first[np.isin(first, other)]
    return first


def _scale(x: Floats, prior: Prior) -> float:
    own = float(noise.step_scale(np.abs(np.diff(x))))
    freedom = _EFFICIENCY * (x.size - 1)
    variance, _ = prior.moderate(np.array([own**2]), np.array([freedom]))
    return math.sqrt(float(variance[0]))


def _choose(
    numbers: Sequence[int], rows: Mapping[int, Floats], scales: Mapping[int, float]
) -> list[int]:
    """Return the least noisy series, without those whose noise another one has already."""
    chosen: list[int] = []
    for n in sorted(numbers, key=lambda n: (scales[n], n)):
        if len(chosen) == policy.JOINT_SERIES:
            break
        if all(abs(_correlation(rows[n], rows[other])) < policy.SAME_NOISE for other in chosen):
            chosen.append(n)
    return chosen


def _correlation(one: Floats, other: Floats) -> float:
    a, b = np.diff(one), np.diff(other)
    bottom = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / bottom if bottom else 0.0


class Correlations:
    """What metrics are seen to share, in all scenarios that have them."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        """Measure each of *scenarios*."""
        self._pooled: dict[tuple[str, str], tuple[float, float]] = {}
        for one in scenarios:
            seen, weight = _measured(one)
            for pair, value in _pairs(one, seen):
                total, weights = self._pooled.get(pair, (0.0, 0.0))
                self._pooled[pair] = total + weight * value, weights + weight

    def of(self, scenario: Scenario) -> tuple[Floats, float]:
        """Return the correlations in one scenario, and the degrees of freedom of its covariance.

        What it shows itself is drawn to what others show, and that to a first guess.
        """
        measured, own = _measured(scenario)
        m = scenario.x.shape[0]
        prior, weights = np.eye(m), np.zeros((m, m))
        for (i, j), (pair, value) in zip(_indices(m), _pairs(scenario, measured), strict=True):
            total, weight = self._pooled[pair]
            guess = policy.JOINT_CORRELATION * scenario.signs[i] * scenario.signs[j]
            others = max(0.0, weight - own)
            first = policy.PRIOR_FREEDOM
            prior[i, j] = (total - own * value + first * guess) / (others + first)
            weights[i, j] = m + first + min(others, policy.MOST_OF_OTHERS)
        prior, weights = np.triu(prior) + np.triu(prior, 1).T, weights + weights.T
        mixed = (own * measured + weights * prior) / (own + weights)
        np.fill_diagonal(mixed, 1.0)
        sizes, ways = np.linalg.eigh(mixed)
        kept = np.maximum(sizes, 1 - policy.SAME_NOISE)
        return (ways * kept) @ ways.T, min(own + scenario.freedom, _MOST_FREEDOM)


def _measured(scenario: Scenario) -> tuple[Floats, float]:
    """Return the correlations of clipped differences, and how many points they are worth."""
    units = np.diff(scenario.x, axis=1) / np.sqrt(2 * scenario.variances[:, None])
    units = np.clip(units, -_CLIP, _CLIP)
    products = units @ units.T
    sizes = np.sqrt(np.maximum(np.diag(products), np.finfo(np.float64).tiny))
    return products / sizes[:, None] / sizes[None], _EFFICIENCY * units.shape[1]


def _indices(m: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(m) for j in range(i + 1, m)]


def _pairs(scenario: Scenario, table: Floats) -> list[tuple[tuple[str, str], float]]:
    """Return the entry of each pair of metrics, named in one order wherever it occurs."""
    names = scenario.metrics
    return [
        ((min(names[i], names[j]), max(names[i], names[j])), float(table[i, j]))
        for i, j in _indices(len(names))
    ]


def joint_steps(scenarios: Sequence[Scenario], most: float) -> list[JointStep]:
    """Return the places at which scenarios moved, each by chance in at most *most* of them."""
    correlations = Correlations(scenarios)
    steps: list[JointStep] = []
    for one in scenarios:
        correlation, freedom = correlations.of(one)
        steps += _split(one, np.linalg.inv(correlation), freedom, (0, one.x.shape[1]), most)
    return steps


def _split(
    scenario: Scenario, inverse: Floats, freedom: float, part: tuple[int, int], most: float
) -> Iterable[JointStep]:
    """Give the strongest place of a part, and then those of what lies before and after it."""
    start, end = part
    cut, statistic = _strongest(scenario, (start, end), inverse)
    windows = window_tests(scenario.x.shape[1])
    tests = windows * max(1, scenario.x.shape[1] - 2 * policy.SIDE + 1)
    if tests * _at_least(statistic, freedom) > most:
        return
    p_value = _beyond(statistic, scenario.x.shape[0], freedom)
    if tests * p_value > most:
        return
    cut += start
    yield from _split(scenario, inverse, freedom, (start, cut), most)
    yield JointStep(
        numbers=scenario.numbers,
        previous=int(scenario.positions[cut - 1]),
        position=int(scenario.positions[cut]),
        p_value=min(1.0, windows * p_value),
    )
    yield from _split(scenario, inverse, freedom, (cut, end), most)


def _strongest(scenario: Scenario, part: tuple[int, int], inverse: Floats) -> tuple[int, float]:
    """Return the place of the largest statistic of a part, and the statistic; 0 for none."""
    x = scenario.x[:, slice(*part)]
    best, place = 0.0, 0
    for one in contrasts(x):
        units = one.steps / np.sqrt(scenario.variances[:, None] * _loudness(one, scenario, x))
        scores = np.einsum("ik,ij,jk->k", units, inverse, units) / one.variance
        i = int(np.argmax(scores))
        if scores[i] > best:
            best, place = float(scores[i]), int(one.places[i])
    return place, best


def _loudness(one: Contrasts, scenario: Scenario, x: Floats) -> Floats:
    """Return by how much the variance of each series around each place is above its usual."""
    within = one.squares / scenario.variances[:, None]
    around = scales_around(x, one.places) ** 2 / scenario.variances[:, None]
    weight = policy.PRIOR_FREEDOM
    nearest = (weight * np.maximum(1.0, around) + within) / (weight + one.freedom)
    return np.maximum(1.0, nearest)


def _at_least(statistic: float, freedom: float) -> float:
    """Return what `_beyond` does not fall below, for any two series or more.

    It is exact for two, and Hotelling's statistic of more is never below that of two of them.
    """
    return (1 + statistic / freedom) ** (-(freedom - 1) / 2) if freedom > 1 else 1.0


def _beyond(statistic: float, series: int, freedom: float) -> float:
    """P(Hotelling's statistic of so many series > *statistic*), which is above 0.

    An incomplete beta function by its series (Abramowitz & Stegun 26.5.4): all terms are positive,
    and few are needed of what passes `_at_least`. Importing scipy.special takes a quarter of a
    second.
    """
    a, b = (freedom - series + 1) / 2, series / 2
    if a <= 0:
        return 1.0
    x, rest = freedom / (freedom + statistic), statistic / (freedom + statistic)
    total = term = math.exp(
        a * math.log(x) + b * math.log(rest)
        + math.lgamma(a + b) - math.lgamma(a + 1) - math.lgamma(b)
    )  # fmt: skip
    while term > total * _NEGLIGIBLE:
        term *= x * (a + b) / (a + 1)
        total += term
        a += 1
    return total

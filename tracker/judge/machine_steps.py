"""Steps that nearly all timed benchmarks of one machine take alike: perhaps the machine's.

A busy machine need not show in all metrics alike: nearly all benchmarks of one metric may step, and
those of another not.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect.density import middle
from tracker.judge import policy
from tracker.judge.policy import Policy
from tracker.model import Floats, Series

_ALL = ""  # all metrics together
# Commits on either side that are looked at: load may last for three of them.
_REACHES = (policy.WINDOWS[0], policy.WINDOWS[-1], policy.AROUND)
type Witness = tuple[str, str, str]  # benchmark, library, environment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    """How the timed benchmarks of one machine move at a place, as logarithms of slowness.

    Attributes:
        common: their median.
        takers: numbers of the series that move by about that.
        share: of the benchmarks whose series do.
    """

    common: float
    takers: frozenset[int]
    share: float


class Machines:
    """All timed series, to be asked whether a step is a machine's."""

    def __init__(self, series: Sequence[Series], noise: Sequence[float], chosen: Policy) -> None:
        """Keep the timed ones of *series*; *noise* is the relative scale of each."""
        self._series, self._noise, self._chosen = series, noise, chosen
        self._timed: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, one in enumerate(series):
            if is_timed(one):
                self._timed[one.key.machine][_ALL].append(number)
                self._timed[one.key.machine][one.metric.name].append(number)

    def takers(self, position: int, moved: Mapping[str, Sequence[int]]) -> frozenset[int]:
        """Return the series that a machine seems to have moved at *position*.

        They are nearly all that one machine times, with sizes that agree, while no other machine
        moved; none where that is not so.

        Args:
            position: first commit at the new level.
            moved: by machine, numbers of the series that were found to move there.
        """
        timed = [
            m for m, numbers in moved.items() if any(is_timed(self._series[n]) for n in numbers)
        ]
        if len(timed) != 1:
            return frozenset()
        (machine,) = timed
        benchmarks_moved = {self._series[n].key.benchmark for n in moved[machine]}
        taken: set[int] = set()
        for metric, numbers in self._timed[machine].items():
            benchmarks = {self._series[n].key.benchmark for n in numbers}
            if len(benchmarks_moved & benchmarks) < max(1.0, policy.FOUND_SHARE * len(benchmarks)):
                continue
            others = [of.get(metric, []) for m, of in self._timed.items() if m != machine]
            for reach in _REACHES:
                taken |= self._takers(numbers, others, position, reach)
        return frozenset(taken)

    def _takers(
        self, numbers: Sequence[int], others: Sequence[Sequence[int]], position: int, reach: int
    ) -> frozenset[int]:
        """Return which of *numbers* move together, where no machine of *others* moves so."""
        own = self._taking(numbers, position, reach)
        if own is None or own.share < self._chosen.machine_share:
            return frozenset()
        elsewhere = [self._taking(other, position, reach) for other in others]
        if any(other is not None and _alike(own, other) for other in elsewhere):
            return frozenset()
        return own.takers

    def _taking(self, numbers: Sequence[int], position: int, reach: int) -> _Taking | None:
        """Return how the series *numbers* moved; None when too few benchmarks can say."""
        by_witness: dict[Witness, list[tuple[int, float, float]]] = defaultdict(list)
        for number in numbers:
            step = self._step(number, position, reach)
            if step is not None:
                key = self._series[number].key
                witness = key.benchmark, self._series[number].library, key.environment
                by_witness[witness].append((number, *step))
        if len({benchmark for benchmark, *_ in by_witness}) < policy.WITNESSES:
            return None
        sizes = [middle(np.array([size for _, size, _ in own])) for own in by_witness.values()]
        common = middle(np.array(sizes))
        takers = [
            number
            for own in by_witness.values()
            for number, size, error in own
            if _agrees(size, common, error)
        ]
        errors = [middle(np.array([error for *_, error in own])) for own in by_witness.values()]
        agreeing = sum(_agrees(s, common, e) for s, e in zip(sizes, errors, strict=True))
        error = middle(np.array(errors)) / math.sqrt(len(errors))
        moved = abs(common) > policy.AGREEMENT * error and abs(common) > math.log1p(
            policy.LEAST_SHIFT
        )
        return _Taking(
            common=common,
            takers=frozenset(takers),
            share=agreeing / len(sizes) if moved else 0.0,
        )

    def _step(self, number: int, position: int, reach: int) -> tuple[float, float] | None:
        """Return a series' step at *position* as slowness, and its standard error."""
        one = self._series[number]
        cut = int(np.searchsorted(one.positions, position))
        before = _logs(one.values[max(0, cut - reach) : cut])
        after = _logs(one.values[cut : cut + reach])
        if min(before.size, after.size) < policy.SHORT_SIDE:
            return None
        size = middle(after) - middle(before)
        noise = self._noise[number]
        error = policy.MEDIAN_ERROR * (0.0 if math.isnan(noise) else noise)
        error *= math.sqrt(1 / before.size + 1 / after.size)
        return (-size if one.metric.unit.endswith("/s") else size), error


def is_timed(one: Series) -> bool:
    """Say whether the machine's speed shows in the values of a series: times, and rates."""
    return one.metric.unit == "s" or one.metric.unit.endswith("/s")


def _agrees(size: float, common: float, error: float) -> bool:
    return abs(size - common) <= policy.AGREEMENT * error + policy.SCATTER * abs(common)


def _alike(own: _Taking, other: _Taking) -> bool:
    """Say whether another machine moved the same way, by half as much or more."""
    return own.common * other.common > 0 and abs(other.common) >= abs(own.common) / 2


def _logs(values: Floats) -> Floats:
    finite = values[np.isfinite(values)]
    return np.log(finite[finite > 0])

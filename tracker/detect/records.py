"""From cuts of the judged points back to `Change` records about the values as given."""

import math
from dataclasses import dataclass

from tracker.detect import evidence, policy
from tracker.detect.density import middle
from tracker.detect.noise import Noise
from tracker.detect.placement import Place
from tracker.model import Change, Floats, Ints, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change that stays: its place among the judged points, and its p-value."""

    place: Place
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One series as it was judged.

    Attributes:
        values: shape (n,), as given.
        kept: indices of the measured values, shape (k,).
        z: locations of the measured points on the judged scale, shape (k,).
        used: indices into `kept` and `z` of the runs that were not noisy.
        noise: of the series.
        unit: what z is in: 0 for logarithms, else the divisor of the values.
    """

    values: Floats
    kept: Ints
    z: Floats
    used: Ints
    noise: Noise
    unit: float

    def changes(self, steps: list[Step]) -> tuple[Change, ...]:
        """Return one record per step."""
        edges = [0, *(s.place.cut for s in steps), self.used.size]
        return tuple(self._change(s, edges[i], edges[i + 2]) for i, s in enumerate(steps))

    def _change(self, step: Step, start: int, end: int) -> Change:
        place = step.place
        before, after = self.used[start : place.cut], self.used[place.cut : end]
        first, second = middle(self.z[before]), middle(self.z[after])
        rank = self._first_of_new(place.cut, first, second)
        half = policy.INTERVAL_WIDTH * self.noise.scale
        half *= math.sqrt(
            evidence.mean_difference_variance(before.size, after.size, self.noise.correlation)
        )
        old, new = middle(self.values[self.kept[before]]), middle(self.values[self.kept[after]])
        shift = self._shift(old, new)
        half = max(half, abs(shift - (second - first)))
        since = self.kept.size - rank
        return Change(
            index=int(self.kept[rank]),
            earliest=int(self.kept[min(rank, int(self.used[place.earliest]))]),
            latest=int(self.kept[max(rank, int(self.used[place.latest]))]),
            before=old,
            after=new,
            ratio=new / old if old else math.nan,
            ratio_low=self._ratio(shift - half, old),
            ratio_high=self._ratio(shift + half, old),
            p_value=step.p_value,
            status=Status.CONFIRMED if since >= policy.CONFIRM_POINTS else Status.SUSPECTED,
            points_since=since,
        )

    def _first_of_new(self, cut: int, before: float, after: float) -> int:
        """Give noisy runs just before the cut to the new level if they are nearer to it."""
        rank = int(self.used[cut])
        last_old = int(self.used[cut - 1]) if cut else -1
        while rank - 1 > last_old and abs(self.z[rank - 1] - after) < abs(
            self.z[rank - 1] - before
        ):
            rank -= 1
        return rank

    def _shift(self, old: float, new: float) -> float:
        """Return the step between two levels of the values, on the judged scale.

        The judged locations may be another rank of the repeats than the values are. Where the two
        disagree about the size, the interval of the ratio is as wide as that disagreement.
        """
        return (new - old) / self.unit if self.unit else math.log(new / old)

    def _ratio(self, shift: float, old: float) -> float:
        if not self.unit:
            return math.exp(min(shift, 700.0))
        if not old:
            return math.nan
        ends = 1 + shift * self.unit / abs(old)
        return ends if old > 0 else 2 - ends

"""Series vote for the place of an event; where something was counted, nobody votes."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.judge import policy
from tracker.judge.candidates import Candidate
from tracker.judge.joint_evidence import JointStep
from tracker.judge.levels import Spread
from tracker.judge.slips import are_slips
from tracker.model import Floats, Ints, Series

_MOST_WEIGHT = 15.0  # no series outvotes all others


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that candidates of several series may share.

    Attributes:
        position: of the first commit at the new level.
        earliest: first commit that may have brought it; latest: last such commit.
        members: numbers of the candidates.
        joint: numbers of the joint steps.
        counted: numbers of the counted steps.
    """

    position: int
    earliest: int
    latest: int
    members: tuple[int, ...]
    joint: tuple[int, ...]
    counted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Votes:
    """Intervals of commits, one entry for each vote. Shapes (k,).

    Attributes:
        low: first commit that may have brought a step; high: last such commit.
        near: first of those since the last measured one before its likeliest place; at: that place.
    """

    low: Ints
    high: Ints
    near: Ints
    at: Ints
    weight: Floats

    def of(self, chosen: Ints) -> "_Votes":
        """Return the votes *chosen*."""
        return _Votes(
            low=self.low[chosen],
            high=self.high[chosen],
            near=self.near[chosen],
            at=self.at[chosen],
            weight=self.weight[chosen],
        )

    def course(self, commits: int) -> Floats:
        """Return the sum of votes for each commit: half at the likeliest place, half around."""
        count = np.zeros(commits + 1)
        for first, last in ((self.near, self.at), (self.low, self.high)):
            share = self.weight / 2 / (last - first + 1)
            np.add.at(count, first, share)
            np.add.at(count, last + 1, -share)
        return np.cumsum(count)[:-1]


def find_places(
    series: Sequence[Series],
    candidates: Sequence[Candidate],
    joint: Sequence[JointStep],
    spreads: Sequence[Spread],
    commits: int,
) -> list[Place]:
    """Return the places of all *candidates*, each of which belongs to one, oldest first."""
    votes = _collect(series, candidates, joint)
    course = votes.course(commits)
    low, high = votes.low - policy.PLACE_SLACK, votes.high + policy.PLACE_SLACK
    waiting = np.ones(low.size, dtype=np.bool_)
    places = []
    while waiting.any():
        peak = int(np.argmax(course))
        exact = waiting & (votes.low <= peak) & (peak <= votes.high)
        if not exact.any():  # nothing but what is left of sums
            peak = int(votes.at[np.argmax(waiting)])
            exact = waiting & (votes.low <= peak) & (peak <= votes.high)
        beside = np.flatnonzero(waiting & ~exact & (low <= peak) & (peak <= high))
        chosen = np.flatnonzero(exact)
        named = int(np.searchsorted(chosen, len(candidates)))
        for side in (beside[votes.high[beside] < peak], beside[votes.low[beside] > peak]):
            own = [candidates[n] for n in side.tolist() if n < len(candidates)]
            if are_slips(own, series, spreads, named):
                chosen = np.union1d(chosen, side)
        waiting[chosen] = False
        members = votes.of(chosen)
        course -= members.course(commits)
        numbers = chosen.tolist()
        position, earliest, latest = _settle(members, peak)
        places.append(
            Place(
                position=position,
                earliest=earliest,
                latest=latest,
                members=tuple(n for n in numbers if n < len(candidates)),
                joint=tuple(n - len(candidates) for n in numbers if n >= len(candidates)),
            )
        )
    return sorted(places, key=_by_place)


def with_counted(
    places: Sequence[Place], series: Sequence[Series], counted: Sequence[Candidate]
) -> list[Place]:
    """Return *places* and those of *counted* steps, which need no vote, oldest first.

    A place that may as well be where something was counted is there: the nearest such commit. So is
    one beside it, at which nothing was counted, since an odd value moves a clock's place.
    """
    own: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(counted):
        own[int(series[one.series].positions[one.index])].append(number)
    facts = {
        position: _where_counted(position, numbers, series, counted)
        for position, numbers in own.items()
    }
    joined = []
    for place in places:
        fact = _nearest_fact(place, facts)
        if fact is None:
            joined.append(place)
            continue
        members, joint = (*facts[fact].members, *place.members), (*facts[fact].joint, *place.joint)
        facts[fact] = replace(facts[fact], members=members, joint=joint)
    return sorted([*joined, *facts.values()], key=_by_place)


def _nearest_fact(place: Place, facts: Iterable[int]) -> int | None:
    """Return the commit of *facts* at which *place* may be, None for none."""
    for slack in (0, policy.PLACE_SLACK):
        near = [p for p in facts if place.earliest - slack <= p <= place.latest + slack]
        if near:
            return min(near, key=lambda p: (abs(p - place.position), p))
    return None


def _where_counted(
    position: int, numbers: Sequence[int], series: Sequence[Series], counted: Sequence[Candidate]
) -> Place:
    steps = [counted[n] for n in numbers]
    spans = [series[step.series].suspects(step.earliest, step.latest) for step in steps]
    return Place(
        position=position,
        earliest=max(first for first, _ in spans),
        latest=min(last for _, last in spans),
        members=(),
        joint=(),
        counted=tuple(numbers),
    )


def _by_place(place: Place) -> tuple[int, int]:
    return place.position, place.earliest


def _settle(votes: _Votes, peak: int) -> tuple[int, int, int]:
    """Return the commit that most weight names, and the first and last that all allow."""
    inside = (votes.low <= peak) & (peak <= votes.high)
    exact = inside & (votes.near <= peak) & (peak <= votes.at)
    named = votes.at[exact] if exact.any() else votes.at[inside] if inside.any() else votes.at
    position = int(named.min())
    allowed = inside if inside.any() else np.ones_like(inside)
    earliest, latest = int(votes.low[allowed].max()), int(votes.high[allowed].min())
    return position, min(earliest, position), max(latest, position)


def _collect(
    series: Sequence[Series], candidates: Sequence[Candidate], joint: Sequence[JointStep]
) -> _Votes:
    rows = []
    for one in candidates:
        own = series[one.series]
        low, high = own.suspects(one.earliest, one.latest)
        near, at = own.suspects(one.index, one.index)
        rows.append((min(low, near), max(high, at), near, at, _weight(one.p_value)))
    for step in joint:
        between = (step.previous + 1, step.position)
        rows.append((*between, *between, _weight(step.p_value)))
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    low, high, near, at = table[:, :4].astype(np.int64).T
    return _Votes(low=low, high=high, near=near, at=at, weight=table[:, 4])


def _weight(p_value: float) -> float:
    return 1.0 + min(_MOST_WEIGHT, -math.log10(max(p_value, 1e-300)))

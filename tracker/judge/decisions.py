"""Which candidates are sure: places first, then the series of each place.

Counted steps are sure. They say at which commit something happened, but nothing of the noise of
what is timed: its evidence counts for neither more nor less beside them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.judge import policy
from tracker.judge.candidates import Candidate
from tracker.judge.control_means import machine_reach
from tracker.judge.evidence import Evidence
from tracker.judge.multiplicity import discovery_cut, simes
from tracker.judge.place_votes import Place, find_places, with_counted
from tracker.judge.policy import Policy
from tracker.judge.timeline import Timeline
from tracker.model import History, Series

_TESTS = 2  # series and scenarios are asked for each place


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A candidate, the number of its place, and whether it is sure."""

    candidate: Candidate
    place: int
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What was decided.

    Attributes:
        places: oldest first.
        p_values: evidence of each place that anything judged happened there, 1 for none.
        by_series: what was decided of each series, by index.
        rate: of false ones among the sure places that was aimed at.
        machine_reach: of each place, the machines that seem to have moved there, each with the
            largest logarithm of a ratio that may be its doing.
    """

    places: Sequence[Place]
    p_values: Sequence[float]
    by_series: Sequence[Sequence[Decided]]
    rate: float
    machine_reach: Sequence[Mapping[str, float]]


def decide(history: History, evidence: Evidence, timeline: Timeline, chosen: Policy) -> Decisions:
    """Decide of all candidates; hierarchical, see `tracker.judge.multiplicity`."""
    series, candidates = history.series, evidence.candidates
    commits = len(history.commits)
    voted = find_places(series, candidates, evidence.joint, evidence.spreads, commits)
    places = with_counted(voted, series, evidence.counted)
    judged = _count_judged(series, evidence)
    p_values = [_p_value(place, evidence, judged) for place in places]
    tests = max(1, timeline.measured - 2 * policy.SIDE + 1)
    rate = min(chosen.false_discovery_rate, policy.FALSE_EVENTS * tests)
    tested = [p for place, p in zip(places, p_values, strict=True) if place.members or place.joint]
    cut = discovery_cut(np.array(tested), tests, rate)
    by_series: list[list[Decided]] = [[] for _ in series]
    for number, (place, p_value) in enumerate(zip(places, p_values, strict=True)):
        sure = set[int]()
        if p_value <= cut:
            sure = _sure(place, evidence, judged, chosen.false_discovery_rate)
        for member in place.members:
            one = candidates[member]
            index = _voted(series[one.series], one, place.position)
            moved = one if index == one.index else replace(one, index=index)
            by_series[one.series].append(
                Decided(candidate=moved, place=number, is_sure=member in sure)
            )
        for step in place.counted:
            one = evidence.counted[step]
            by_series[one.series].append(Decided(candidate=one, place=number, is_sure=True))
    return Decisions(
        places=places,
        p_values=p_values,
        by_series=[_once_each(own) for own in by_series],
        rate=rate,
        machine_reach=[machine_reach(evidence.control_means, place.position) for place in places],
    )


def _count_judged(series: Sequence[Series], evidence: Evidence) -> dict[bool, int]:
    """Return how many series are tested: of the project (False), and controls (True)."""
    can = Counter(
        is_control
        for each, one, is_control in zip(
            series, evidence.detections, evidence.are_controls, strict=True
        )
        if one.points >= 2 * policy.SHORT_SIDE and not each.metric.is_counted
    )
    return {False: can[False], True: can[True]}


def _p_value(place: Place, evidence: Evidence, judged: Mapping[bool, int]) -> float:
    """Return the evidence of one place: of single series, or of whole scenarios.

    Controls say nothing of a commit: they are asked only where no other series moved.
    """
    strongest: dict[int, float] = {}
    controls = all(evidence.are_controls[evidence.candidates[m].series] for m in place.members)
    for member in place.members:
        one = evidence.candidates[member]
        if evidence.are_controls[one.series] is not controls:
            continue
        strongest[one.series] = min(one.p_value, strongest.get(one.series, 1.0))
    alone = simes(np.array(list(strongest.values())), judged[controls])
    if not place.joint:
        return alone
    steps = [evidence.joint[number] for number in place.joint]
    own = [s.p_value for s in steps if evidence.are_controls[s.numbers[0]] is controls]
    joint = simes(np.array(own), evidence.scenarios[controls])
    return min(1.0, _TESTS * min(alone, joint))


def _sure(place: Place, evidence: Evidence, judged: Mapping[bool, int], rate: float) -> set[int]:
    """Return the members of a sure place that are sure themselves; the plainest one always is."""
    p_values = {member: evidence.candidates[member].p_value for member in place.members}
    if not p_values:
        return set()
    cut = discovery_cut(np.array(list(p_values.values())), sum(judged.values()), rate)
    sure = {member for member, p in p_values.items() if p <= cut}
    for number in place.joint:
        scenario = set(evidence.joint[number].numbers)
        own = {m: p for m, p in p_values.items() if evidence.candidates[m].series in scenario}
        cut = discovery_cut(np.array(list(own.values())), len(scenario), rate)
        sure |= {member for member, p in own.items() if p <= cut}
    return sure or {min(p_values, key=lambda member: (p_values[member], member))}


def _voted(one: Series, candidate: Candidate, position: int) -> int:
    """Return the first point of the new level by the place that all voted for, if it may be."""
    kept = np.flatnonzero(np.isfinite(one.values))
    rank = int(np.searchsorted(one.positions[kept], position))
    if rank == kept.size:
        return candidate.index
    index = int(kept[rank])
    return index if candidate.earliest <= index <= candidate.latest else candidate.index


def _once_each(own: list[Decided]) -> list[Decided]:
    """Return what was decided of one series by index; of two at one point the surer."""
    kept: dict[int, Decided] = {}
    for one in sorted(own, key=lambda d: (d.is_sure, -d.candidate.p_value)):
        kept[one.candidate.index] = one
    return [kept[index] for index in sorted(kept)]

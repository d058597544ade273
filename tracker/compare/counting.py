"""Counts base and head in every scenario, side by side on all cores, without a clock.

Counting runs do not disturb each other, and wait for most of their time: there are two to a core.
What moved and is not exact is counted once more on both sides with fresh workers, whose memory is
laid out otherwise, so that no single pair of processes decides; where an exact count moved as well,
only what gates. Exact counts have been seen to move between equal code, too, in a scenario or two
of a busy machine: what moved in a few scenarios only is counted once more, whatever it is.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from tracker.compare.harness_pool import Answer, harness_pool
from tracker.compare.harness_process import HarnessDiedError
from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.measurer import Label
from tracker.counts.count_changes import CountChange, compare_counts, join_counts
from tracker.counts.focus import CountedScenario
from tracker.counts.instruments import INSTRUCTIONS, QUICK
from tracker.model.catalogue import METRICS
from tracker.model.counts import Counts, convert_counts

SIDES = (Label.BASE, Label.HEAD)
JOBS_PER_CORE = 2

type Job = tuple[str, Label]
type Asks = Callable[[Sequence[Job], int], dict[Job, "SideCounts"]]
"""Counts jobs, in a layout of memory of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCounts:
    """What counting one side of one scenario gave; *reason* says why there is nothing."""

    counts: Counts | None
    reason: str = ""
    benchmark: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """All that was counted.

    Attributes:
        scenarios: by name, judged.
        absent: instrument to why it could not count, on either side.
        counts: what each side of each scenario gave, where it could be counted.
    """

    scenarios: Mapping[str, CountedScenario]
    absent: Mapping[str, str]
    counts: Mapping[Job, Counts]


def count_sides(
    setup: HarnessSetup, scenarios: Sequence[str], seed: int, say: Callable[[str], None]
) -> Counted:
    """Count both sides of all *scenarios*; what fails is told in its scenario's reason."""
    size = min(JOBS_PER_CORE * (os.cpu_count() or 1), len(scenarios) * len(SIDES))
    with harness_pool(setup.command, setup.root, max(size, 1)) as pool:

        def count(jobs: Sequence[Job], layout: int) -> dict[Job, SideCounts]:
            sides: dict[Job, SideCounts] = {}
            requests = [
                request_counts(setup, *job, seed, _instruments(job[0] == scenarios[0]))
                | {"layout": layout}
                for job in jobs
            ]
            for job, answer in zip(jobs, pool.ask(requests), strict=True):
                sides[job] = read_counts(answer)
                say(f"counted {job[0]}, {job[1]}: {len(sides)} of {len(jobs)}")
            return sides

        return decide_sides(scenarios, count)


def decide_sides(scenarios: Sequence[str], count: Asks) -> Counted:
    """Count by *count*, judge, and count again what one pair of processes should not decide."""
    first = count([(scenario, side) for scenario in scenarios for side in SIDES], 0)
    judged = {scenario: _judge(first, scenario) for scenario in scenarios}
    doubtful = _doubtful(judged)
    if doubtful:
        again = count([(scenario, side) for scenario in doubtful for side in SIDES], 1)
        both = {job: _joined(one, again[job]) for job, one in first.items() if job in again}
        judged |= {scenario: _judge(both, scenario) for scenario in doubtful}
    absent: dict[str, str] = {}
    for side in first.values():
        absent |= side.counts.absent if side.counts else {}
    counts = {job: side.counts for job, side in first.items() if side.counts}
    return Counted(scenarios=judged, absent=absent, counts=counts)


def _doubtful(judged: Mapping[str, CountedScenario]) -> list[str]:
    """Return the scenarios to count again: what most of them show is confirmed by that."""
    moved = [scenario for scenario, one in judged.items() if one.moved]
    are_few = 2 * len(moved) < len(judged)
    return [one for one in moved if are_few or _is_doubtful(judged[one].changes)]


def _is_doubtful(changes: Sequence[CountChange]) -> bool:
    """Whether something moved that other processes may count otherwise, and that may decide."""
    moved = [change for change in changes if change.moved]
    are_known = any(change.tolerance == 0 for change in moved)
    return any(one.tolerance > 0 and (one.metric.gates or not are_known) for one in moved)


def _judge(sides: Mapping[Job, SideCounts], scenario: str) -> CountedScenario:
    base, head = (sides[scenario, side] for side in SIDES)
    waiting = base.waiting or head.waiting
    if base.counts is None or head.counts is None:
        return CountedScenario(changes=(), reason=base.reason or head.reason, waiting=waiting)
    names = [
        name for name in METRICS if name in base.counts.metrics and name in head.counts.metrics
    ]
    changes = tuple(
        compare_counts(METRICS[name], base.counts.metrics[name], head.counts.metrics[name])
        for name in names
    )
    return CountedScenario(changes=changes, benchmark=head.benchmark, waiting=waiting)


def _joined(one: SideCounts, other: SideCounts) -> SideCounts:
    """Both counts of a side as if they were one; what is not exact needs both."""
    if one.counts is None or other.counts is None:
        return one
    again = other.counts.metrics
    metrics = {
        name: join_counts(metric, again[name]) if name in again else metric
        for name, metric in one.counts.metrics.items()
        if name in again or metric.spread == 0
    }
    return replace(one, counts=msgspec.structs.replace(one.counts, metrics=metrics))


def _instruments(priced: bool) -> tuple[str, ...]:  # noqa: FBT001 - one of two lists
    """What counts a scenario: instructions, which take most of the time, in the first one only."""
    return (*QUICK, INSTRUCTIONS) if priced else QUICK


def request_counts(
    setup: HarnessSetup, scenario: str, side: Label, seed: int, instruments: Sequence[str]
) -> dict[str, object]:
    """What the harness is asked, to count one side of a scenario."""
    asked = setup.ask_of(side, scenario, seed)
    return {**asked, "count": True, "instruments": list(instruments)}


def read_counts(answer: Answer) -> SideCounts:
    """What the harness has answered."""
    if isinstance(answer, HarnessDiedError):
        return SideCounts(counts=None, reason=str(answer))
    if answer.get("outcome") != "counted":
        return SideCounts(counts=None, reason=str(answer.get("reason", "")) or "not counted")
    try:
        counts = convert_counts(answer.get("counts"))
    except msgspec.ValidationError as error:
        return SideCounts(counts=None, reason=f"the harness's counts cannot be read: {error}")
    return SideCounts(
        counts=counts,
        benchmark=str(answer.get("benchmark", "")),
        waiting=bool(answer.get("waiting")),
    )

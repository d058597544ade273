"""Steps that the series of one machine share: the machine's doing, taken out before judging.

The common course is the median over the series, position by position. Only its steps are taken
out, and only those that most series take: dividing by the course itself would add its noise to
quiet series. Each series is corrected by the median step of the *others*, so its own step stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import policy
from tracker.detect.density import middle
from tracker.detect.policy import Policy
from tracker.detect.steps import find
from tracker.model import EnvironmentShift, Floats, Series

type Correction = dict[str, Floats]
_SEEN = 101  # series that the common course is taken from; more make it no clearer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One shared step: its position, its size on the log scale, who took it."""

    position: int
    size: float
    affected: int
    sizes: dict[str, float]


def common_shifts(
    series: Sequence[Series], project: str, chosen: Policy
) -> tuple[list[EnvironmentShift], Correction]:
    """Return the machines' shifts, and the factor by which each series' values are divided.

    Series of one machine, environment and metric go together: a machine that slows down moves
    times up, rates down, and memory not at all. Series of other libraries than *project* are
    the controls when there are any; else all series are.
    """
    groups: dict[tuple[str, str, str, str], list[Series]] = defaultdict(list)
    for one in series:
        key = (one.key.machine, one.key.environment, one.metric.name, one.metric.unit)
        groups[key].append(one)
    shifts: list[EnvironmentShift] = []
    correction: Correction = {}
    for (machine, environment, _, _), members in groups.items():
        controls = _controls(members, project)
        if len(controls) < chosen.min_controls:
            continue
        steps = _shared_steps(controls, chosen)
        if not steps:
            continue
        _correct(members, steps, correction)
        shifts += [
            EnvironmentShift(
                machine=machine,
                environment=environment,
                position=step.position,
                ratio=float(np.exp(step.size)),
                series_affected=step.affected,
            )
            for step in steps
        ]
    return _once_each(shifts), correction


def _controls(members: list[Series], project: str) -> list[Series]:
    positive = [s for s in members if s.values.size and not (s.values <= 0).any()]
    return other_libraries(positive, project) or positive


def other_libraries(series: Iterable[Series], project: str) -> list[Series]:
    """Return the series of pinned libraries beside the tracked one; none when that is not there."""
    named = [s for s in series if s.library]
    others = [s for s in named if s.library != project]
    return others if len(others) < len(named) else []


def _shared_steps(controls: list[Series], chosen: Policy) -> list[_Step]:
    course, positions = _common_course(controls, chosen.min_controls)
    if positions.size < policy.MIN_POINTS:
        return []
    no_samples = np.zeros(positions.size + 1, dtype=np.int64)
    changes = find(np.exp(course), np.empty(0), no_samples).changes
    bounds = [-1, *(int(positions[c.index]) for c in changes), int(positions[-1]) + 1]
    steps = []
    for i, change in enumerate(changes):
        sizes = {
            s.id: size
            for s in controls
            if (size := _size(s, bounds[i], bounds[i + 1], bounds[i + 2])) is not None
        }
        if len(sizes) < chosen.min_controls:
            continue
        found = np.array(list(sizes.values()))
        common = middle(found)
        near = np.abs(found - common) <= max(
            abs(common) / 2, float(np.log(change.ratio_high / change.ratio_low))
        )
        if near.mean() >= chosen.shift_share and abs(common) >= chosen.least_shift:
            steps.append(
                _Step(
                    position=bounds[i + 1],
                    size=common,
                    affected=int(near.sum()),
                    sizes=sizes,
                )
            )
    return steps


def _common_course(controls: list[Series], least: int) -> tuple[Floats, Floats]:
    """Return the median log course of the controls, and the positions that have one."""
    stride = max(1, len(controls) // _SEEN)
    seen = controls[::stride]
    # Not np.unique: it loads numpy.ma, which takes longer than all that is done here.
    positions = np.sort(np.concatenate([s.positions for s in seen]))
    positions = positions[np.diff(positions, prepend=-1) > 0]
    table = np.full((len(seen), positions.size), np.nan)
    for row, one in zip(table, seen, strict=True):
        with np.errstate(invalid="ignore"):
            logs = np.log(one.values)
        logs[~np.isfinite(logs)] = np.nan
        finite = logs[np.isfinite(logs)]
        if finite.size:
            row[np.searchsorted(positions, one.positions)] = logs - middle(finite)
    table.sort(axis=0)  # NaN last
    counts = np.isfinite(table).sum(axis=0)
    enough = counts >= min(least, len(seen))
    columns = np.flatnonzero(enough)
    low, high = (counts[columns] - 1) // 2, counts[columns] // 2
    course: Floats = (table[low, columns] + table[high, columns]) / 2
    return course, positions[columns]


def _size(one: Series, start: int, position: int, end: int) -> float | None:
    """Step of *one* at *position*, from medians between the neighbouring shifts."""
    edges = np.searchsorted(one.positions, (start, position, end))
    sides = []
    for first, last in (
        (max(edges[0], edges[1] - policy.REACH), edges[1]),
        (edges[1], min(edges[2], edges[1] + policy.REACH)),
    ):
        part = one.values[first:last]
        part = part[np.isfinite(part)]
        if not part.size or part.min() <= 0:
            return None
        sides.append(float(np.log(middle(part))))
    return sides[1] - sides[0]


def _correct(members: Iterable[Series], steps: list[_Step], correction: Correction) -> None:
    """Set the factors of *members*; the newest stretch keeps its values."""
    for one in members:
        if (one.values <= 0).any():
            continue
        logs = np.zeros(one.positions.size)
        for step in steps:
            others = [size for name, size in step.sizes.items() if name != one.id]
            logs[one.positions < step.position] -= middle(np.array(others))
        correction[one.id] = np.exp(logs)


def _once_each(shifts: list[EnvironmentShift]) -> list[EnvironmentShift]:
    """Keep of the shifts of one machine at about one position the one that most series show."""
    kept: list[EnvironmentShift] = []
    for shift in sorted(shifts, key=lambda s: (-s.series_affected, s.machine, s.position)):
        if not any(
            (shift.machine, shift.environment) == (k.machine, k.environment)
            and abs(shift.position - k.position) <= policy.PLACE_MARGIN
            for k in kept
        ):
            kept.append(shift)
    return sorted(kept, key=lambda s: (s.machine, s.environment, s.position))

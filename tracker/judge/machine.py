"""Steps that the series of one machine share: the machine's doing, taken out before judging.

Each benchmark (of each library) is one witness, however many parameters it has: they run the same
code. The common course is the median over the witnesses, position by position. Only its steps are
taken out, and only those that most witnesses take: dividing by the course itself would add its
noise to quiet series. Each is corrected by the median step of the *others*, so its own step stays.
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
type Witness = tuple[str, str]  # benchmark and library
_SEEN = 101  # series that the common course is taken from; more make it no clearer
_SCATTER = 3 * 1.4826  # three standard deviations, in median absolute deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One shared step.

    Attributes:
        size: on the log scale; *sizes* are those of each witness.
        share: of the witnesses that take it: their size is near, within half of it or as the sizes
            scatter.
        affected: series that take it.
    """

    position: int
    size: float
    sizes: dict[Witness, float]
    share: float
    affected: int


def common_shifts(
    series: Sequence[Series], project: str, chosen: Policy
) -> tuple[list[EnvironmentShift], Correction]:
    """Return the machines' shifts, and the factor by which each series' values are divided.

    Series of one machine, environment and metric go together: a machine that slows down moves
    times up, rates down, and memory not at all. Series of other libraries than *project* are
    the controls when there are any. Else all series are; since their own code changes from commit
    to commit, nearly all of them must then take a step together.
    """
    groups: dict[tuple[str, str, str, str], list[Series]] = defaultdict(list)
    for one in series:
        key = (one.key.machine, one.key.environment, one.metric.name, one.metric.unit)
        groups[key].append(one)
    shifts: list[EnvironmentShift] = []
    correction: Correction = {}
    for (machine, environment, _, _), members in groups.items():
        positive = [s for s in members if s.values.size and not (s.values <= 0).any()]
        if controls := other_libraries(positive, project):
            steps = _shared_steps(controls, chosen, chosen.shift_share)
        else:
            steps = _shared_steps(positive, chosen, chosen.own_shift_share)
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


def other_libraries(series: Iterable[Series], project: str) -> list[Series]:
    """Return the series of pinned libraries beside the tracked one; none when that is not there."""
    named = [s for s in series if s.library]
    others = [s for s in named if s.library != project]
    return others if len(others) < len(named) else []


def _witness(one: Series) -> Witness:
    return one.key.benchmark, one.library


def _shared_steps(controls: list[Series], chosen: Policy, share: float) -> list[_Step]:
    """Return the steps that at least *share* of the witnesses of *controls* take."""
    if len(set(map(_witness, controls))) < chosen.min_controls:
        return []
    course, positions = _common_course(controls, chosen.min_controls)
    if positions.size < policy.MIN_POINTS:
        return []
    no_samples = np.zeros(positions.size + 1, dtype=np.int64)
    changes = find(np.exp(course), np.empty(0), no_samples).changes
    bounds = [-1, *(int(positions[c.index]) for c in changes), int(positions[-1]) + 1]
    steps = (_step(controls, *x) for x in zip(bounds, bounds[1:], bounds[2:], strict=False))
    return [
        step
        for step in steps
        if len(step.sizes) >= chosen.min_controls
        and step.share >= share
        and abs(step.size) >= chosen.least_shift
    ]


def _step(controls: list[Series], start: int, position: int, end: int) -> _Step:
    """Return the step of *controls* at *position*, between those at *start* and *end*."""
    by_witness: dict[Witness, list[float]] = defaultdict(list)
    for one in controls:
        if (size := _size(one, start, position, end)) is not None:
            by_witness[_witness(one)].append(size)
    sizes = {witness: middle(np.array(own)) for witness, own in by_witness.items()}
    found = np.array(list(sizes.values()) or [0.0])
    common = middle(found)
    away = np.abs(found - common)
    reach = max(abs(common) / 2, _SCATTER * middle(away))
    return _Step(
        position=position,
        size=common,
        sizes=sizes,
        share=float((away <= reach).mean()),
        affected=sum(abs(size - common) <= reach for own in by_witness.values() for size in own),
    )


def _common_course(controls: list[Series], least: int) -> tuple[Floats, Floats]:
    """Return the median log course of the witnesses, and the positions that *least* have."""
    seen = controls[:: max(1, len(controls) // _SEEN)]
    # Not np.unique: it loads numpy.ma, which takes longer than all that is done here.
    positions = np.sort(np.concatenate([s.positions for s in seen]))
    positions = positions[np.diff(positions, prepend=-1) > 0]
    by_witness: dict[Witness, list[Floats]] = defaultdict(list)
    for one in seen:
        by_witness[_witness(one)].append(_course(one, positions))
    courses = np.stack([_column_medians(np.stack(own)) for own in by_witness.values()])
    enough = np.isfinite(courses).sum(axis=0) >= min(least, len(courses))
    return _column_medians(courses[:, enough]), positions[enough]


def _course(one: Series, positions: Floats) -> Floats:
    """Return the logarithms of *one* less their median at *positions*, NaN where it has none."""
    with np.errstate(invalid="ignore"):
        logs = np.log(one.values)
    logs[~np.isfinite(logs)] = np.nan
    course = np.full(positions.size, np.nan)
    finite = logs[np.isfinite(logs)]
    if finite.size:
        course[np.searchsorted(positions, one.positions)] = logs - middle(finite)
    return course


def _column_medians(table: Floats) -> Floats:
    """Medians of what is not NaN in each column, NaN where nothing is; np.nanmedian is slow."""
    ordered = np.sort(table, axis=0)  # NaN last
    counts = np.isfinite(ordered).sum(axis=0)
    columns = np.arange(counts.size)
    low, high = np.maximum(counts - 1, 0) // 2, np.minimum(counts // 2, len(table) - 1)
    medians: Floats = (ordered[low, columns] + ordered[high, columns]) / 2
    return medians


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
            others = [size for witness, size in step.sizes.items() if witness != _witness(one)]
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

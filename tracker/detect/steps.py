"""Change points of one series, from floats to `Change` records."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import (
    candidates,
    density,
    drift,
    evidence,
    noise,
    placement,
    point_estimates,
    policy,
    wandering_level,
)
from tracker.detect.change_records import Step, make_changes
from tracker.detect.fits import Fits
from tracker.detect.noise import Noise
from tracker.model import Change, Floats, Ints

_BLOCK = 16_384  # points judged side by side: more save little time and cost memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What one series holds.

    Attributes:
        changes: in order of their index.
        ramps: stretches of drift; indices of the series as given.
        noise: relative scale of one point's noise (absolute when the scale is linear), NaN
            when there are too few points.
        correlation: of neighbouring points.
        points: measured points.
    """

    changes: tuple[Change, ...]
    ramps: tuple[drift.Ramp, ...]
    noise: float
    correlation: float
    points: int


def find_changes(
    values: Sequence[float] | Floats,
    samples: Sequence[Sequence[float]] | None = None,
) -> list[Change]:
    """Return the change points of one series in order of their index.

    Args:
        values: shape (n,); one value per commit in order, NaN where nothing was measured.
            Infinite values count as not measured.
        samples: the repeats of each commit, or None when they were not kept. They are used
            only when every measured commit has at least MIN_REPEATS of them.
    """
    y = np.asarray(values, dtype=np.float64)
    return list(find(y, *point_estimates.flatten(samples, y.size)).changes)


def find(values: Floats, samples: Floats, offsets: Ints) -> Detection:
    """Return what one series holds; `samples` is flat, as in `tracker.model.Series`."""
    return find_all([(values, samples, offsets)])[0]


def find_all(series: Iterable[tuple[Floats, Floats, Ints]]) -> list[Detection]:
    """Return what each of *series* holds: as `find` does, for many in less time.

    Series with equally many points are the rows of one array, as far as the same is asked of all;
    and where each needs its own, one step is done for all of them before the next.
    """
    detections: dict[int, Detection] = {}
    same_size: defaultdict[int, dict[int, point_estimates.Points]] = defaultdict(dict)
    for i, (values, samples, offsets) in enumerate(series):
        kept = np.flatnonzero(np.isfinite(values))
        if kept.size < policy.MIN_POINTS:
            detections[i] = Detection(
                changes=(), ramps=(), noise=math.nan, correlation=0.0, points=kept.size
            )
            continue
        located = point_estimates.points_of(values, samples, offsets, kept)
        waiting = same_size[located.x.size]
        waiting[i] = located
        if len(waiting) * located.x.size >= _BLOCK:
            detections |= _find_block(waiting)
            waiting.clear()
    for waiting in filter(None, same_size.values()):
        detections |= _find_block(waiting)
    return [detections[i] for i in sorted(detections)]


def _find_block(block: Mapping[int, point_estimates.Points]) -> dict[int, Detection]:
    """Return what series of equally many points hold, by the same numbers."""
    measured = noise.measure(np.stack([one.x for one in block.values()]))
    levels = dict(zip(block, measured, strict=True))
    moving = [i for i, level in levels.items() if level.scale > policy.ROUNDING]
    results = _search([block[i].x for i in moving], [levels[i] for i in moving]) if moving else []
    searched = dict(zip(moving, results, strict=True))
    return {i: _found(one, levels[i], *searched.get(i, ([], []))) for i, one in block.items()}


def _found(
    one: point_estimates.Points, level: Noise, steps: list[Step], ramps: list[drift.Ramp]
) -> Detection:
    index = one.kept[one.used] if ramps else one.kept
    return Detection(
        changes=make_changes(one, level, steps) if steps else (),
        ramps=tuple(
            drift.Ramp(start=int(index[r.start]), end=int(index[r.end - 1]) + 1, rise=r.rise)
            for r in ramps
        ),
        noise=level.scale,
        correlation=level.correlation,
        points=one.kept.size,
    )


def _search(
    rows: Sequence[Floats], levels: Sequence[Noise]
) -> Iterator[tuple[list[Step], list[drift.Ramp]]]:
    """Candidates, then elimination, then each against other stories, and placement."""
    clipped = candidates.clip(np.stack(rows), levels)
    cuts = candidates.find(clipped, levels)
    for x, found, level, calm in zip(rows, cuts, levels, clipped, strict=True):
        fits = Fits(x, level)
        kept = _eliminate(fits, found)
        yield _weigh(fits, kept, calm) if kept else ([], [])


def _weigh(fits: Fits, cuts: list[int], clipped: Floats) -> tuple[list[Step], list[drift.Ramp]]:
    """Leave out the cuts that a wandering level or a ramp would explain, and place the others."""
    x, level, fit = fits.x, fits.level, fits.around(cuts)
    rest = fit.rest
    information, scores = fit.shape.scores(rest)
    if information >= policy.SHARP and x.size >= policy.SHARP_POINTS:
        calm, unit = x - rest + scores / information * level.scale, level.sharpened(information)
    else:
        calm, unit = clipped, level
    steps, ramps = drift.split(calm, _no_wandering(calm, cuts), unit)
    return _place(fits, steps) if steps else [], ramps


def _no_wandering(calm: Floats, cuts: list[int]) -> list[int]:
    """Leave out the cuts that a wandering level would explain."""
    edges = [0, *cuts, calm.size]
    kept: list[int] = []
    for start, cut, end in zip(edges[:-2], cuts, edges[2:], strict=True):
        first, last = max(start, cut - policy.REACH), min(end, cut + policy.REACH)
        if wandering_level.log_odds(calm[first:last], cut - first) > policy.WANDER_LOG_ODDS:
            kept.append(cut)
    return kept


def _place(fits: Fits, cuts: list[int]) -> list[Step]:
    """Place each change anew; those that could be anywhere, or now look weak, are left out."""
    x, fit = fits.x, fits.around(cuts)
    edges = [0, *cuts, x.size]
    placed: list[placement.Place] = []
    for i in range(1, len(edges) - 1):
        place = placement.place_change(x, (edges[i - 1], edges[i], edges[i + 1]), fit.news)
        if place.probability >= policy.MIN_PLACE_PROBABILITY:
            edges[i] = place.cut
            placed.append(place)
    p_values = _drop_weak(fits, [p.cut for p in placed], fit.shape)
    return [Step(place=p, p_value=p_values[p.cut]) for p in placed if p.cut in p_values]


def _evidence(fits: Fits, bounds: list[int], shape: density.Density) -> float:
    start, cut, end = bounds
    first, last = max(start, cut - policy.REACH), min(end, cut + policy.REACH)
    return evidence.p_value(fits.x[first:last], cut - first, fits.level, shape)


def _eliminate(fits: Fits, cuts: list[int]) -> list[int]:
    """Drop the weakest change until all that remain are beyond doubt.

    Each round learns the noise density from what remains and moves the changes to their
    likeliest places; within a round only the neighbours of a dropped change are judged anew.
    """
    for _ in range(policy.ROUNDS):
        if not cuts:
            break
        fit = fits.around(cuts)
        cuts = _relocate(fits.x, cuts, fit.news)
        kept = list(_drop_weak(fits, cuts, fit.shape))
        if len(kept) == len(cuts):
            break
        cuts = kept
    return cuts


def _relocate(x: Floats, cuts: list[int], news: placement.Innovations) -> list[int]:
    edges = [0, *cuts, x.size]
    for i in range(1, len(edges) - 1):
        edges[i] = placement.likeliest(x, (edges[i - 1], edges[i], edges[i + 1]), news)
    return edges[1:-1]


def _drop_weak(fits: Fits, cuts: list[int], shape: density.Density) -> dict[int, float]:
    """Return the cuts that stay, ascending, each with its p-value given the others."""
    n = fits.x.size
    edges = [0, *cuts, n]
    p_values: dict[int, float] = {}

    def doubt(i: int) -> float:
        """How far the p-value of edge *i* is above its limit; above 1 it must go."""
        start, cut, end = edges[i - 1 : i + 2]
        most = evidence.limit(cut - start, end - cut, n, first=start == 0, last=end == n)
        if most <= 0:
            return math.inf
        p_values[cut] = _evidence(fits, [start, cut, end], shape)
        return p_values[cut] / most

    doubts = [-math.inf, *(doubt(i) for i in range(1, len(edges) - 1)), -math.inf]
    while len(edges) > 2:  # noqa: PLR2004 - both ends
        worst = max(range(len(doubts)), key=doubts.__getitem__)
        if doubts[worst] <= 1:
            break
        del edges[worst], doubts[worst]
        for i in (worst - 1, worst):
            if 0 < i < len(edges) - 1:
                doubts[i] = doubt(i)
    return {cut: p_values[cut] for cut in edges[1:-1]}

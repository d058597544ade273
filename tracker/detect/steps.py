"""Change points of one series, from floats to `Change` records."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import (
    candidates,
    density,
    drift,
    evidence,
    noise,
    placement,
    points,
    policy,
    wander,
)
from tracker.detect.noise import Noise
from tracker.detect.records import Judged, Step
from tracker.model import Change, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
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
    return list(find(y, *points.flatten(samples, y.size)).changes)


def find(values: Floats, samples: Floats, offsets: Ints) -> Found:
    """Return what one series holds; `samples` is flat, as in `tracker.model.Series`."""
    kept = np.flatnonzero(np.isfinite(values))
    if kept.size < policy.MIN_POINTS:
        return Found(changes=(), ramps=(), noise=math.nan, correlation=0.0, points=kept.size)
    z, noisy, unit = points.locate(values, samples, offsets, kept)
    used = np.flatnonzero(~noisy)
    x = z if used.size == z.size else z[used]
    level = noise.measure(x)
    steps: list[Step] = []
    ramps: list[drift.Ramp] = []
    if level.scale > policy.LEAST_SCALE:
        steps, ramps = _search(x, level)
    judged = Judged(values=values, kept=kept, z=z, used=used, noise=level, unit=unit)
    return Found(
        changes=judged.changes(steps) if steps else (),
        ramps=tuple(
            drift.Ramp(
                start=int(kept[used[r.start]]), end=int(kept[used[r.end - 1]]) + 1, rise=r.rise
            )
            for r in ramps
        ),
        noise=level.scale,
        correlation=level.correlation,
        points=kept.size,
    )


def p_values_at(values: Floats, samples: Floats, offsets: Ints, cuts: list[int]) -> list[float]:
    """Return the p-value of a change at each of *cuts*, indices of *values*, given the others."""
    kept = np.flatnonzero(np.isfinite(values))
    z, noisy, _ = points.locate(values, samples, offsets, kept)
    used = np.flatnonzero(~noisy)
    x = z[used]
    level = noise.measure(x)
    inner = sorted(set(np.searchsorted(kept[used], cuts).tolist()) - {0, x.size})
    if level.scale <= policy.LEAST_SCALE:
        return [1.0] * len(cuts)
    shape = density.learn(density.residuals(x, inner), level.scale)
    edges = [0, *inner, x.size]
    known = {c: _evidence(x, edges[i : i + 3], level, shape) for i, c in enumerate(inner)}
    return [known.get(int(c), 1.0) for c in np.searchsorted(kept[used], cuts)]


def _search(x: Floats, level: Noise) -> tuple[list[Step], list[drift.Ramp]]:
    """Candidates, then elimination, drift check and placement."""
    clipped = candidates.clip(x, level)
    cuts = _eliminate(x, candidates.find(clipped, level), level)
    cuts, ramps = drift.split(clipped, _no_wandering(clipped, cuts), level)
    return _place(x, cuts, level) if cuts else [], ramps


def _no_wandering(clipped: Floats, cuts: list[int]) -> list[int]:
    """Leave out the cuts that a wandering level would explain."""
    edges = [0, *cuts, clipped.size]
    kept: list[int] = []
    for start, cut, end in zip(edges[:-2], cuts, edges[2:], strict=True):
        first, last = max(start, cut - policy.REACH), min(end, cut + policy.REACH)
        if wander.log_odds(clipped[first:last], cut - first) > policy.WANDER_LOG_ODDS:
            kept.append(cut)
    return kept


def _place(x: Floats, cuts: list[int], level: Noise) -> list[Step]:
    """Place each change anew; those that could be anywhere, or now look weak, are left out."""
    rest = density.residuals(x, cuts)
    shape, news = density.learn(rest, level.scale), placement.Innovations.learn(rest, level)
    edges = [0, *cuts, x.size]
    placed: list[placement.Place] = []
    for i in range(1, len(edges) - 1):
        place = placement.locate(x, (edges[i - 1], edges[i], edges[i + 1]), news)
        if place.probability >= policy.MIN_PLACE_PROBABILITY:
            edges[i] = place.cut
            placed.append(place)
    p_values = _drop_weak(x, [p.cut for p in placed], level, shape)
    return [Step(place=p, p_value=p_values[p.cut]) for p in placed if p.cut in p_values]


def _evidence(x: Floats, bounds: list[int], level: Noise, shape: density.Density) -> float:
    start, cut, end = bounds
    before = x[max(start, cut - policy.REACH) : cut]
    return evidence.p_value(before, x[cut : min(end, cut + policy.REACH)], level, shape)


def _eliminate(x: Floats, cuts: list[int], level: Noise) -> list[int]:
    """Drop the weakest change until all that remain are beyond doubt.

    Each round learns the noise density from what remains and moves the changes to their
    likeliest places; within a round only the neighbours of a dropped change are judged anew.
    """
    for _ in range(policy.ROUNDS):
        if not cuts:
            break
        rest = density.residuals(x, cuts)
        shape = density.learn(rest, level.scale)
        cuts = _relocate(x, cuts, placement.Innovations.learn(rest, level))
        kept = list(_drop_weak(x, cuts, level, shape))
        if len(kept) == len(cuts):
            break
        cuts = kept
    return cuts


def _relocate(x: Floats, cuts: list[int], news: placement.Innovations) -> list[int]:
    edges = [0, *cuts, x.size]
    for i in range(1, len(edges) - 1):
        edges[i] = placement.likeliest(x, (edges[i - 1], edges[i], edges[i + 1]), news)
    return edges[1:-1]


def _drop_weak(
    x: Floats, cuts: list[int], level: Noise, shape: density.Density
) -> dict[int, float]:
    """Return the cuts that stay, ascending, each with its p-value given the others."""
    n = x.size
    edges = [0, *cuts, n]
    p_values: dict[int, float] = {}

    def doubt(i: int) -> float:
        """How far the p-value of edge *i* is above its limit; above 1 it must go."""
        start, cut, end = edges[i - 1 : i + 2]
        most = evidence.limit(cut - start, end - cut, n, first=start == 0, last=end == n)
        if most <= 0:
            return math.inf
        p_values[cut] = _evidence(x, [start, cut, end], level, shape)
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

"""Places worth a closer look: a scan with windows of many lengths, then an optimal partition.

The scan compares the means of neighbouring windows (MOSUM at many bandwidths: Eichinger & Kirch
2018, doi:10.3150/16-BEJ887; Cho & Kirch 2022, doi:10.1007/s10463-021-00811-5). It is linear in n.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tracker.detect import policy
from tracker.detect.noise import Noise
from tracker.detect.point_estimates import prefix_sums, running_median
from tracker.model import Floats, Ints

# Short windows on one side catch what is new, or undone, beside a long level. Length: partner.
_UNEQUAL = {13: 3, 34: 3}
_BLOCK = 16  # edges at once: fewer, larger steps, and memory linear in their number


def clip(x: Floats, noises: Sequence[Noise]) -> Floats:
    """Pull single far points back to their neighbourhood; levels stay where they are.

    Args:
        x: shape (k, n), a series in each row.
        noises: of each row.
    """
    middle = running_median(x, policy.CLIP_WINDOW)
    reach = np.array([policy.CLIP_REACH * noise.scale for noise in noises])[:, None]
    clipped: Floats = np.minimum(np.maximum(x, middle - reach), middle + reach)
    return clipped


def find(clipped: Floats, noises: Sequence[Noise]) -> list[list[int]]:
    """Return the cuts of the best partition of each row, ascending; 0 and n are not among them."""
    scales = [noise.scale * math.sqrt(min(noise.inflation, 2.0)) for noise in noises]
    return partition(clipped, scan(clipped, scales), scales)


def scan(x: Floats, scales: Sequence[float]) -> list[Ints]:
    """Return the places of each row, ascending, where two neighbouring windows differ most."""
    n, sums = x.shape[1], prefix_sums(x)
    strength = np.zeros_like(sums)
    units = np.array(scales)[:, None]
    means: dict[int, Floats] = {}
    for width in policy.SCAN_WINDOWS:
        if 2 * width > n and width != policy.SCAN_WINDOWS[0]:
            break
        means[width] = (sums[:, width:] - sums[:, :-width]) / width
        _scan_once(means, width, width, units, strength)
        if width in _UNEQUAL:
            _scan_once(means, width, _UNEQUAL[width], units, strength)
            _scan_once(means, _UNEQUAL[width], width, units, strength)
    return [_strongest(row) for row in strength]


def _scan_once(
    means: dict[int, Floats], left: int, right: int, units: Floats, strength: Floats
) -> None:
    """Raise *strength* at the local peaks of one scan above the threshold.

    *means* holds, by width, the mean of that many points from each point on.
    """
    places = strength.shape[1] - left - right
    if places <= 0:
        return
    t = means[right][:, left:] - means[left][:, :places]
    np.abs(t, out=t)
    t /= units * math.sqrt(1 / left + 1 / right)
    strong = (np.maximum.reduce(t, axis=1) > policy.SCAN_THRESHOLD).nonzero()[0]
    if not strong.size:  # most windows see nothing in most series
        return
    t = t[strong]
    peak = _running_maximum(t, max(1, min(left, right) // 2))
    at = ((t >= peak) & (t > policy.SCAN_THRESHOLD)).nonzero()
    at_cut = strong[at[0]], at[1] + left
    strength[at_cut] = np.maximum(strength[at_cut], t[at])


def _running_maximum(t: Floats, radius: int) -> Floats:
    """Maximum over *radius* points on either side, for t >= 0; the window doubles in each turn."""
    k, n = t.shape
    window = 2 * radius + 1
    top = np.zeros((k, n + 2 * radius))
    top[:, radius : radius + n] = t
    span = 1
    while 2 * span <= window:
        top = np.maximum(top[:, :-span], top[:, span:])
        span *= 2
    rest = window - span
    found: Floats = np.maximum(top[:, :n], top[:, rest : rest + n])
    return found


def _strongest(strength: Floats) -> Ints:
    """Return the places of some strength, ascending: the strongest, if there are very many."""
    places = np.flatnonzero(strength)
    most = policy.CANDIDATES + (strength.size - 1) // policy.POINTS_PER_CANDIDATE
    if places.size > most:
        places = np.sort(places[np.argsort(-strength[places], kind="stable")[:most]])
    return places


def partition(x: Floats, places: Sequence[Ints], scales: Sequence[float]) -> list[list[int]]:
    """Return the cuts among each row's *places* with the least squared error.

    There is a penalty per segment. All rows are extended by one edge in each turn.
    """
    n = x.shape[1]
    penalty = policy.SEGMENT_PENALTY + policy.PENALTY_OF_LENGTH * math.log(n)
    edges = _edges(places, n)
    cost = np.full(edges.shape, np.inf)
    cost[:, 0] = 0.0
    back = np.zeros(edges.shape, dtype=np.int64)
    rows = np.arange(len(edges))
    for j, error in enumerate(_errors(x, edges, scales), start=1):
        total = cost[:, :j] + error[:, :j]
        total += penalty
        back[:, j] = best = total.argmin(axis=1)
        cost[:, j] = total[rows, best]
    return [
        _trace(row, way, len(own) + 1)
        for row, way, own in zip(edges.tolist(), back.tolist(), places, strict=True)
    ]


def _edges(places: Sequence[Ints], n: int) -> Ints:
    """Return 0, the places and n of each row; n again where a row has fewer places than others."""
    edges = np.full((len(places), max(map(len, places)) + 2), n)
    for row, own in zip(edges, places, strict=True):
        row[0] = 0
        row[1 : len(own) + 1] = own
    return edges


def _errors(x: Floats, edges: Ints, scales: Sequence[float]) -> Iterator[Floats]:
    """Give, for each edge but the first, the squared errors of each row's segments that end there.

    Entry i is of the segment from edge i on; infinite where that is too short, which the last
    segment may be.
    """
    sums, squares = (np.take_along_axis(prefix_sums(y), edges, axis=1) for y in (x, x * x))
    unit = np.array([scale * scale for scale in scales])[:, None, None]
    least = np.where(edges == x.shape[1], 1, policy.MIN_LEVEL)
    for start in range(1, edges.shape[1], _BLOCK):
        ends = np.s_[:, start : start + _BLOCK, None]
        length = edges[ends] - edges[:, None]
        level = (sums[ends] - sums[:, None]) ** 2 / np.maximum(length, 1)
        error = (squares[ends] - squares[:, None] - level) / unit
        error[length < least[ends]] = np.inf
        yield from error.swapaxes(0, 1)


def _trace(edges: list[int], back: list[int], last: int) -> list[int]:
    """Return the inner edges on the best way to edge number *last*, ascending."""
    cuts = []
    j = back[last]
    while j > 0:
        cuts.append(edges[j])
        j = back[j]
    return cuts[::-1]

"""Places worth a closer look: a scan with windows of many lengths, then an optimal partition.

The scan compares the means of neighbouring windows (MOSUM at many bandwidths: Eichinger & Kirch
2018, doi:10.3150/16-BEJ887; Cho & Kirch 2022, doi:10.1007/s10463-021-00811-5). It is linear in n.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tracker.detect import policy
from tracker.detect.noise import Noise
from tracker.detect.points import running_median
from tracker.model import Floats, Ints

# Short windows on one side catch what is new, or undone, beside a long level. Length: partner.
_UNEQUAL = {13: 3, 34: 3}
_FORBIDDEN = 1e9
_BLOCK = 64  # edges at once: fewer, larger steps, and memory linear in their number


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
    return [
        partition(x, places, scale) if places.size else []
        for x, places, scale in zip(clipped, scan(clipped, scales), scales, strict=True)
    ]


def scan(x: Floats, scales: Sequence[float]) -> list[Ints]:
    """Return the places of each row, ascending, where two neighbouring windows differ most."""
    k, n = x.shape
    sums = np.zeros((k, n + 1))
    np.cumsum(x, axis=1, out=sums[:, 1:])
    strength = np.zeros((k, n + 1))
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
    peak = _running_maximum(t, max(1, min(left, right) // 2))
    at = ((t >= peak) & (t > policy.SCAN_THRESHOLD)).nonzero()
    at_cut = at[0], at[1] + left
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


def partition(x: Floats, places: Ints, scale: float) -> list[int]:
    """Return the cuts among *places* with the least squared error plus a penalty per segment."""
    edges = np.concatenate(([0], places, [x.size]))
    # A segment to edge j that starts at edge `near[j]` or later is too short; the last may be.
    near = np.searchsorted(edges, edges - policy.MIN_LEVEL, side="right")
    near[-1] = edges.size
    cost = np.zeros(edges.size)
    back = [0] * edges.size
    forbidden = _FORBIDDEN * x.size
    starts = near.tolist()
    for j, error in enumerate(_errors(x, edges, scale), start=1):
        total = cost[:j] + error[:j]
        total += policy.SEGMENT_PENALTY
        total[starts[j] :] = forbidden
        back[j] = best = int(total.argmin())
        cost[j] = total[best]
    cuts = []
    j = back[-1]
    while j > 0:
        cuts.append(int(edges[j]))
        j = back[j]
    return cuts[::-1]


def _errors(x: Floats, edges: Ints, scale: float) -> Iterator[Floats]:
    """Give, for each edge but the first, the squared errors of the segments that end there.

    Entry i is of the segment from edge i on; those that do not start before they end mean nothing.
    """
    sums = np.concatenate(([0.0], np.cumsum(x)))[edges]
    squares = np.concatenate(([0.0], np.cumsum(x * x)))[edges]
    for start in range(1, edges.size, _BLOCK):
        ends = slice(start, start + _BLOCK)
        length = np.maximum(edges[ends, None] - edges, 1)
        error = squares[ends, None] - squares - (sums[ends, None] - sums) ** 2 / length
        yield from error / (scale * scale)

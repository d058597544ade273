"""Places worth a closer look: a scan with windows of many lengths, then an optimal partition.

The scan compares the means of neighbouring windows (MOSUM at many bandwidths: Eichinger & Kirch
2018, doi:10.3150/16-BEJ887; Cho & Kirch 2022, doi:10.1007/s10463-021-00811-5). It is linear in n.
"""

import math

import numpy as np

from tracker.detect import policy
from tracker.detect.noise import Noise
from tracker.detect.points import running_median
from tracker.model import Floats, Ints

# Short windows on one side catch what is new, or undone, beside a long level. Length: partner.
_UNEQUAL = {13: 3, 34: 3}
_FORBIDDEN = 1e9


def clip(x: Floats, noise: Noise) -> Floats:
    """Pull single far points back to their neighbourhood; levels stay where they are."""
    middle = running_median(x, policy.CLIP_WINDOW)
    reach = policy.CLIP_REACH * noise.scale
    clipped: Floats = np.minimum(np.maximum(x, middle - reach), middle + reach)
    return clipped


def find(clipped: Floats, noise: Noise) -> list[int]:
    """Return the cuts of the best partition, ascending; 0 and n are not among them."""
    inflation = min(noise.inflation, 2.0)
    scale = noise.scale * math.sqrt(inflation)
    places = scan(clipped, scale)
    return partition(clipped, places, scale) if places.size else []


def scan(x: Floats, scale: float) -> Ints:
    """Return the places, ascending, where two neighbouring windows differ most."""
    n = x.size
    sums = np.zeros(n + 1)
    np.cumsum(x, out=sums[1:])
    strength = np.zeros(n + 1)
    for width in policy.SCAN_WINDOWS:
        if 2 * width > n and width != policy.SCAN_WINDOWS[0]:
            break
        pairs = [(width, width)]
        if width in _UNEQUAL:
            pairs += [(width, _UNEQUAL[width]), (_UNEQUAL[width], width)]
        for left, right in pairs:
            _scan_once(sums, left, right, scale, strength)
    places = np.flatnonzero(strength)
    most = policy.CANDIDATES + n // policy.POINTS_PER_CANDIDATE
    if places.size > most:
        places = np.sort(places[np.argsort(-strength[places], kind="stable")[:most]])
    return places


def _scan_once(sums: Floats, left: int, right: int, scale: float, strength: Floats) -> None:
    """Raise *strength* at the local peaks of one scan above the threshold."""
    n = sums.size - 1
    if left + right > n:
        return
    middle = sums[left : n - right + 1]
    step = (sums[left + right :] - middle) / right - (middle - sums[: n - right - left + 1]) / left
    t = np.abs(step) / (scale * math.sqrt(1 / left + 1 / right))
    if t.max() <= policy.SCAN_THRESHOLD:
        return
    peak = _running_maximum(t, max(1, min(left, right) // 2))
    at = np.flatnonzero((t >= peak) & (t > policy.SCAN_THRESHOLD))
    strength[at + left] = np.maximum(strength[at + left], t[at])


def _running_maximum(t: Floats, radius: int) -> Floats:
    """Maximum over *radius* points on either side, for t >= 0; the window doubles in each turn."""
    window = 2 * radius + 1
    top = np.zeros(t.size + 2 * radius)
    top[radius : radius + t.size] = t
    span = 1
    while 2 * span <= window:
        top = np.maximum(top[:-span], top[span:])
        span *= 2
    rest = window - span
    found: Floats = np.maximum(top[: t.size], top[rest : rest + t.size])
    return found


def partition(x: Floats, places: Ints, scale: float) -> list[int]:
    """Return the cuts among *places* with the least squared error plus a penalty per segment."""
    n = x.size
    edges = np.concatenate(([0], places, [n]))
    sums = np.concatenate(([0.0], np.cumsum(x)))[edges]
    squares = np.concatenate(([0.0], np.cumsum(x * x)))[edges]
    cost = np.zeros(edges.size)
    back = np.zeros(edges.size, dtype=np.int64)
    for j in range(1, edges.size):
        length = edges[j] - edges[:j]
        error = squares[j] - squares[:j] - (sums[j] - sums[:j]) ** 2 / length
        total = cost[:j] + error / (scale * scale) + policy.SEGMENT_PENALTY
        if edges[j] < n:
            total[length < policy.MIN_LEVEL] = _FORBIDDEN * n
        back[j] = np.argmin(total)
        cost[j] = total[back[j]]
    cuts = []
    j = int(back[-1])
    while j > 0:
        cuts.append(int(edges[j]))
        j = int(back[j])
    return cuts[::-1]

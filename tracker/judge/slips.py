"""Whether what seems to have moved beside a place belongs there: an odd value moves an interval."""

import math
from collections.abc import Sequence

import numpy as np

from tracker.detect.density import middle
from tracker.judge import policy
from tracker.judge.candidates import Candidate
from tracker.judge.levels import Spread
from tracker.model import Series


def are_slips(
    beside: Sequence[Candidate], series: Sequence[Series], spreads: Sequence[Spread], exact: int
) -> bool:
    """Say whether all of *beside* may belong to a place that so many *exact* ones name."""
    sharp = sum(_is_sharp(series[one.series], spreads[one.series], one.index) for one in beside)
    return (
        _chance(len(beside), exact, policy.SLIPS) > policy.SLIPS_DOUBT
        and _chance(sharp, exact, policy.SHARP_SLIPS) > policy.SLIPS_DOUBT
    )


def _is_sharp(one: Series, spread: Spread, index: int) -> bool:
    """Say whether the last value before a step and the first after it are each at their level."""
    (known,) = np.isfinite(one.values).nonzero()
    cut = int(np.searchsorted(known, index))
    sides = known[max(0, cut - policy.NEAREST) : cut], known[cut : cut + policy.NEAREST]
    if not all(side.size for side in sides):
        return False
    before, after = (spread.on_scale(one.values[side]) for side in sides)
    old, new = middle(before), middle(after)
    size = abs(new - old)
    off = max(abs(before[-1] - old), abs(after[0] - new))
    return bool(size > policy.SHARP_STEP * spread.scale and off < policy.NEAR_LEVEL * size)


def _chance(slips: int, exact: int, share: float) -> float:
    """Return the chance that at least so many of all slip, when that *share* does: binomial."""
    n = slips + exact
    fewer = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        + k * math.log(share) + (n - k) * math.log1p(-share)
        for k in range(slips)
    )  # fmt: skip
    return 1.0 - sum(map(math.exp, fewer))

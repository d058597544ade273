"""What is left of a step beside the step that the controls show there, sure of itself or not.

Difference in differences: of the controls' own step that part is taken for real which is larger
than its noise (positive-part shrinkage, James & Stein 1961), and a series' step must be plain
beyond it. What controls hardly show takes next to nothing away.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detect import noise
from tracker.detect.density import middle
from tracker.detect.evidence import student_two_sided
from tracker.detect.policy import MAX_FREEDOM
from tracker.judge import policy
from tracker.judge.noise_priors import Prior
from tracker.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of a step.

    Attributes:
        p_value: that it is nothing.
        share: part of the step that the controls show for real, in 0..1.
    """

    p_value: float
    share: float

    @property
    def is_shared(self) -> bool:
        """Say whether the controls show most of it."""
        return self.share >= 0.5  # noqa: PLR2004 - most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    size: float
    variance: float
    freedom: int


def rest_of_step(
    logs: Floats, left: Floats, bounds: tuple[int, int, int], priors: Sequence[Prior]
) -> Rest | None:
    """Return what is left of the step of a series beside its controls; None if it is too short.

    Args:
        logs: of the series, without what is taken out of it, shape (n,); NaN where not measured.
        left: courses of controls, without the same, shape (k, n).
        bounds: first point of the level before, of the level after, and after that.
        priors: what is known of the noise of the series, and of each course.
    """
    ours = _step(logs, bounds, priors[0])
    if ours is None:
        return None
    most, variance, freedom = 0.0, ours.variance, ours.freedom
    for course, prior in zip(left, priors[1:], strict=True):
        theirs = _step(np.where(np.isfinite(logs), course, np.nan), bounds, prior)
        if theirs is None or theirs.size * ours.size <= 0:
            continue
        real = max(0.0, 1 - theirs.variance / theirs.size**2)
        if real * abs(theirs.size) > most:
            most = real * abs(theirs.size)
            variance = ours.variance + real**2 * theirs.variance
            freedom = min(ours.freedom, theirs.freedom)
    rest = max(0.0, abs(ours.size) - most)
    return Rest(
        p_value=student_two_sided(rest / math.sqrt(variance), freedom) if variance else 0.0,
        share=min(1.0, most / abs(ours.size)) if ours.size else 0.0,
    )


def _step(logs: Floats, bounds: tuple[int, int, int], prior: Prior) -> _Step | None:
    """Return the difference of two levels by their medians, None where one is too short."""
    start, cut, end = bounds
    sides = [logs[max(start, cut - policy.AROUND) : cut], logs[cut:end][: policy.AROUND]]
    before, after = (side[np.isfinite(side)] for side in sides)
    if min(before.size, after.size) < policy.SHORT_SIDE:
        return None
    around = np.abs(np.concatenate([np.diff(before), np.diff(after)]))
    own = np.array([float(noise.step_scale(around)) ** 2])
    freedom = before.size + after.size - 2
    variance, total = prior.moderate(own, np.array([float(freedom)]))
    return _Step(
        size=middle(after) - middle(before),
        variance=policy.MEDIAN_ERROR**2 * float(variance[0]) * (1 / before.size + 1 / after.size),
        freedom=max(1, min(MAX_FREEDOM, int(total[0]))),
    )

"""How loud a series is around a place, where that is louder than usual.

A machine that is busy for some commits makes them noisier; a scale of the whole series would take
what it does there for changes.
"""

import numpy as np

from tracker.detect.noise import step_scale
from tracker.judge import policy
from tracker.model import Floats, Ints


def scales_around(x: Floats, places: Ints) -> Floats:
    """Return the noise scale of the points around each place, whatever levels they are of.

    The louder of a near and a wide neighbourhood.

    Args:
        x: logarithms, shape (m, n), n >= 2.
        places: first points of levels, shape (k,).

    Returns:
        Shape (m, k).
    """
    differences = np.abs(np.diff(x, axis=1))
    scales = np.zeros((x.shape[0], places.size))
    for reach in (policy.NEAREST, policy.AROUND):
        width = min(2 * reach, differences.shape[1])
        windows = np.lib.stride_tricks.sliding_window_view(differences, width, axis=1)
        starts = np.clip(places - reach, 0, windows.shape[1] - 1)
        scales = np.maximum(scales, step_scale(windows[:, starts]))
    return scales


def scale_around(logs: Floats, place: int) -> float:
    """Return the same of one series and place; 0 of fewer than two points.

    Args:
        logs: shape (n,).
        place: index of the first point of a level.
    """
    scale = 0.0
    for reach in (policy.NEAREST, policy.AROUND):
        start = max(0, min(place - reach, logs.size - 1 - 2 * reach))
        near = logs[start : start + 2 * reach + 1]
        scale = max(scale, float(step_scale(np.abs(near[1:] - near[:-1]))))
    return scale

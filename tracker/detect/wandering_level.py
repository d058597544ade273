"""A step or a wandering level: noise that remembers looks like steps where there are none.

Both stories, noise with one level and noise with a step, are weighed for several strengths of
memory (first-order autoregressive) and averaged over them, each with the noise scale that suits
it best. So the memory is judged anew in the light of each story, which one number per series
cannot do: a step looks like memory, and memory like a step.
"""

import math

import numpy as np

from tracker.detect import policy
from tracker.model import Floats

_RHO = np.array(policy.WANDER_CORRELATIONS)
_KEEP, _KEEP_2 = 1 - _RHO, (1 - _RHO) ** 2
_FIRST_2 = 1 - _RHO**2
_FIRST = np.sqrt(_FIRST_2)
_LOG_FIRST = np.log(_FIRST)
_TINY = np.finfo(np.float64).tiny


def log_odds(x: Floats, cut: int) -> float:
    """Return the log of the Bayes factor of a step at *cut* against none.

    Args:
        x: shape (n,), outliers clipped; one level before and one after the cut.
        cut: first point after, in 1..n - 1.
    """
    n, after = x.size, x.size - cut - 1
    noise = _whitened(x - np.add.reduce(x) / n)
    # Without memory the level is _FIRST, then _KEEP; the step is 1 at the cut, then _KEEP.
    ll, ss, ls = _FIRST_2 + (n - 1) * _KEEP_2, 1 + after * _KEEP_2, _KEEP + after * _KEEP_2
    later = np.add.reduce(noise[:, cut + 1 :], axis=1)
    earlier = np.add.reduce(noise[:, 1:cut], axis=1)
    ln = _FIRST * noise[:, 0] + _KEEP * (earlier + noise[:, cut] + later)
    sn, nn = noise[:, cut] + _KEEP * later, np.einsum("ij,ij->i", noise, noise)
    tiny = float(nn.max()) * 1e-12 + _TINY
    without = np.maximum(nn - ln**2 / ll, tiny)
    explained = (sn - ls * ln / ll) ** 2 / np.maximum(ss - ls**2 / ll, tiny)
    having = np.maximum(without - explained, tiny)
    weight = _LOG_FIRST - np.log(ll) / 2
    unit = float(having.min())
    return _log_sum_exp(weight - (n - 2) / 2 * np.log(having / unit)) - _log_sum_exp(
        weight - (n - 1) / 2 * np.log(without / unit)
    )


def _whitened(y: Floats) -> Floats:
    """Return the series without memory, one row per strength of it."""
    noise = np.empty((_RHO.size, y.size))
    np.multiply(_RHO[:, None], y[:-1], out=noise[:, 1:])
    np.subtract(y[1:], noise[:, 1:], out=noise[:, 1:])
    noise[:, 0] = _FIRST * y[0]
    return noise


def _log_sum_exp(x: Floats) -> float:
    top = float(x.max())
    return top + math.log(float(np.exp(x - top).sum()))

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
_KEEP = 1 - _RHO[:, None]
_FIRST = np.sqrt(1 - _RHO**2)
_TINY = np.finfo(np.float64).tiny


def log_odds(x: Floats, cut: int) -> float:
    """Return the log of the Bayes factor of a step at *cut* against none.

    Args:
        x: shape (n,), outliers clipped; one level before and one after the cut.
        cut: first point after, in 1..n - 1.
    """
    n = x.size
    y = x - x.mean()
    noise, level, step = _whitened(y, cut)
    ll, ss, ls = _dot(level, level), _dot(step, step), _dot(level, step)
    ln, sn, nn = _dot(level, noise), _dot(step, noise), _dot(noise, noise)
    tiny = float(nn.max()) * 1e-12 + _TINY
    without = np.maximum(nn - ln**2 / ll, tiny)
    explained = (sn - ls * ln / ll) ** 2 / np.maximum(ss - ls**2 / ll, tiny)
    having = np.maximum(without - explained, tiny)
    weight = np.log(_FIRST) - np.log(ll) / 2
    unit = float(having.min())
    return _log_sum_exp(weight - (n - 2) / 2 * np.log(having / unit)) - _log_sum_exp(
        weight - (n - 1) / 2 * np.log(without / unit)
    )


def _whitened(y: Floats, cut: int) -> tuple[Floats, Floats, Floats]:
    """Return series, constant and step without memory, one row per strength of it."""
    shape = (_RHO.size, y.size)
    noise, level, step = np.empty(shape), np.empty(shape), np.zeros(shape)
    noise[:, 1:] = y[1:] - _RHO[:, None] * y[:-1]
    noise[:, 0] = _FIRST * y[0]
    level[:, 1:] = _KEEP
    level[:, 0] = _FIRST
    step[:, cut] = 1
    step[:, cut + 1 :] = _KEEP
    return noise, level, step


def _dot(a: Floats, b: Floats) -> Floats:
    product: Floats = np.einsum("ij,ij->i", a, b)
    return product


def _log_sum_exp(x: Floats) -> float:
    top = float(x.max())
    return top + math.log(float(np.exp(x - top).sum()))

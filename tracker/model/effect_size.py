"""How large a change is beside the noise: the order in which people are shown changes."""

import math

LEAST_NOISE = 1e-3
"""Of what does not vary at all: a change of it does not outrank everything without limit."""


def effect_over_noise(ratio: float | None, noise: float | None) -> float:
    """Return the size of a change in units of its noise, both on the logarithmic scale.

    Args:
        ratio: after over before; what has none (None, zero, negative, NaN) is not ordered by size.
        noise: relative, 0.02 is 2 %; None, NaN or less than nothing for unknown.

    >>> round(effect_over_noise(1.1, 0.1), 3), effect_over_noise(None, 0.1)
    (1.0, 0.0)
    """
    if ratio is None or not 0 < ratio < math.inf:
        return 0.0
    known = noise if noise is not None and noise > 0 else 0.0
    return abs(math.log(ratio)) / max(math.log1p(known), LEAST_NOISE)

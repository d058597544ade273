"""False discoveries over many rows, controlled whatever their dependence.

e-BH: Wang and Ramdas (2022), doi 10.1111/rssb.12489. Rows of one comparison come from the same
rounds and depend on each other in unknown ways; e-values need no assumption about that, and stay
valid when measuring stopped because of what was seen.
"""

import math
from collections.abc import Sequence


def discoveries(log_e_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """Return which rows are discovered; of these at most the share *alpha* is false on average.

    The k largest are discovered for the largest k whose k-th value is at least m / (k alpha).

    >>> discoveries([math.log(500), 0.0, math.log(30)], alpha=0.1)
    (True, False, True)
    """
    count = len(log_e_values)
    ranked = sorted(range(count), key=lambda i: -log_e_values[i])
    last = 0
    for rank, i in enumerate(ranked, start=1):
        if log_e_values[i] >= math.log(count / (rank * alpha)):
            last = rank
    chosen = set(ranked[:last])
    return tuple(i in chosen for i in range(count))

"""False discoveries over many series.

Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
"""

import numpy as np

from tracker.model import Floats


def discovery_cut(p_values: Floats, tests: int, rate: float) -> float:
    """Return the p-value up to which a finding is a discovery at *rate*, 0 when none is.

    Args:
        p_values: shape (k,), of what was found, in any order.
        tests: how many were made, k included; those not given count as p = 1.
        rate: share of false ones among the discoveries that is aimed at.
    """
    ordered = np.sort(p_values)
    cuts = rate * np.arange(1, ordered.size + 1) / max(tests, ordered.size, 1)
    return float(cuts[ordered <= cuts].max(initial=0.0))

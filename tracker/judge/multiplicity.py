"""False discoveries, over events first and then within them.

Events: the evidence at one place is that of Simes (1986, doi:10.1093/biomet/73.3.751) over all
series, which holds when they depend positively, and Benjamini & Hochberg (1995,
doi:10.1111/j.2517-6161.1995.tb02031.x) over all places. Series of an event that is one: Benjamini &
Hochberg once more, among them alone (hierarchical testing: Yekutieli 2008,
doi:10.1198/016214507000001373).
"""

import numpy as np

from tracker.model import Floats


def simes(p_values: Floats, tests: int) -> float:
    """Return the p-value of "none of *tests* hypotheses is wrong"; those not given count as 1."""
    ordered = np.sort(p_values)
    if not ordered.size:
        return 1.0
    return float(min(1.0, (ordered * tests / np.arange(1, ordered.size + 1)).min()))


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

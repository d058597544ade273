"""Whether a step is seen again between two commits that are measured beside each other."""

from collections.abc import Sequence

import numpy as np

from tracker.search.ends import Ends
from tracker.search.likelihood import Grid, table_of
from tracker.search.policy import SearchPolicy
from tracker.search.posterior import Posterior
from tracker.search.rounds import Round

# No single measurement proves anything.
FEWEST = 2


def seen_again(pairs: Sequence[Round], before: Posterior, grid: Grid, policy: SearchPolicy) -> Ends:
    """Say whether *pairs*, rounds of nothing but the two, show the step between them.

    The size of the step and the scale of the noise are as the other rounds have them. So the ratio
    of how well a step explains the pairs to how well none does is an e-value for either side: it
    reaches 1 / alpha wrongly with a probability of at most alpha (Ville 1939).

    Args:
        pairs: of the two commits only.
        before: what was believed without *pairs*.
        grid: sizes and scales of that belief.
        policy: how sure to be.
    """
    if len(pairs) < FEWEST:
        return Ends.OPEN
    likelihood = np.log(np.maximum(before.cells, np.finfo(float).tiny))
    step = np.logaddexp.reduce(likelihood + sum(table_of(p, grid).one[1] for p in pairs), axis=None)
    none = np.logaddexp.reduce(likelihood + sum(table_of(p, grid).one[2] for p in pairs), axis=None)
    enough = -np.log(policy.verify_alpha)
    if step - none >= enough:
        return Ends.DIFFER
    return Ends.ALIKE if none - step >= enough else Ends.OPEN

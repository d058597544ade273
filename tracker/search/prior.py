"""What speaks for one commit before anything is measured: recorded results, and what it touched.

None of it proves anything: a share of the probability is spread evenly, whatever speaks for one
commit, so that a few measurements outweigh the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.model import Floats
from tracker.search.policy import SearchPolicy

# A commit that touches nothing but these hardly ever moves a measurement.
_WORDS_ONLY = re.compile(
    r"(^|/)(docs?|tests?|examples?|\.github|changes|changelog\.d|newsfragments)/"
    r"|\.(md|rst|txt|adoc|png|svg|ipynb)$|(^|/)(LICENSE|AUTHORS|CODEOWNERS|\.gitignore)",
    re.IGNORECASE,
)
_DEPENDENCIES = re.compile(r"requirements[^/]*\.(txt|in)$|\.lock$", re.IGNORECASE)
WORDS_ONLY_WEIGHT = 0.1

# Recorded values say as much as this share of independent ones: they are of other days.
RECORDED_WORTH = 0.5
FEWEST_RECORDED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Values of the metric that were recorded earlier, of one machine and environment.

    Attributes:
        positions: ascending, 0 for the good end.
        values: logarithms where the metric has ratios.
    """

    positions: tuple[int, ...]
    values: tuple[float, ...]


def prior_of(
    files: Sequence[Sequence[str]], recorded: Sequence[Recorded], policy: SearchPolicy
) -> Floats:
    """Probability of each commit after the good end, shape (n,), never 0; sums to 1.

    Args:
        files: per commit the paths that it changed; empty where that is not known.
        recorded: earlier results.
        policy: what all commits have alike.
    """
    n = len(files)
    weights = np.array([_weight_of(paths) for paths in files])
    for each in recorded:
        weights = weights * _likelihood(each, n)
    chosen = weights / weights.sum()
    prior: Floats = policy.least_share / n + (1 - policy.least_share) * chosen
    return prior


def _weight_of(paths: Sequence[str]) -> float:
    idle = [_WORDS_ONLY.search(path) and not _DEPENDENCIES.search(path) for path in paths]
    return WORDS_ONLY_WEIGHT if paths and all(idle) else 1.0


def _likelihood(recorded: Recorded, n: int) -> Floats:
    """Shape (n,), at most 1: how well a step at each commit explains what was recorded.

    Residuals are absolute, not squared: single values of other days are often far off.
    """
    values, positions = np.array(recorded.values), np.array(recorded.positions)
    if len(values) < FEWEST_RECORDED:
        return np.ones(n)
    misfit = np.array(
        [_misfit(values[positions < c], values[positions >= c]) for c in range(1, n + 1)]
    )
    scale = max(float(misfit.min()) / len(values), 1e-6)
    likelihood: Floats = np.exp(-RECORDED_WORTH * (misfit - misfit.min()) / scale)
    return likelihood


def _misfit(*levels: Floats) -> float:
    return sum(float(np.abs(level - np.median(level)).sum()) for level in levels if level.size)

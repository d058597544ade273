"""How probable each explanation of the measurements is: one step at a commit, two, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.model import Floats, Ints
from tracker.search.evidence import evidence_of
from tracker.search.likelihood import SHARES, Grid
from tracker.search.policy import SearchPolicy
from tracker.search.rounds import Round

_TINY = 1e-300


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """What is believed after some rounds; all probabilities together are 1.

    Attributes:
        main: shape (n,): that commit i + 1 brought the whole step, or the larger one of two; of
            two of the same size each has half.
        first, second: shape (n,): that there are two steps, and that commit i + 1 brought the
            first or the second of them; each sums to `two`.
        none: that there is no step at all.
        cells: shape (SIZES, SCALES): of each size of the step and scale of the noise.
        step: mean size of the step, scale: mean scale of the noise; both in the values' unit.
    """

    main: Floats
    first: Floats
    second: Floats
    none: float
    cells: Floats
    step: float
    scale: float

    @property
    def two(self) -> float:
        """Probability of two steps."""
        return float(self.first.sum())


def posterior(
    rounds: Sequence[Round], prior: Floats, grid: Grid, policy: SearchPolicy
) -> Posterior:
    """Weigh all explanations.

    Commits between the same two neighbouring measured ones cannot be told apart by what was
    measured: they are weighed as one, and share its probability as the prior does.

    Args:
        rounds: everything measured, the ends' own rounds included.
        prior: shape (n,): of each commit after the good end; sums to 1.
        grid: sizes and scales.
        policy: probabilities of two steps and of none.
    """
    evidence = evidence_of(rounds, len(prior), grid)
    gaps = evidence.gaps
    mass = np.array([prior[first:last].sum() for first, last in gaps])
    pairs = np.triu_indices(len(gaps), 1)
    evidences = (evidence.one, evidence.two[:, *pairs], evidence.none)
    weights = _weights(mass, pairs, policy)
    total = [
        np.log(np.maximum(weight, _TINY))[..., None, None] + each + grid.log_prior
        for weight, each in zip(weights, evidences, strict=True)
    ]
    most = max(float(each.max()) for each in total if each.size)
    one, two, none = (np.exp(each - most) for each in total)
    whole = float(one.sum() + two.sum() + none.sum())
    cells = (one.sum(axis=0) + two.sum(axis=(0, 1)) + none) / whole
    main = one.sum(axis=(1, 2)) / whole
    first, second = np.zeros(len(gaps)), np.zeros(len(gaps))
    for share, each in zip(SHARES, two.sum(axis=(2, 3)) / whole, strict=True):
        early, late = (np.bincount(side, each, len(gaps)) for side in pairs)
        first += early
        second += late
        part = _part_of_first(share)
        main += part * early + (1 - part) * late
    return Posterior(
        main=_spread(main, gaps, prior, mass),
        first=_spread(first, gaps, prior, mass),
        second=_spread(second, gaps, prior, mass),
        none=float(none.sum()) / whole,
        cells=cells,
        step=float(cells.sum(axis=1) @ np.array(grid.sizes)),
        scale=float(cells.sum(axis=0) @ np.array(grid.scales)),
    )


type Pairs = tuple[Ints, Ints]
"""Numbers of the gaps of the first and of the second of two steps."""


def _weights(mass: Floats, pairs: Pairs, policy: SearchPolicy) -> tuple[Floats, Floats, Floats]:
    """Beforehand: of one step in each gap, of two (by share and pair), and of none."""
    first, second = pairs
    double = np.tile(mass[first] * mass[second], (len(SHARES), 1))
    double *= policy.two_steps / max(double.sum(), _TINY)
    single = (1 - policy.none - policy.two_steps * bool(len(first))) * mass
    return single, double, np.array(policy.none)


def _part_of_first(share: float) -> float:
    """1 where the first of two steps is the larger one, 0 where the second is, else half."""
    return 0.5 + 0.5 * float(np.sign(share - 0.5))


def _spread(each: Floats, gaps: Sequence[tuple[int, int]], prior: Floats, mass: Floats) -> Floats:
    """Share the probability of each gap among its commits as the prior does."""
    shared = np.zeros(len(prior))
    for probability, (first, last), total in zip(each, gaps, mass, strict=True):
        shared[first:last] = probability * prior[first:last] / total
    return shared

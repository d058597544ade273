"""How probable each explanation of the measurements is: one step at a commit, two, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from tracker.model import Floats
from tracker.search.likelihood import SHARES, Grid, log_likelihood
from tracker.search.policy import SearchPolicy
from tracker.search.rounds import Round


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """What is believed after some rounds; all probabilities together are 1.

    Attributes:
        one: shape (n,): that commit i + 1 brought the whole step.
        first, second: shape (n,): that there are two steps, and that commit i + 1 brought the
            first or the second of them; each sums to `two`.
        none: that there is no step at all.
        step: mean size of the step, scale: mean scale of the noise; both in the values' unit.
    """

    one: Floats
    first: Floats
    second: Floats
    none: float
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
    gaps = _gaps(rounds, len(prior))
    mass = np.array([prior[first:last].sum() for first, last in gaps])
    singles = [((cut, 1.0),) for _, cut in gaps]
    doubles = [
        ((one[1], share), (two[1], 1.0)) for one, two in combinations(gaps, 2) for share in SHARES
    ]
    pair_mass = np.array([a * b for a, b in combinations(mass, 2) for _ in SHARES])
    weights = np.concatenate(
        [
            (1 - policy.two_steps - policy.none) * mass,
            policy.two_steps * pair_mass / pair_mass.sum() if doubles else [],
            [policy.none],
        ]
    )
    tables = np.array([_evidence(rounds, steps, grid) for steps in (*singles, *doubles, ())])
    joint = np.log(np.maximum(weights, 1e-300))[:, None, None] + tables + grid.log_prior
    joint = np.exp(joint - joint.max())
    joint /= joint.sum()
    each = joint.sum(axis=(1, 2))
    first, second = np.zeros(len(mass)), np.zeros(len(mass))
    for probability, (a, b) in zip(
        each[len(gaps) : -1],
        (pair for pair in combinations(range(len(gaps)), 2) for _ in SHARES),
        strict=True,
    ):
        first[a] += probability
        second[b] += probability
    return Posterior(
        one=_spread(each[: len(gaps)], gaps, prior, mass),
        first=_spread(first, gaps, prior, mass),
        second=_spread(second, gaps, prior, mass),
        none=float(each[-1]),
        step=float(joint.sum(axis=(0, 2)) @ np.array(grid.sizes)),
        scale=float(joint.sum(axis=(0, 1)) @ np.array(grid.scales)),
    )


def _gaps(rounds: Sequence[Round], n: int) -> list[tuple[int, int]]:
    """(first, last): the commits first + 1 to last, measured at last and not in between."""
    measured = {position for each in rounds for position in each.positions}
    return list(pairwise(sorted({0, n} | measured)))


type Steps = tuple[tuple[int, float], ...]
"""Position to the share of the whole step that commits from there on have, ascending."""


def _evidence(rounds: Sequence[Round], steps: Steps, grid: Grid) -> Floats:
    """Shape (SIZES, SCALES): log likelihood of all rounds."""
    tables = [log_likelihood(each, _pattern(each, steps), grid) for each in rounds]
    total: Floats = np.sum(tables, axis=0)
    return total


def _pattern(measured: Round, steps: Steps) -> tuple[float, ...]:
    shares = []
    for position in measured.positions:
        reached = [share for place, share in steps if place <= position]
        shares.append(reached[-1] if reached else 0.0)
    return tuple(shares)


def _spread(
    each: Floats, gaps: Sequence[tuple[int, int]], prior: Floats, mass: Floats
) -> Floats:
    """Share the probability of each gap among its commits as the prior does."""
    shared = np.zeros(len(prior))
    for probability, (first, last), total in zip(each, gaps, mass, strict=True):
        shared[first:last] = probability * prior[first:last] / total
    return shared

"""How probable each explanation of the measurements is: one step at a commit, two, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from tracker.model import Floats
from tracker.search.likelihood import SHARES, Grid, Pattern, RoundTable, table_of
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
        step: mean size of the step, scale: mean scale of the noise; both in the values' unit.
    """

    main: Floats
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
    pairs = [(a, b, share) for a, b in combinations(range(len(gaps)), 2) for share in SHARES]
    single = (1 - policy.none - policy.two_steps * bool(pairs)) * mass
    double = np.array([mass[a] * mass[b] for a, b, _ in pairs])
    double *= policy.two_steps / max(double.sum(), _TINY)
    explanations: list[Steps] = [((last, 1.0),) for _, last in gaps]
    explanations += [((gaps[a][1], share), (gaps[b][1], 1.0)) for a, b, share in pairs]
    explanations.append(())
    weights = np.maximum(np.concatenate([single, double, [policy.none]]), _TINY)
    joint = np.log(weights)[:, None, None] + _evidence(rounds, explanations, grid) + grid.log_prior
    joint = np.exp(joint - joint.max())
    joint /= joint.sum()
    each = joint.sum(axis=(1, 2))
    first, second, main = (np.zeros(len(gaps)) for _ in range(3))
    main += each[: len(gaps)]
    for probability, (a, b, share) in zip(each[len(gaps) : -1], pairs, strict=True):
        first[a] += probability
        second[b] += probability
        part = _part_of_first(share)
        main[a] += part * probability
        main[b] += (1 - part) * probability
    return Posterior(
        main=_spread(main, gaps, prior, mass),
        first=_spread(first, gaps, prior, mass),
        second=_spread(second, gaps, prior, mass),
        none=float(each[-1]),
        step=float(joint.sum(axis=(0, 2)) @ np.array(grid.sizes)),
        scale=float(joint.sum(axis=(0, 1)) @ np.array(grid.scales)),
    )


def _part_of_first(share: float) -> float:
    """1 where the first of two steps is the larger one, 0 where the second is, else half."""
    return 0.5 + 0.5 * float(np.sign(share - 0.5))


def _gaps(rounds: Sequence[Round], n: int) -> list[tuple[int, int]]:
    """(first, last): the commits first + 1 to last, measured at last and not in between."""
    measured = {position for each in rounds for position in each.positions}
    return list(pairwise(sorted({0, n} | measured)))


type Steps = tuple[tuple[int, float], ...]
"""Position to the share of the whole step that commits from there on have, ascending."""


def _evidence(rounds: Sequence[Round], explanations: Sequence[Steps], grid: Grid) -> Floats:
    """Shape (explanations, SIZES, SCALES): log likelihood of all rounds together."""
    total = np.zeros((len(explanations), len(grid.sizes), len(grid.scales)))
    for measured in rounds:
        table: RoundTable = table_of(measured, grid)
        total += [table.log_likelihood(_pattern(measured, steps)) for steps in explanations]
    return total


def _pattern(measured: Round, steps: Steps) -> Pattern:
    shares = []
    for position in measured.positions:
        reached = [share for place, share in steps if place <= position]
        shares.append(reached[-1] if reached else 0.0)
    return tuple(shares)


def _spread(each: Floats, gaps: Sequence[tuple[int, int]], prior: Floats, mass: Floats) -> Floats:
    """Share the probability of each gap among its commits as the prior does."""
    shared = np.zeros(len(prior))
    for probability, (first, last), total in zip(each, gaps, mass, strict=True):
        shared[first:last] = probability * prior[first:last] / total
    return shared

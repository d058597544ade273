"""What a search may say: a set of commits and how probable it is that the culprit is in it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracker.model import Floats
from tracker.search.policy import SearchPolicy
from tracker.search.posterior import Posterior

_TINY = 1e-300


class Outcome(StrEnum):
    """What came of a search."""

    COMMIT = "commit"
    RANGE = "range"
    """One of some commits that cannot be told apart, as those between them do not build."""
    TWO_STEPS = "two_steps"
    NONE = "none"
    OPEN = "open"
    """Not yet sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of the place.

    Attributes:
        commits: positions, ascending: the smallest set that holds the culprit with `probability`;
            of two steps, those of both.
        probability: of what `outcome` and `commits` say together; of commits, if there is a step.
    """

    outcome: Outcome
    commits: tuple[int, ...]
    probability: float

    @property
    def is_sure(self) -> bool:
        """Whether measuring on cannot narrow it any more."""
        return self.outcome is not Outcome.OPEN


def answer(belief: Posterior, unusable: Collection[int], policy: SearchPolicy) -> Answer:
    """Say what *belief* amounts to, given the positions that cannot be measured."""
    if belief.none >= policy.confidence:
        return Answer(outcome=Outcome.NONE, commits=(), probability=belief.none)
    groups = _groups(len(belief.main), unusable)
    if belief.two >= policy.confidence:
        return _two_steps(belief, groups, policy)
    chosen, probability = _smallest(_given_a_step(belief), groups, policy.confidence)
    if len(chosen) > 1 or probability < policy.confidence or belief.none >= policy.ends_alpha:
        outcome = Outcome.OPEN
    else:
        outcome = Outcome.RANGE if len(chosen[0]) > 1 else Outcome.COMMIT
    return Answer(outcome=outcome, commits=_joined(chosen), probability=probability)


def leading_pair(
    belief: Posterior, unusable: Collection[int], policy: SearchPolicy
) -> tuple[int, int] | None:
    """Positions of the likeliest commit's parent and of itself, None while none leads.

    Of commits that cannot be told apart, the pair is what stands around them.
    """
    groups = _groups(len(belief.main), unusable)
    chosen, _ = _smallest(_given_a_step(belief), groups, policy.lead)
    return (chosen[0][0] - 1, chosen[0][-1]) if len(chosen) == 1 else None


def _given_a_step(belief: Posterior) -> Floats:
    """The probability of each commit if there is any step: nothing else accuses one."""
    return belief.main / max(1 - belief.none, _TINY)


def _two_steps(belief: Posterior, groups: list[list[int]], policy: SearchPolicy) -> Answer:
    sets = [
        _smallest(each, groups, policy.confidence * belief.two)
        for each in (belief.first, belief.second)
    ]
    is_sure = all(len(chosen) == 1 for chosen, _ in sets)
    return Answer(
        outcome=Outcome.TWO_STEPS if is_sure else Outcome.OPEN,
        commits=_joined([group for chosen, _ in sets for group in chosen]),
        probability=min(probability for _, probability in sets),
    )


def _groups(n: int, unusable: Collection[int]) -> list[list[int]]:
    """The positions 1 to n; those that no usable position stands between are one group."""
    groups: list[list[int]] = [[1]]
    for position in range(2, n + 1):
        if position - 1 in unusable:
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups


def _smallest(
    probability: Floats, groups: list[list[int]], enough: float
) -> tuple[list[list[int]], float]:
    """The fewest groups that have *enough* together, and what they have; all when none do."""
    each = np.array([sum(float(probability[p - 1]) for p in group) for group in groups])
    order = np.argsort(-each, kind="stable")
    total = np.cumsum(each[order])
    count = min(int(np.searchsorted(total, enough)) + 1, len(groups))
    return [groups[i] for i in order[:count].tolist()], float(total[count - 1])


def _joined(groups: list[list[int]]) -> tuple[int, ...]:
    return tuple(sorted({position for group in groups for position in group}))

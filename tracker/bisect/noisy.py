"""Searches with a clock: pairs of the ends first, then rounds where the explanations disagree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.bisect.laboratory import Laboratory
from tracker.bisect.target import end_pairs, in_logs
from tracker.model import Floats
from tracker.search.answer import Answer, Outcome, answer
from tracker.search.choice import next_probes
from tracker.search.ends import Ends, decide_ends
from tracker.search.likelihood import grid_of
from tracker.search.policy import VERIFY, SearchPolicy
from tracker.search.posterior import Posterior, posterior
from tracker.search.rounds import Round
from tracker.units import agree, count

# What building a commit takes, in measurements: enough to prefer one that stands built already.
BUILD_TURNS = 0.5
# The most pairs of a commit and its parent.
VERIFYING = 20


def confirm_ends(
    laboratory: Laboratory, labels: Sequence[str], label: str, policy: SearchPolicy
) -> Ends:
    """Measure pairs of the ends until it is clear whether they differ, or half the budget is used.

    Args:
        laboratory: measures.
        labels: the rows among which *label* differs most.
        label: the row to judge.
        policy: how sure to be.
    """
    half_s = laboratory.budget_s / 2
    margin = math.log1p(laboratory.state.metrics[label].floor)
    while True:
        pairs = end_pairs(in_logs(laboratory.state.rounds, label), laboratory.bad)
        differences = differences_of(pairs, 0, laboratory.bad)
        ends = decide_ends(differences, policy, margin=margin, metrics=max(len(labels), 1))
        laboratory.say(
            f"{len(pairs)} pairs of the ends: {ends.value}, {laboratory.left_s / 60:.0f} min left"
        )
        if ends is not Ends.OPEN or laboratory.left_s < half_s or not laboratory.has_time:
            return ends
        laboratory.measure(_in_turn([0, laboratory.bad], len(pairs)))


def search(
    laboratory: Laboratory, label: str, prior: Floats, policy: SearchPolicy
) -> tuple[Answer, Posterior]:
    """Measure rounds of an end and some commits until the place is sure or the budget is used."""
    while True:
        known, belief = conclude(laboratory, label, prior, policy)
        laboratory.say(
            f"{count(len(laboratory.state.rounds), 'round')}: "
            f"{count(len(known.commits), 'commit')} {agree(len(known.commits), 'has', 'have')} "
            f"{known.probability:.0%}, {laboratory.left_s / 60:.0f} min of the budget left"
        )
        probes = next_probes(
            belief,
            laboratory.usable,
            policy.probes,
            built=laboratory.ready,
            build_turns=BUILD_TURNS,
        )
        if known.is_sure or not probes or not laboratory.has_time:
            return known, belief
        number = len(laboratory.state.rounds)
        end = 0 if number % 2 else laboratory.bad
        laboratory.measure(_in_turn([end, *probes], number // 2))


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a search came to.

    Attributes:
        pair: the culprit's parent and the culprit, None when there is no culprit.
        again: what they said when they were measured beside each other, with the rounds before.
    """

    answer: Answer
    belief: Posterior
    pair: tuple[int, int] | None = None
    again: Ends = Ends.OPEN


def search_and_check(
    laboratory: Laboratory, label: str, prior: Floats, policy: SearchPolicy
) -> Checked:
    """Search; measure the culprit beside its parent; go on searching where that raises doubts.

    A culprit whose step is not seen again is not announced.
    """
    while True:
        known, belief = search(laboratory, label, prior, policy)
        if known.outcome not in {Outcome.COMMIT, Outcome.RANGE}:
            return Checked(answer=known, belief=belief)
        pair = (known.commits[0] - 1, known.commits[-1])
        again = repeat_pair(laboratory, label, pair, VERIFY, VERIFYING)
        known, belief = conclude(laboratory, label, prior, policy)
        if known.is_sure or not laboratory.has_time:
            break
    if again is not Ends.DIFFER:
        known = replace(known, outcome=Outcome.OPEN)
    return Checked(answer=known, belief=belief, pair=pair, again=again)


def conclude(
    laboratory: Laboratory, label: str, prior: Floats, policy: SearchPolicy
) -> tuple[Answer, Posterior]:
    """Weigh all explanations of what was measured so far."""
    rounds = [each for each in in_logs(laboratory.state.rounds, label) if min(each.positions) >= 0]
    pairs = end_pairs(rounds, laboratory.bad)
    grid = grid_of(differences_of(pairs, 0, laboratory.bad), policy.outliers)
    belief = posterior(rounds, prior, grid, policy)
    return answer(belief, laboratory.state.unusable, policy), belief


def repeat_pair(
    laboratory: Laboratory, label: str, pair: tuple[int, int], policy: SearchPolicy, most: int
) -> Ends:
    """Measure two commits side by side until it is clear whether they differ, *most* pairs."""
    first, second = pair
    while True:
        pairs = pairs_of(laboratory, label, pair)
        ends = decide_ends(differences_of(pairs, first, second), policy, margin=0.0)
        if ends is not Ends.OPEN or len(pairs) >= most or not laboratory.has_time:
            return ends
        if not laboratory.measure(_in_turn([first, second], len(pairs))):
            return ends


def pairs_of(laboratory: Laboratory, label: str, pair: tuple[int, int]) -> list[Round]:
    """The rounds that hold nothing but both commits of *pair*."""
    rounds = in_logs(laboratory.state.rounds, label)
    return [each for each in rounds if set(each.positions) == set(pair)]


def differences_of(pairs: Sequence[Round], first: int, second: int) -> Floats:
    """Second minus first, one a round."""
    return np.array([(r.value_at(second) or 0.0) - (r.value_at(first) or 0.0) for r in pairs])


def _in_turn(positions: list[int], number: int) -> list[int]:
    """Every second round is reversed, so that drift hits all alike."""
    return positions[::-1] if number % 2 else positions

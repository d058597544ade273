"""Searches with a clock: pairs of the ends first, then rounds where the explanations disagree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.bisect.laboratory import Laboratory
from tracker.bisect.target import end_pairs, in_logs
from tracker.model import Floats
from tracker.search.again import seen_again
from tracker.search.answer import Answer, Outcome, answer, leading_pair
from tracker.search.choice import next_round
from tracker.search.ends import Ends, decide_ends
from tracker.search.likelihood import grid_of
from tracker.search.policy import SearchPolicy
from tracker.search.posterior import Posterior, posterior
from tracker.search.rounds import Round
from tracker.units import count, share

VERIFYING = 20
"""The most pairs of a commit and its parent, unless only they are left to learn from."""

SAID = {
    Ends.DIFFER: "they seem to differ",
    Ends.ALIKE: "they do not differ",
    Ends.OPEN: "not yet clear whether they differ",
}


def confirm_ends(laboratory: Laboratory, label: str, policy: SearchPolicy) -> Ends:
    """Measure pairs of the ends until they seem to differ or do not, or half the budget is used."""
    half_s = laboratory.budget_s / 2
    margin = math.log1p(laboratory.state.metrics[label].floor)
    while True:
        pairs = end_pairs(in_logs(laboratory.state.rounds, label), laboratory.bad)
        differences = differences_of(pairs, 0, laboratory.bad)
        ends = decide_ends(differences, policy, margin=margin)
        laboratory.say(
            f"{count(len(pairs), 'pair')} of the ends: {SAID[ends]}, {_left(laboratory)}"
        )
        if ends is not Ends.OPEN or laboratory.left_s < half_s or not laboratory.has_time:
            return ends
        laboratory.measure(_in_turn([0, laboratory.bad], len(pairs)))


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What a search came to.

    Attributes:
        pair: the likeliest commit's parent and itself, None where none leads.
        again: what they said when they were measured beside each other.
    """

    answer: Answer
    belief: Posterior
    pair: tuple[int, int] | None = None
    again: Ends = Ends.OPEN


def search(laboratory: Laboratory, label: str, prior: Floats, policy: SearchPolicy) -> Searched:
    """Measure until the place is sure, or the budget is used.

    As long as no commit leads, rounds are of an end and whatever tells most; then they are of that
    commit and its parent. One whose step is not seen again beside its parent is not announced.
    """
    while True:
        found = conclude(laboratory, label, prior, policy)
        laboratory.say(_progress(laboratory, found))
        positions = _next(laboratory, label, found, policy)
        if not positions or not laboratory.has_time:
            return _announced(found)
        laboratory.measure(positions)


def _next(
    laboratory: Laboratory, label: str, found: Searched, policy: SearchPolicy
) -> Sequence[int]:
    """What to measure next, () where nothing is left to learn."""
    is_sure = found.answer.is_sure
    if found.pair is not None and not (is_sure and found.again is Ends.DIFFER):
        times = len(pairs_of(laboratory, label, found.pair))
        if times < VERIFYING or (is_sure and found.again is Ends.OPEN):
            return _in_turn(list(found.pair), times)
    if is_sure:
        return ()
    number = len(laboratory.state.rounds)
    positions = next_round(
        found.belief,
        laboratory.usable,
        policy,
        end=0 if number % 2 else laboratory.bad,
        built=laboratory.ready,
    )
    return _in_turn(list(positions), number // 2)


def _announced(found: Searched) -> Searched:
    """The same with a commit only where its step was seen again."""
    if found.pair is None or found.again is Ends.DIFFER:
        return found
    return replace(found, answer=replace(found.answer, outcome=Outcome.OPEN))


def _progress(laboratory: Laboratory, found: Searched) -> str:
    known, rounds = found.answer, count(len(laboratory.state.rounds), "round")
    if found.pair is not None:
        name = laboratory.name(found.pair[1])
        return f"{rounds}: {name} leads, and is measured beside its parent, {_left(laboratory)}"
    return (
        f"{rounds}: it is one of {count(len(known.commits), 'commit')} with "
        f"{share(known.probability)}, {_left(laboratory)}"
    )


def _left(laboratory: Laboratory) -> str:
    return f"{laboratory.left_s / 60:.0f} min of the budget left"


def conclude(laboratory: Laboratory, label: str, prior: Floats, policy: SearchPolicy) -> Searched:
    """Weigh all explanations of what was measured so far."""
    rounds = [each for each in in_logs(laboratory.state.rounds, label) if min(each.positions) >= 0]
    ends = end_pairs(rounds, laboratory.bad)
    grid = grid_of(differences_of(ends, 0, laboratory.bad), policy.outliers)
    belief = posterior(rounds, prior, grid, policy)
    unusable = laboratory.state.unusable
    known = answer(belief, unusable, policy)
    pair = leading_pair(belief, unusable, policy)
    if known.outcome in {Outcome.NONE, Outcome.TWO_STEPS} or pair is None:
        return Searched(answer=known, belief=belief)
    own = pairs_of(laboratory, label, pair)
    before = [each for each in rounds if each not in own]
    again = seen_again(own, posterior(before, prior, grid, policy), grid, policy)
    return Searched(answer=known, belief=belief, pair=pair, again=again)


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

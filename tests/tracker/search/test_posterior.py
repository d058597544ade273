"""How probable each explanation of some rounds is."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.search.again import seen_again
from tracker.search.answer import Outcome, answer, leading_pair
from tracker.search.choice import next_round
from tracker.search.ends import Ends
from tracker.search.likelihood import Grid, grid_of
from tracker.search.policy import DEFAULT
from tracker.search.posterior import Posterior, posterior
from tracker.search.rounds import Round

N = 16
PRIOR = np.full(N, 1 / N)


def rounds_of(levels, positions, *, seed=0, noise=1.0, repeats=1) -> list[Round]:
    """Rounds of the same *positions*: levels[position], a level of the round, and noise."""
    rng = np.random.default_rng(seed)
    return [
        Round(
            positions=tuple(positions),
            values=tuple(
                float(levels[place] + drift + noise * rng.standard_normal()) for place in positions
            ),
        )
        for drift in 5 * rng.standard_normal(repeats)
    ]


def ends(step: float, *, pairs: int = 8) -> tuple[list[Round], Grid]:
    """Pairs of both ends, and the grid that they give."""
    rounds = rounds_of({0: 0.0, N: step}, (0, N), seed=1, repeats=pairs)
    return rounds, grid_of(
        np.array([each.values[1] - each.values[0] for each in rounds]), DEFAULT.outliers
    )


def believe(rounds: list[Round], grid: Grid) -> Posterior:
    """What the default policy believes."""
    return posterior(rounds, PRIOR, grid, DEFAULT)


def test_everything_together_has_probability_one():
    """Main, which holds the larger of two steps, and none are all that can be."""
    pairs, grid = ends(4.0)
    levels = [0.0] * 7 + [4.0] * (N - 6)
    belief = believe([*pairs, *rounds_of(levels, (0, 4, 9, N), repeats=3)], grid)
    assert belief.main.sum() + belief.none == pytest.approx(1)
    assert belief.first.sum() == pytest.approx(belief.second.sum())


def test_the_order_of_the_rounds_is_nothing():
    """Gaps are split one after the other as rounds come, and going on gives what starting does."""
    pairs, grid = ends(4.0)
    levels = [0.0] * 7 + [4.0] * (N - 6)
    more = [rounds_of(levels, (0, place, N), seed=place)[0] for place in (8, 4, 12, 6, 10, 8)]
    for stop in range(len(more)):
        believe([*pairs, *more[:stop]], grid)

    going_on, anew = believe([*pairs, *more], grid), believe([*more[::-1], *pairs], grid)

    assert going_on.main == pytest.approx(anew.main)
    assert going_on.first == pytest.approx(anew.first)
    assert going_on.none == pytest.approx(anew.none)


def test_commits_between_measured_ones_are_alike():
    """Nothing tells them apart but the prior."""
    pairs, grid = ends(4.0)
    levels = [0.0] * 7 + [4.0] * (N - 6)
    belief = believe([*pairs, *rounds_of(levels, (0, 4, 9, N), repeats=3)], grid)
    assert np.ptp(belief.main[4:9]) == pytest.approx(0, abs=1e-12)
    assert belief.main[4:9].sum() > 0.9


def test_one_disturbed_value_proves_nothing():
    """A value a thousand standard deviations off is worth no more than one that is a few off."""
    pairs, grid = ends(4.0)
    disturbed = [Round(positions=(0, 8), values=(0.0, 4000.0))]
    belief = believe([*pairs, *disturbed], grid)
    assert 0.05 < belief.main[:8].sum() < 0.95


def test_two_steps_are_told_from_one():
    """Levels 0, 4 and 8: nobody brought the whole of it."""
    pairs, grid = ends(8.0)
    levels = [0.0] * 5 + [4.0] * 6 + [8.0] * 6
    rounds = [*pairs, *rounds_of(levels, (0, 4, 5, 10, 11, N), repeats=8)]
    belief = believe(rounds, grid)
    known = answer(belief, (), DEFAULT)
    assert belief.two > 0.95
    assert known.outcome is Outcome.TWO_STEPS
    assert known.commits == (5, 11)


def test_ends_that_do_not_differ_after_all_are_none():
    """Whatever the first pairs said, the rounds after them count as much."""
    pairs, grid = ends(1.5, pairs=3)
    belief = believe([*pairs, *rounds_of([0.0] * (N + 1), (0, 8, 12, N), repeats=40)], grid)
    assert answer(belief, (), DEFAULT).outcome is Outcome.NONE


def test_what_does_not_build_is_one_group():
    """Between commits 6 and 9 nothing can be measured, so they share their probability."""
    pairs, grid = ends(4.0)
    levels = [0.0] * 7 + [4.0] * (N - 6)
    belief = believe([*pairs, *rounds_of(levels, (0, 5, 9, N), repeats=6)], grid)
    known = answer(belief, {6, 7, 8}, DEFAULT)
    assert known.outcome is Outcome.RANGE
    assert known.commits == (6, 7, 8, 9)


def test_nothing_is_named_while_no_step_may_be_the_reason():
    """However clear the place would be if there were one."""
    pairs, grid = ends(4.0)
    levels = [0.0] * 7 + [4.0] * (N - 6)
    belief = believe([*pairs, *rounds_of(levels, (0, 6, 7, N), repeats=3)], grid)
    assert answer(belief, (), DEFAULT).commits == (7,)
    assert answer(belief, (), DEFAULT).outcome is Outcome.COMMIT
    doubtful = replace(belief, none=0.1, main=0.9 * belief.main / belief.main.sum())
    assert answer(doubtful, (), DEFAULT).commits == (7,)
    assert answer(doubtful, (), DEFAULT).outcome is Outcome.OPEN


def test_the_likeliest_commit_leads_before_it_is_sure():
    """With 80 %; of commits that cannot be told apart, the two around them are measured."""
    main = np.full(N, 0.15 / (N - 1))
    main[6] = 0.85
    belief = replace(believe(*ends(4.0)), main=main, none=0.0)
    assert leading_pair(belief, (), DEFAULT) == (6, 7)
    assert leading_pair(belief, {7, 8}, DEFAULT) == (6, 9)
    assert leading_pair(replace(belief, main=np.full(N, 1 / N)), (), DEFAULT) is None


@pytest.mark.parametrize(("step", "found"), [(4.0, Ends.DIFFER), (0.0, Ends.ALIKE)])
def test_a_step_is_seen_again_beside_the_parent_or_not(step: float, found: Ends):
    """Either way three pairs settle it where the step is four times the noise."""
    pairs, grid = ends(4.0)
    before = believe(pairs, grid)
    again = rounds_of([0.0] * 7 + [step] * 10, (6, 7), seed=2, repeats=3)
    assert seen_again(again, before, grid, DEFAULT) is found
    assert seen_again(again[:1], before, grid, DEFAULT) is Ends.OPEN


def quiet(step: float) -> Posterior:
    """Nothing is known but the step, in noise of 1."""
    nothing = 0 * PRIOR
    return replace(
        believe(*ends(4.0)), main=PRIOR, first=nothing, second=nothing, none=0.0, step=step, scale=1
    )


def test_a_round_spreads_when_a_measurement_says_much():
    """With a clear step no commit is measured twice, and the first halves what is open."""
    positions = next_round(quiet(12.0), range(1, N), DEFAULT, end=N)
    assert positions[:2] == (N, 8)
    assert 3 <= len(positions) <= 1 + DEFAULT.probes
    assert len(set(positions)) == len(positions)


def test_a_round_is_no_larger_than_tells_most():
    """Where one of two commits has the step, that is the first of them, beside an end."""
    likely = np.zeros(N)
    likely[6:8] = 0.5
    for step in (0.1, 2.0, 12.0):
        belief = replace(quiet(step), main=likely)
        assert next_round(belief, range(1, N), DEFAULT, end=N) == (N, 7)


def test_a_commit_that_stands_built_is_preferred():
    """7 halves nearly as well as 8, and needs no building."""
    assert next_round(quiet(2.0), range(1, N), DEFAULT, end=0, built={7})[:2] == (0, 7)


def test_where_all_is_known_nothing_is_measured():
    """Nothing tells the explanations apart any more."""
    known = np.eye(N)[6]
    assert next_round(replace(quiet(2.0), main=known), range(1, N), DEFAULT, end=0) == ()

"""A small part of the scoreboard as a promise: quality does not slip unseen."""

import pytest

from tests.evaluation.scoreboard.histories import WEATHERS, make
from tests.evaluation.scoreboard.peers import tracker
from tests.evaluation.scoreboard.score import Score, count, matches, replay, table


@pytest.fixture(scope="module")
def scored() -> Score:
    """Our detector on a subset: two lengths, all kinds of noise, two step sizes."""
    total = Score()
    for n in (60, 200):
        for weather in WEATHERS:
            for path in ("none", "one", "several", "undone", "newest", "ramp", "spikes"):
                steps = (3.0, 6.0) if path not in {"none", "ramp", "spikes"} else (0.0,)
                for step in steps:
                    for seed in range(70_001, 70_004):
                        made = make(path, weather, n, step, seed)
                        count(total, made, tracker(made.values, made.samples))
    return total


def test_precision_and_recall_hold(scored: Score):
    """Nine reports in ten are right, and four steps in five of three noise scales are found."""
    assert scored.cells["all"].precision >= 0.92
    assert scored.cells["all"].recall >= 0.75


def test_noise_ramps_and_spikes_are_left_alone(scored: Score):
    """Next to nothing is reported where nothing stepped."""
    assert scored.cells["none"].wrong <= 2
    assert scored.cells["ramp"].wrong <= 6
    assert scored.cells["spikes"].wrong <= 2


def test_a_new_step_is_told_within_a_few_commits():
    """Half of the steps of four noise scales are reported by the third commit."""
    delays = sorted(replay(tracker, 2))

    assert delays[len(delays) // 2] <= 3


def test_matching_counts_each_side_once():
    """Two reports beside one change are one right and one wrong."""
    assert matches([10, 20], [9, 11, 25]) == 1
    assert matches([10, 12], [11, 13]) == 2


def test_histories_are_the_same_every_time():
    """The same arguments give the same history, another seed another one."""
    first, again = (make("one", "skewed", 60, 3.0, 5) for _ in range(2))

    assert first == again
    assert first.values != make("one", "skewed", 60, 3.0, 6).values


def test_the_table_has_one_cell_per_head(scored: Score):
    """Every row of the Markdown table is as wide as its head."""
    scored.delays = [3.0]
    for n in (30, 100, 400):
        scored.cells[f"n={n}"].right += 0
    widths = {line.count("|") for line in table({"tracker": scored}).splitlines()}

    assert len(widths) == 1

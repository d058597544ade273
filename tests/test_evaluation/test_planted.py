"""The study of planted slowdowns: tables go where they belong, and recordings survive a stop."""

import math
import time
from collections.abc import Callable

import numpy as np
import pytest

from tests.evaluation.planted.copies import LEVELS, level_name
from tests.evaluation.planted.plant import LOOP, PLACES, plant_in_package
from tests.evaluation.planted.recording import AGAIN, BASE, Measurement, Recording, Value
from tests.evaluation.planted.tallies import table, tally

COST = "basic_throughput.BasicThroughput.track_cpu_per_kilotask"


def recording(rounds: int = 12) -> Recording:
    """Rounds in which a level costs exactly what was planted, with 1 % of noise."""
    rng = np.random.default_rng(3)

    def turn(level: int) -> Measurement:
        noise = rng.normal(0, 0.01, 12)
        samples = tuple(0.26 * (1 + level / 100) * math.exp(x) for x in noise)
        return Measurement(8.0, (Value(COST, (), "s", min(samples), samples),))

    names = {BASE: 0, AGAIN: 0, **{level_name(level): level for level in LEVELS}}
    return Recording([{what: turn(n) for what, n in names.items()} for _ in range(rounds)])


def test_what_is_planted_is_found_and_nothing_else():
    """5 % are found in nearly every simulated comparison, 0 % in none, at 1 % of noise."""
    recorded = recording()
    found = {n: tally(recorded, n, "worker", 20, 900.0) for n in (0, 5)}
    assert found[0].found == 0.0
    assert found[5].found >= 0.9
    assert math.isclose(found[5].cpu, 1.05, abs_tol=0.01)
    assert "| 5 % | +" in table([found[5]], 12, 20, 8.0)


def test_a_recording_is_read_as_it_was_saved(tmp_path):
    """A stopped recording goes on from its file."""
    recorded = recording(2)
    recorded.save(tmp_path / "rounds.json")
    assert Recording.load(tmp_path / "rounds.json").rounds == recorded.rounds


@pytest.mark.parametrize("where", PLACES)
def test_work_is_planted_before_the_line_that_runs_once_per_task(tmp_path, where):
    """One call at the same indentation, and the loop at the end of the file."""
    file, line = PLACES[where]
    target = tmp_path / file
    target.parent.mkdir(parents=True)
    target.write_text(f"class X:\n    async def f(self, task):\n        if 1:\n{line}")
    plant_in_package(tmp_path, extra_s=1e-5, where=where)
    lines = target.read_text().splitlines(keepends=True)
    at = lines.index(line)
    indent = line[: len(line) - len(line.lstrip())]
    assert lines[at - 1] == f"{indent}_planted_work()\n"


def test_planted_work_costs_as_much_by_the_turn_in_a_short_loop_as_in_a_long_one():
    """Loops of 100 and of 10,000 turns: what is planted as 3 % is not half of that."""
    made: dict[int, Callable[[], None]] = {}
    for turns in (100, 10_000):
        names: dict[str, Callable[[], None]] = {}
        exec(LOOP.format(turns=turns), names)  # noqa: S102 - our own text, as it is planted
        made[turns] = names["_planted_work"]

    def per_turn_ns(turns: int) -> float:
        calls = 50_000 // turns
        began_ns = time.thread_time_ns()
        for _ in range(calls):
            made[turns]()
        return (time.thread_time_ns() - began_ns) / calls / turns

    # In turn, and on until the quickest of both agree: either may be slow for seconds.
    least = dict.fromkeys(made, math.inf)
    for turn in range(4_000):
        least = {turns: min(quickest, per_turn_ns(turns)) for turns, quickest in least.items()}
        if turn >= 40 and 0.7 < least[100] / least[10_000] < 1.4:
            return
    pytest.fail(f"nanoseconds by the turn: {least}")

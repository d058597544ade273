"""Which row a search goes by in our own suite: what was counted first, then the clock."""

from pathlib import Path

import pytest

from tests.support.harness_command import asked_of, benchmarks_of, set_costs, stand_in_bench
from tests.tracker.bisect.test_laboratory import build_of, laboratory
from tracker.asv.command import AsvProject
from tracker.bisect.cells import TIMES
from tracker.bisect.choosing import Choice, Chooser
from tracker.bisect.laboratory import Laboratory
from tracker.bisect.measuring import HarnessCommits, Ways, ways_of_harness
from tracker.bisect.state import read_state
from tracker.errors import DataError, UsageError
from tracker.model.catalogue import METRICS

SCENARIOS = ("basic", "broken", "io")
FLAT = {
    "lines_per_task": ("lines", [396.0] * 4),
    "round_trips_per_task": ("round trips", [3.0] * 4),
}
CPU = {"cpu_per_kilotask": ("s", [0.1, 0.1, 0.2, 0.2])}


def suite(folder: Path, counted: dict, measured: dict) -> tuple[Laboratory, Ways]:
    """Four commits in our own suite, with costs: scenario to metric to (unit, values)."""
    set_costs(folder, {"counts": counted, "times": measured})
    bench = stand_in_bench(folder, SCENARIOS)
    units = {name: METRICS[name].unit for name in (*FLAT, *CPU)}
    ways = ways_of_harness(
        HarnessCommits(
            bench=bench,
            project=AsvProject(
                config=folder / "asv.conf.json", results=bench.results, machine="m", overrides={}
            ),
            describe=lambda name, _unit: METRICS[name.rpartition("track_")[2]],
            size="quick",
            kept=frozenset(),
            only=TIMES,
            found=dict(benchmarks_of(SCENARIOS, units)),
        )
    )
    lab = laboratory(folder, [0.0] * 4)
    lab.measurer = ways.clock
    return lab, ways


def choose(lab: Laboratory, ways: Ways, asked: str = "") -> Choice:
    """The choice for what the user asked for."""
    return Chooser(laboratory=lab, ways=ways, asked=asked).choose()


def test_a_counted_metric_is_counted(tmp_path: Path):
    """No clock is read; instructions, which take most of the time, only where they are wanted."""
    lab, ways = suite(tmp_path, {"basic": FLAT}, {})
    choice = choose(lab, ways, "basic.round_trips_per_task")
    assert choice.label == "basic.S.track_round_trips_per_task"
    assert asked_of(tmp_path) == ["counts basic 0 quick", "counts basic 3 quick"]


def test_a_timed_metric_is_timed(tmp_path: Path):
    """Nothing is counted for it."""
    lab, ways = suite(tmp_path, {}, {"basic": CPU})
    choose(lab, ways, "basic.cpu_per_kilotask")
    assert asked_of(tmp_path) == ["times basic 0 quick", "times basic 3 quick"]


def test_without_a_metric_the_largest_counted_change_that_gates_is_searched_with(tmp_path: Path):
    """More lines are no reason while a round trip more is; a scenario that fails is passed over.

    A count that is not exact is counted again; the choice is kept for the next run.
    """
    moved = {
        "lines_per_task": ("lines", [100.0, 100.0, 500.0, 500.0]),
        "round_trips_per_task": ("round trips", [3.0, 3.0, 4.0, 4.0]),
    }
    small = {"allocations_per_task": ("allocations", [1000.0, 1000.0, 1100.0, 1100.0])}
    lab, ways = suite(tmp_path, {"basic": moved, "io": small}, {"basic": CPU})
    choice = choose(lab, ways)
    assert choice.label == "basic.S.track_round_trips_per_task"
    assert isinstance(lab.measurer, HarnessCommits)
    assert (lab.measurer.metric, lab.scenario) == ("round_trips_per_task", "basic")
    assert read_state(lab.state_file, lab.state).chosen == choice.label
    asked = asked_of(tmp_path)
    assert asked[-2:] == ["counts basic 0 quick", "counts basic 3 quick"]
    assert choose(lab, ways).label == choice.label
    assert asked_of(tmp_path) == asked
    assert not [line for line in asked if line.startswith("times")]


def test_one_unlucky_count_chooses_nothing(tmp_path: Path):
    """What is not seen again when the ends are counted again did not move."""
    lab, ways = suite(tmp_path, {"basic": FLAT}, {"basic": CPU})
    assert ways.counting is not None
    lab.measurer, lab.scenario = ways.counting, "basic"
    lab.measure([0, lab.bad])
    first = lab.state.rounds[0]
    first.values["basic.S.track_round_trips_per_task"] = (3.0, 4.0)
    assert choose(lab, ways).label == "basic.S.track_cpu_per_kilotask"


def test_only_where_no_count_moved_the_clock_is_asked(tmp_path: Path):
    """Of all scenarios, until a row has pairs enough; and it is searched with from then on."""
    lab, ways = suite(tmp_path, {"basic": FLAT}, {"basic": FLAT | CPU, "io": CPU})
    lab.clock = lambda: 0.0
    lab._began_s = 0.0
    choice = choose(lab, ways)
    assert choice.label in {"basic.S.track_cpu_per_kilotask", "io.S.track_cpu_per_kilotask"}
    assert lab.measurer is ways.clock
    assert lab.scenario == choice.label.partition(".")[0]
    asked = asked_of(tmp_path)
    kinds = [line.partition(" ")[0] for line in asked]
    assert kinds == sorted(kinds)
    assert sum(line == "times io 0 quick" for line in asked) == 4


def test_a_metric_that_no_end_has_is_refused(tmp_path: Path):
    """The catalogue knows it, and the scenario does not measure it."""
    lab, ways = suite(tmp_path, {}, {"basic": CPU})
    with pytest.raises(UsageError):
        choose(lab, ways, "basic.event_loss")


def test_ends_that_run_in_no_scenario_end_the_search(tmp_path: Path):
    """With the reason of the last one."""
    lab, ways = suite(tmp_path, {}, {})
    with pytest.raises(DataError, match="it fell over"):
        choose(lab, ways)


def test_a_count_that_is_absent_says_why(tmp_path: Path):
    """The instrument did not work, or the scenario has no such count."""
    _, ways = suite(tmp_path, {"basic": FLAT}, {})
    assert ways.counting is not None
    answer = ways.counting.wanting("instructions_per_task").measure(build_of("0"), "basic", 0)
    assert answer.reason == "basic does not count instructions_per_task"

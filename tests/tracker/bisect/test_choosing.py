"""Which row a search goes by in our own suite: what was counted first, then the clock."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.harness_setups import stand_in
from tests.tracker.bisect.test_laboratory import build_of, laboratory
from tracker.bisect.choosing import Choice, Chooser
from tracker.bisect.laboratory import Laboratory
from tracker.bisect.measuring import CountedCommits, Ways, open_harness
from tracker.bisect.state import read_state
from tracker.errors import DataError, UsageError

SCENARIOS = ("basic", "broken", "io")
# Answers like the harness; what costs what at which commit stands in the file of its argument.
HARNESS = """
import json, sys
costs = json.load(open(sys.argv[1]))
asked_of = open(sys.argv[1] + ".asked", "a")
for line in sys.stdin:
    asked = json.loads(line)
    kind = "counted" if asked.get("count") else "measured"
    place = int(asked["python"].split("/")[1])
    print(kind, asked["scenario"], place, *asked.get("instruments", ()), file=asked_of, flush=True)
    rows = costs[kind].get(asked["scenario"])
    answer = {"id": asked["id"], "outcome": kind, "benchmark": asked["scenario"] + ".S"}
    if rows is None:
        answer |= {"outcome": "failed", "reason": "it fell over"}
    elif kind == "counted":
        metrics = {
            name: {"unit": unit, "value": v[place], "spread": 0.0, "samples": [v[place]]}
            for name, (unit, v) in rows.items()
        }
        answer["counts"] = {"version": 1, "python": "3.13", "metrics": metrics}
    else:
        answer["values"] = [
            {"benchmark": asked["scenario"] + ".S.track_" + name, "params": [], "unit": unit,
             "samples": [v[place]]}
            for name, (unit, v) in rows.items()
        ]
    print(json.dumps(answer), flush=True)
"""
FLAT = {
    "lines_per_task": ("lines", [396.0] * 4),
    "round_trips_per_task": ("round trips", [3.0] * 4),
}
CPU = {"cpu_per_kilotask": ("s", [0.1, 0.1, 0.2, 0.2])}


@contextmanager
def suite(folder: Path, counted: dict, measured: dict) -> Iterator[tuple[Laboratory, Ways]]:
    """Four commits in our own suite, with costs: scenario to metric to (unit, values)."""
    costs = folder / "costs.json"
    costs.write_text(json.dumps({"counted": counted, "measured": measured}), encoding="utf-8")
    setup = stand_in(folder, HARNESS, str(costs))
    with open_harness(setup, SCENARIOS) as ways:
        lab = laboratory(folder, [0.0] * 4)
        lab.measurer = ways.clock
        yield lab, ways


def choose(lab: Laboratory, ways: Ways, asked: str = "") -> Choice:
    """The choice for what the user asked for."""
    return Chooser(laboratory=lab, ways=ways, asked=asked).choose()


def asked_of(folder: Path) -> list[str]:
    """All that the harness was asked for."""
    return (folder / "costs.json.asked").read_text(encoding="utf-8").splitlines()


def test_a_counted_metric_is_counted_by_its_instrument_alone(tmp_path: Path):
    """No clock is read, and what the metric does not need is left out."""
    with suite(tmp_path, {"basic": FLAT}, {}) as (lab, ways):
        choice = choose(lab, ways, "basic.round_trips_per_task")
        assert choice.label == "basic.S.track_round_trips_per_task"
    assert asked_of(tmp_path) == ["counted basic 0 broker", "counted basic 3 broker"]


def test_a_timed_metric_is_timed(tmp_path: Path):
    """Nothing is counted for it."""
    with suite(tmp_path, {}, {"basic": CPU}) as (lab, ways):
        choose(lab, ways, "basic.cpu_per_kilotask")
    assert asked_of(tmp_path) == ["measured basic 0", "measured basic 3"]


def test_without_a_metric_the_largest_counted_change_that_gates_is_searched_with(tmp_path: Path):
    """More lines are no reason while a round trip more is; a scenario that fails is passed over.

    A count that is not exact is counted again; the choice is kept for the next run.
    """
    moved = {
        "lines_per_task": ("lines", [100.0, 100.0, 500.0, 500.0]),
        "round_trips_per_task": ("round trips", [3.0, 3.0, 4.0, 4.0]),
    }
    small = {"allocations_per_task": ("allocations", [1000.0, 1000.0, 1100.0, 1100.0])}
    with suite(tmp_path, {"basic": moved, "io": small}, {"basic": CPU}) as (lab, ways):
        choice = choose(lab, ways)
        assert choice.label == "basic.S.track_round_trips_per_task"
        assert isinstance(lab.measurer, CountedCommits)
        assert (lab.measurer.metric, lab.scenario) == ("round_trips_per_task", "basic")
        assert read_state(lab.state_file, lab.state).chosen == choice.label
        asked = asked_of(tmp_path)
        assert asked[-2:] == ["counted basic 0 broker", "counted basic 3 broker"]
        assert choose(lab, ways).label == choice.label
        assert asked_of(tmp_path) == asked
    assert not [line for line in asked if line.startswith("measured")]


def test_one_unlucky_count_chooses_nothing(tmp_path: Path):
    """What is not seen again when the ends are counted again did not move."""
    with suite(tmp_path, {"basic": FLAT}, {"basic": CPU}) as (lab, ways):
        assert ways.counting is not None
        lab.measurer, lab.scenario = ways.counting, "basic"
        lab.measure([0, lab.bad])
        first = lab.state.rounds[0]
        first.values["basic.S.track_round_trips_per_task"] = (3.0, 4.0)
        assert choose(lab, ways).label == "basic.S.track_cpu_per_kilotask"


def test_only_where_no_count_moved_the_clock_is_asked(tmp_path: Path):
    """Of all scenarios, until a row has pairs enough; and it is searched with from then on."""
    with suite(tmp_path, {"basic": FLAT}, {"basic": FLAT | CPU, "io": CPU}) as (lab, ways):
        lab.clock = lambda: 0.0
        lab._began_s = 0.0
        choice = choose(lab, ways)
        assert choice.label in {"basic.S.track_cpu_per_kilotask", "io.S.track_cpu_per_kilotask"}
        assert lab.measurer is ways.clock
        assert lab.scenario == choice.label.partition(".")[0]
    asked = asked_of(tmp_path)
    kinds = [line.partition(" ")[0] for line in asked]
    assert kinds == sorted(kinds)
    assert sum(line == "measured io 0" for line in asked) == 4


def test_a_metric_that_no_end_has_is_refused(tmp_path: Path):
    """The catalogue knows it, and the scenario does not measure it."""
    with suite(tmp_path, {}, {"basic": CPU}) as (lab, ways), pytest.raises(UsageError):
        choose(lab, ways, "basic.event_loss")


def test_ends_that_run_in_no_scenario_end_the_search(tmp_path: Path):
    """With the reason of the last one."""
    with suite(tmp_path, {}, {}) as (lab, ways), pytest.raises(DataError, match="it fell over"):
        choose(lab, ways)


def test_a_count_that_is_absent_says_why(tmp_path: Path):
    """The instrument did not work, or the scenario has no such count."""
    with suite(tmp_path, {"basic": FLAT}, {}) as (_, ways):
        assert ways.counting is not None
        answer = ways.counting.only("instructions_per_task").measure(build_of("0"), "basic", 0)
    assert answer.reason == "basic does not count instructions_per_task"

"""Counting with real servers and workers; the reference library's costs are known exactly."""

import sys

import pytest

from benchmarks.harness.lab.counting import callgrind, counted_round
from benchmarks.harness.lab.counting.bursts import Counting, Sizes
from benchmarks.harness.lab.counting.counted_cell import CountPlan, Instrument, count_cell
from benchmarks.harness.lab.counting.counted_round import count_round, job_of
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.sampling.tools import PY_SPY
from benchmarks.harness.library.counting.tracing import TRACER_VARIABLE
from benchmarks.harness.shared.count_files import FUNCTIONS
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.spec import Size
from tests.support.live_cells import interpreter, measure_live, scenario
from tracker.model.counts import unpack_compiled, unpack_functions

pytestmark = pytest.mark.slow


def cell_of(library: str, spec=None) -> Cell:
    """A no-op task of *library*, or another scenario."""
    return Cell(
        library=library,
        adapter=import_adapter(library),
        python=interpreter(library),
        spec=spec or scenario(burst(60)),
        size=Size.QUICK,
    )


def count(library: str, *instruments: Instrument, spec=None):
    """What a no-op task of *library* costs."""
    plan = CountPlan(instruments=instruments)
    with Keeper() as keeper:
        return count_cell(cell_of(library, spec), plan, keeper, lambda _text: None).record


def test_commands_round_trips_and_bytes_are_those_of_the_protocol():
    """The reference library sends one LPUSH and takes it by one BRPOP: every byte is known."""
    record = count("fake", Instrument.ALLOCATIONS, Instrument.BROKER)

    values = {name: metric.value for name, metric in record.metrics.items()}
    assert record.commands == {"worker": {"brpop": 1.0}, "producer": {"lpush": 1.0}}
    assert values["broker_commands_per_task"] == 2.0
    assert values["round_trips_per_task"] == 2.0
    brpop = len(b"*3\r\n$5\r\nBRPOP\r\n$4\r\nfake\r\n$1\r\n0\r\n")
    lpush = len(b"*3\r\n$5\r\nLPUSH\r\n$4\r\nfake\r\n$8\r\nnoop 100\r\n")
    assert values["bytes_sent_per_task"] == pytest.approx(brpop + lpush, abs=1)
    assert all(
        m.spread == 0 for n, m in record.metrics.items() if "bytes" not in n and "alloc" not in n
    )


def test_two_counts_of_one_library_are_equal():
    """AsyncTasQ's own lines, calls and commands: no difference at all."""
    first, second = (count("asynctasq", Instrument.FUNCTIONS, Instrument.BROKER) for _ in range(2))
    for name in ("lines_per_task", "calls_per_task", "broker_commands_per_task"):
        assert first.metrics[name].value == second.metrics[name].value > 0
    costs = unpack_functions(first.functions)
    own = [cost for cost in costs if cost.own and cost.role == "worker"]
    assert sum(cost.lines for cost in own) == first.metrics["lines_per_task"].value
    assert any(cost.function.endswith("Worker._process_task") for cost in own)


def test_workers_can_be_held_longer_than_their_client_waits(monkeypatch):
    """A stream is waited for all the time, and redis-py waits 5 s for an answer: none is lost."""
    monkeypatch.setattr(Counting, "_hold", lambda self, _tasks: self._clock.sleep(6))
    cell, sizes = cell_of("taskiq"), Sizes(small=5, large=10, turns=1, warmups=1)

    with Keeper() as keeper:
        counted = count_round(
            cell, job_of(cell, cell.variants[0], sizes, 0), FUNCTIONS, sizes, keeper
        )

    assert [span.tasks for span in counted.spans] == [5, 10]


def test_instructions_are_those_of_compiled_functions():
    """Most of what either side executes is named, and the interpreter's loop is part of it."""
    record = count("fake", Instrument.INSTRUCTIONS)

    for role, prefix in (("worker", ""), ("producer", "enqueue_")):
        executed = [one for one in unpack_compiled(record.compiled) if one.role == role]
        named = sum(one.instructions for one in executed)
        assert named == pytest.approx(
            record.metrics[f"{prefix}instructions_per_task"].value, rel=0.05
        )
        assert "_PyEval_EvalFrameDefault" in {one.symbol for one in executed}


def test_missing_valgrind_is_a_reason_and_no_failure(monkeypatch):
    """Everything else is counted."""
    monkeypatch.setattr(callgrind, "VALGRIND", "no-such-valgrind")
    record = count("fake", Instrument.INSTRUCTIONS, Instrument.ALLOCATIONS)

    assert "no-such-valgrind not found" in record.absent[Instrument.INSTRUCTIONS]
    assert "allocations_per_task" in record.metrics


def test_a_scenario_that_sends_nothing_has_the_costs_of_a_start_only():
    """Lines and modules until the first task was done."""
    record = count("fake", Instrument.FUNCTIONS, spec=scenario())
    assert set(record.metrics) == {"start_lines", "start_modules"}


def test_a_timed_run_has_no_hook_no_valgrind_and_no_profiler(monkeypatch):
    """Neither in the environment of any process nor before its command."""
    started = []
    start = Keeper.start

    def spy(self, name, command, **options):
        started.append((name, command, options["environment"]))
        return start(self, name, command, **options)

    monkeypatch.setattr(Keeper, "start", spy)
    (data,) = measure_live(scenario(burst(20)), "fake")

    assert not data.reason
    commands = {name: command for name, command, _ in started}
    assert commands["the producer"][0] == commands["the fake worker"][0] == sys.executable
    for _, command, environment in started:
        assert "valgrind" not in " ".join(map(str, command))
        assert PY_SPY not in " ".join(map(str, command))
        assert TRACER_VARIABLE not in environment
        assert str(counted_round.ENTRY) not in environment.get("PYTHONPATH", "")
        assert not [name for name in environment if name.startswith("COUNT_")]

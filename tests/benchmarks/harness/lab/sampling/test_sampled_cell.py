"""Sampling real workers, and what stands in the way of it."""

import pytest

from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell import Cell
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.sampling import sampled_cell, tools
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.registry import import_adapter
from benchmarks.harness.shared.spec import Size
from tests.support.live_cells import interpreter, scenario


def data(*phases, reason: str = "") -> CellData:
    """AsyncTasQ in a scenario of *phases*."""
    cell = Cell(
        library="asynctasq",
        adapter=import_adapter("asynctasq"),
        python=interpreter("asynctasq"),
        spec=scenario(*phases),
        size=Size.QUICK,
    )
    return CellData(cell=cell, reason=reason)


SENDING = ("Dispatcher.", "Serializer.", "RedisDriver.", "EventRegistry.", "maybe_await", "encode")


@pytest.mark.slow
def test_functions_of_worker_and_producer_are_seen():
    """The library's own, by qualified name, with the tasks that were done meanwhile.

    Of some four hundred looks at a producer fifteen or so find it in a function of the library's
    own, and a few in any single one: now and then none.
    """
    with Keeper() as keeper:
        answer = sampled_cell.answer(data(burst(60)), keeper, lambda _: None, seed=0)
    assert answer["outcome"] == "sampled", answer["reason"]
    roles = answer["samples"]["roles"]
    for role in roles.values():
        assert role["tasks"] == 2400
        assert role["looks"] > 0
        assert role["cpu_s"] > 0
        assert all(file.startswith("asynctasq/") for file, *_ in role["functions"])
    assert any("RedisDriver" in name for _, name, _ in roles["worker"]["functions"])
    sending = {name for _, name, _ in roles["producer"]["functions"]}
    assert any(one in name for name in sending for one in SENDING), sending


@pytest.mark.slow
def test_without_a_profiler_the_reason_is_the_answer(monkeypatch):
    """Nothing is started."""
    monkeypatch.setattr(tools, "PY_SPY", "no-such-profiler")
    with Keeper() as keeper:
        answer = sampled_cell.answer(data(burst(60)), keeper, lambda _: None, seed=0)
    assert answer["outcome"] == "failed"
    assert "no-such-profiler not found" in answer["reason"]


@pytest.mark.slow
def test_a_scenario_that_sends_nothing_is_not_sampled():
    """There is no time of a task."""
    with Keeper() as keeper:
        answer = sampled_cell.answer(data(), keeper, lambda _: None, seed=0)
    assert (answer["outcome"], answer["reason"]) == ("unsupported", "the scenario sends no tasks")

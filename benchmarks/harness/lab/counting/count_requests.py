"""Counting on demand: a request of `run/line_protocol.py` that says "count" counts one side once.

    in   {"id": 1, "count": true, "label": "base", "library": "asynctasq", "python": null,
          "scenario": "basic_throughput", "size": "quick", "seed": 7,
          "instruments": ["functions", "allocations", "broker"], "rounds": 1, "layout": 0}
    out  {"id": 1, "outcome": "counted", "reason": "", "wall_s": 14.2, "facts": {...},
          "benchmark": "basic_throughput.BasicThroughput", "waiting": false,
          "counts": {... see counts_record.py ...}}

Without "instruments" all are used. The outcome is "counted", "unsupported" or "failed"; an
instrument that fails is no failure, but absent in the counts. Several processes that answer
requests can count side by side: counts do not depend on what else runs.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from benchmarks.harness.lab.counting.counted_cell import CountPlan, Instrument, count_cell
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell_summary import support_of
from benchmarks.harness.lab.results.machine_facts import machine_facts
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.shared.errors import BadSettingError


def plan_of(request: Mapping[str, Any]) -> CountPlan:
    """What a request wants counted.

    Raises:
        BadSettingError: there is no such instrument.
    """
    names = request.get("instruments") or list(Instrument)
    try:
        instruments = tuple(Instrument(name) for name in names)
    except ValueError as error:
        raise BadSettingError("instruments", str(names), ", ".join(Instrument)) from error
    return CountPlan(
        instruments=instruments,
        rounds=int(request.get("rounds") or 1),
        layout=int(request.get("layout") or 0),
    )


def answer(
    data: CellData, plan: CountPlan, keeper: Keeper, progress: Callable[[str], None], *, seed: int
) -> dict[str, object]:
    """Count the cell of *data*, and say what became of it."""
    if data.reason:
        return {"outcome": "failed", "reason": data.reason}
    if not data.cell.variants:
        return {"outcome": "unsupported", "reason": support_of(data).reason}
    counted = count_cell(data.cell, plan, keeper, progress, seed=seed)
    versions = {f"version {name}": text for name, text in counted.versions.items()}
    failed = not counted.record.metrics
    reasons = "; ".join(dict.fromkeys(counted.record.absent.values()))
    return {
        "outcome": "failed" if failed else "counted",
        "reason": reasons if failed else "",
        "facts": {**machine_facts(), **versions},
        "benchmark": f"{data.cell.spec.name}.{data.cell.spec.class_name}",
        "waiting": data.cell.spec.waiting,
        "counts": msgspec.to_builtins(counted.record),
    }

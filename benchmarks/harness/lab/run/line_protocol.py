"""Measuring on demand: one request per line in, one answer per line out, one turn each.

For comparisons that decide from turn to turn what to measure next:

    in   {"id": 1, "label": "base", "library": "celery", "python": null, "scenario": "...",
          "size": "quick", "seed": 7, "parts": 16, "burst_share": 0.15, "paced_share": 0.2}
    out  {"id": 1, "outcome": "measured", "reason": "", "wall_s": 6.1, "facts": {...}, "values":
          [{"benchmark": "...", "params": [], "metric": "...", "unit": "s", "samples": [0.1, ...]}]}

Each request means a fresh broker, fresh workers, a warm-up and, per variant, so many runs ("parts")
of the given shares of the scenario's load: one sample each. Short parts are disturbed or not, where
a long run always is a little. A request with "count" counts instead (counting/count_requests.py),
one with "sample" has a profiler look at one round (sampling/sampled_cell.py): "samples" in its
answer.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.harness.lab.counting import count_requests
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.cell_summary import Origin, summarise
from benchmarks.harness.lab.results.machine_facts import machine_facts
from benchmarks.harness.lab.results.metrics import enqueue_cpu_per_kilotask, main_load
from benchmarks.harness.lab.results.record import MetricRecord
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.run.laboratory import Request, cells_of, opener
from benchmarks.harness.lab.run.measurement import measure
from benchmarks.harness.lab.sampling import sampled_cell
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.shared.errors import HarnessError
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import Pattern, Phase, ScenarioSpec, Size

FEWEST_TASKS = {Pattern.BURST: 40, Pattern.PACED: 20}
"""A part has no fewer, unless the whole has."""

STRETCH = 10
"""Sending is judged by its cheapest ten tasks in a row: what disturbs it lasts less than a part."""

PHASES_OF_OTHERS = 1
"""Every metric of a variant but the first is one of its burst, which comes first."""

PAUSE_S = 0.02
"""Rest within a turn: the queue is drained, and what is compared rests equally long."""


def serve(lines: Iterable[str], progress: Callable[[str], None]) -> None:
    """Answer every request on *lines*; what goes wrong in one is its answer's reason."""
    with Keeper() as keeper:
        for line in lines:
            if line.strip():
                answer = _answer(json.loads(line), keeper, progress)
                sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Into what a turn is divided: *count* runs, each with these shares of the loads."""

    count: int = 1
    burst_share: float = 1.0
    paced_share: float = 1.0

    def of(self, spec: ScenarioSpec, size: Size) -> ScenarioSpec:
        """*spec* with one round of these parts; one run where nothing is sent anyway."""
        whole = spec.plan(size)
        plan = replace(
            whole,
            rounds=1,
            runs_per_round=self.count if whole.phases else 1,
            phases=tuple(map(self._phase, whole.phases)),
            pause_s=min(whole.pause_s, PAUSE_S) if self.count > 1 else whole.pause_s,
            stretch=STRETCH if self.count > 1 else 0,
            phases_of_others=PHASES_OF_OTHERS if self.count > 1 else 0,
        )
        return replace(spec, quick=plan) if size is Size.QUICK else replace(spec, full=plan)

    def _phase(self, phase: Phase) -> Phase:
        share = self.burst_share if phase.pattern is Pattern.BURST else self.paced_share
        fewest = min(phase.tasks, FEWEST_TASKS[phase.pattern])
        parts = phase.parts if self.count == 1 else 1
        return replace(phase, tasks=max(round(phase.tasks * share), fewest), parts=parts)


def _answer(
    question: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    begin_s = time.monotonic()
    base: dict[str, object] = {"id": question["id"], "values": [], "facts": {}}
    try:
        answer = _way(question)(question, keeper, progress)
    except HarnessError as error:
        answer = {"outcome": "failed", "reason": f"{error.message}; try: {error.next_step}"}
    return {**base, **answer, "wall_s": round(time.monotonic() - begin_s, 3)}


def _way(question: Mapping[str, Any]) -> Callable[..., dict[str, object]]:
    if question.get("sample"):
        return _sample
    return _count if question.get("count") else _measure


def _measure(
    question: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    request = _request(question)
    parts = Parts(
        count=int(question.get("parts", 1)),
        burst_share=float(question.get("burst_share", 1)),
        paced_share=float(question.get("paced_share", 1)),
    )
    spec = parts.of(import_spec(request.scenario), request.size)
    (data,) = cells_of(request, spec)
    measure(
        [data],
        open_station=opener(keeper),
        clock=SystemClock(),
        progress=lambda text: progress(f"{question.get('label', '')}: {text}"),
        seed=request.seed,
    )
    cell_record = summarise(data, Origin(facts=machine_facts()))
    versions = {f"version {name}": text for name, text in cell_record.library_versions.items()}
    return {
        "outcome": cell_record.outcome,
        "reason": cell_record.reason,
        "values": _values(spec, {**_costs_of_sending(data), **cell_record.metrics}),
        "facts": {**cell_record.facts, **versions},
    }


def _count(
    question: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    request = _request(question)
    (data,) = cells_of(request, import_spec(request.scenario))
    return count_requests.answer(
        data,
        count_requests.plan_of(question),
        keeper,
        lambda text: progress(f"{question.get('label', '')}: {text}"),
        seed=request.seed,
    )


def _sample(
    question: dict[str, Any], keeper: Keeper, progress: Callable[[str], None]
) -> dict[str, object]:
    request = _request(question)
    (data,) = cells_of(request, import_spec(request.scenario))

    def say(text: str) -> None:
        progress(f"{question.get('label', '')}: {text}")

    return sampled_cell.answer(data, keeper, say, seed=request.seed)


def _request(question: dict[str, Any]) -> Request:
    python = Path(question["python"]) if question.get("python") else None
    return Request(
        scenario=question["scenario"],
        libraries={question["library"]: python},
        tracked=question["library"] if python else "",
        size=Size(question.get("size") or Size.QUICK),
        seed=int(question.get("seed") or 0),
    )


def _costs_of_sending(data: CellData) -> dict[str, MetricRecord]:
    """What is compared and not stored by asv: the dispatcher's own cost, nearly without noise."""
    if not data.runs:
        return {}
    main = [run for run in data.runs if run.variant == data.cell.variants[0].name]
    bursts = [phase for run in main if (phase := main_load(run, Pattern.BURST)) is not None]
    samples = [cost for phase in bursts if (cost := enqueue_cpu_per_kilotask(phase)) is not None]
    name = "enqueue_cpu_per_kilotask"
    return {name: MetricRecord(unit="s", samples=samples)} if samples else {}


def _values(spec: ScenarioSpec, cell_record: Mapping[str, MetricRecord]) -> list[dict[str, object]]:
    """The samples of every metric, under asv's full name; their spread is the asker's to judge."""
    return [
        {
            "benchmark": f"{spec.name}.{spec.class_name}.track_{name}",
            "params": [],
            "metric": name,
            "unit": metric.unit,
            "samples": metric.samples,
        }
        for name, metric in cell_record.items()
        if name != "throughput_cv"
    ]

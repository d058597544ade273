"""From what a cell yielded to its record. Pure, but for what it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.harness.lab.results import curves, histogram, metrics, validation
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.counts_record import CountsRecord
from benchmarks.harness.lab.results.record import (
    SCHEMA,
    CellRecord,
    CurvesRecord,
    HistogramRecord,
    MetricRecord,
    PhaseRecord,
    RunRecord,
    SupportRecord,
    ValidationRecord,
    WarmupRecord,
)
from benchmarks.harness.lab.results.run_data import CellData, PhaseData, RunData
from benchmarks.harness.shared.adapter import Support
from benchmarks.harness.shared.adapter_support import overall
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.registry import resolve
from benchmarks.harness.shared.spec import HARNESS_VERSION, Pattern

COUNTED_ONLY = "counted"
"""Outcome of a cell that was not timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where and when a measurement was made; only the facts matter when it is not stored."""

    facts: Mapping[str, str]
    commit: str = ""
    environment: str = ""
    machine: str = ""
    started_at_ms: int = 0
    finished_at_ms: int = 0


def support_of(data: CellData) -> Support:
    """The library's support for the scenario."""
    spec, library = data.cell.spec, data.cell.library
    variants = spec.variants_for(library)
    return overall([data.cell.adapter.support(spec.name, variant.name) for variant in variants])


def samples_of(data: CellData) -> dict[str, list[float]]:
    """Samples of the scenario's metrics: common ones from its first variant, then its own.

    Raises:
        CellFailedError: a metric of the scenario could not be measured; it says which.
    """
    spec = data.cell.spec
    main = [run for run in data.runs if run.variant == data.cell.variants[0].name]
    samples = metrics.common(main)
    if spec.extra_metrics:
        samples |= resolve(spec.extra_metrics)(tuple(data.runs))
    lacking = {v.name for v in spec.variants} - {v.name for v in data.cell.variants}
    offered = [metric.name for metric in spec.metrics if metric.variant not in lacking]
    wanted = [name for name in offered if name != "throughput_cv" or len(main) > 1]
    missing = [name for name in wanted if not samples.get(name)]
    if missing:
        raise CellFailedError(f"could not be measured: {', '.join(missing)}")
    return {name: samples[name] for name in wanted}


def summarise(data: CellData, origin: Origin) -> CellRecord:
    """The record of a cell, whatever became of it."""
    cell, support = data.cell, support_of(data)
    outcome, reason, samples = _outcome_of(data, support)
    main = [r for r in data.runs if cell.variants and r.variant == cell.variants[0].name]
    throughput = [metrics.of_run(run).get("throughput") for run in main]
    measured = [value for value in throughput if value is not None]
    marks = validation.outliers(measured) if len(measured) == len(main) else [False] * len(main)
    outlier = {id(run): mark for run, mark in zip(main, marks, strict=True)}
    cv = metrics.variation(measured)
    return CellRecord(
        schema=SCHEMA,
        library=cell.library,
        library_versions=data.versions,
        scenario=cell.spec.name,
        scenario_version=cell.spec.version,
        harness_version=HARNESS_VERSION,
        title=cell.spec.title,
        size=cell.size,
        support=SupportRecord(level=support.level, reason=support.reason),
        tracked=cell.tracked,
        commit=origin.commit,
        environment=origin.environment,
        machine=origin.machine,
        started_at_ms=origin.started_at_ms,
        finished_at_ms=origin.finished_at_ms,
        facts={**origin.facts, **data.facts},
        outcome=outcome,
        reason=reason,
        runs=[_run(run, outlier.get(id(run), False)) for run in data.runs],
        metrics=samples | counted_metrics(data.counts),
        validation=ValidationRecord(
            throughput_cv=cv, grade=validation.grade(cv), warnings=validation.warnings_of(main)
        ),
        histogram=_histogram(main),
        curves=_curves(main, data.runs),
        counts=data.counts,
    )


def counted_metrics(counts: CountsRecord | None) -> dict[str, MetricRecord]:
    """The samples of what was counted, one per round."""
    metrics = counts.metrics if counts is not None else {}
    return {
        name: MetricRecord(unit=metric.unit, samples=metric.samples)
        for name, metric in metrics.items()
    }


def _outcome_of(data: CellData, support: Support) -> tuple[str, str, dict[str, MetricRecord]]:
    """Outcome, reason and samples."""
    if not data.cell.variants:
        return "unsupported", support.reason, {}
    if data.reason:
        return "failed", data.reason, {}
    if not data.runs and data.counts is not None:
        return COUNTED_ONLY, "", {}
    try:
        _cross_check(data)
        units = {metric.name: metric.unit for metric in data.cell.spec.metrics}
        samples = samples_of(data)
    except CellFailedError as error:
        return "failed", error.reason, {}
    records = {n: MetricRecord(unit=units[n], samples=values) for n, values in samples.items()}
    return "measured", "", records


def _cross_check(data: CellData) -> None:
    """The broker's own backlog must agree with the stamps; chains queue what we do not stamp."""
    cell = data.cell
    for variant in cell.variants:
        if any(task.then or task.max_retries for task in variant.tasks):
            continue
        buffer = cell.adapter.local_buffer(variant.workers)
        for run in (r for r in data.runs if r.variant == variant.name):
            for phase in run.phases:
                if said := validation.backlog_disagreement(phase, buffer):
                    raise CellFailedError(said)


def _run(run: RunData, outlier: bool) -> RunRecord:  # noqa: FBT001
    warmup = None
    if run.warmup is not None:
        rates = list(run.warmup.rates_per_s)
        warmup = WarmupRecord(verdict=run.warmup.verdict, tasks=run.warmup.tasks, rates=rates)
    return RunRecord(
        variant=run.variant,
        round=run.round,
        order=run.order,
        index=run.index,
        seconds_to_ready=run.seconds_to_ready,
        warmup=warmup,
        phases=[
            _load(list(parts)) for _, parts in groupby(run.phases, key=lambda data: id(data.phase))
        ],
        warnings=validation.run_warnings(run),
        outlier=outlier,
    )


def _load(parts: Sequence[PhaseData]) -> PhaseRecord:
    """One load of a run, of all its *parts*."""
    first, stamps = parts[0], [part.stamps for part in parts]
    return PhaseRecord(
        name=first.phase.name,
        pattern=first.phase.pattern,
        tasks=sum(part.tasks for part in parts),
        rate_per_s=first.rate_per_s or None,
        metrics=metrics.of_load(parts),
        lost=sum(map(st.lost, stamps)),
        doubled=sum(map(st.doubled, stamps)),
        failed=sum(map(st.failures, stamps)),
    )


def _histogram(runs: Sequence[RunData]) -> HistogramRecord | None:
    paced = [part for run in runs for part in metrics.main_parts(run, Pattern.PACED)]
    if not paced:
        return None
    whole = histogram.merged(st.latency_s(phase.stamps) for phase in paced)
    return HistogramRecord(
        unit="us",
        significant_digits=histogram.DIGITS,
        encoded=histogram.encoded(whole),
        count=whole.get_total_count(),
        curve=histogram.curve(whole),
    )


def _curves(runs: Sequence[RunData], everything: Sequence[RunData]) -> CurvesRecord | None:
    """Those of the burst, or part of one, with the median throughput."""
    rated = [
        (rate, run, burst)
        for run in runs
        for burst in metrics.main_parts(run, Pattern.BURST)
        if (rate := st.throughput_per_s(burst.stamps))
    ]
    if not rated:
        return None
    rated.sort(key=lambda row: row[0])
    _, run, burst = rated[len(rated) // 2]
    position = next(i for i, other in enumerate(everything) if other is run)
    return curves.of_phase(burst, position)

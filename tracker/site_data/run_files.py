"""Run records to run files, and the table of them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import isfinite
from statistics import median

from tracker.model.catalogue import METRICS
from tracker.model.metric_titles import metric_title
from tracker.model.run_record import Curves, Histogram, Run, RunRecord
from tracker.site_data.rounding import number
from tracker.site_data.schema import SCHEMA_VERSION, Curve, Headline, RunFile, RunSample, RunTable

CURVES = {
    "depth": ("queue depth", "tasks"),
    "throughput": ("throughput", "tasks/s"),
    "cpu_percent": ("cpu", "%"),
    "memory_bytes": ("memory", "B"),
    "broker_backlog": ("broker backlog", "tasks"),
}
# Units of what only run records hold.
RECORD_UNITS = {"broker_cpu_per_kilotask": "s", "broker_memory_peak": "B", "foreign_cpu": "cores"}
HEADLINES = ("throughput", "latency_p50", "latency_p99", "cpu_per_kilotask", "memory_peak")
_TEXT_LIMIT = 2_000
# Means over the interval before their time: the last one may be cut short.
_RATES = {"throughput", "cpu_percent"}
_WHOLE = 0.9
_PERCENT_PER_MS = 100 / 1000


def run_table(runs: Iterable[tuple[RunFile, str]], shas: Sequence[str]) -> RunTable:
    """Return which runs there are; runs of commits outside the history are left out."""
    positions = {sha: i for i, sha in enumerate(shas)}
    rows = [(run, name, positions[run.sha]) for run, name in runs if run.sha in positions]
    rows.sort(key=lambda k: (k[0].scenario, k[0].library, k[0].machine, k[0].environment, k[2]))
    return RunTable(
        scenario=[run.scenario for run, _, _ in rows],
        library=[run.library for run, _, _ in rows],
        machine=[run.machine for run, _, _ in rows],
        environment=[run.environment for run, _, _ in rows],
        position=[position for _, _, position in rows],
        outcome=[run.outcome for run, _, _ in rows],
        file=[name for _, name, _ in rows],
    )


def run_file(record: RunRecord) -> RunFile:
    """Return the file of one record; what a record lacks is shown as absent."""
    runs = [_sample(run) for run in record.runs]
    units = _units(record, runs)
    quantiles, latencies = _distribution(record.histogram)
    return RunFile(
        schema_version=SCHEMA_VERSION,
        scenario=record.scenario,
        title=record.title,
        library=record.library,
        machine=record.machine,
        environment=record.environment,
        sha=record.commit,
        outcome=record.outcome,
        reason=record.reason[:_TEXT_LIMIT],
        facts=_facts(record),
        headlines=_headlines(runs, units),
        units=units,
        titles={name: metric_title(name) for name in units},
        runs=runs,
        histogram=_histogram(quantiles, latencies),
        percentiles=_curve("latency", "s", quantiles, latencies),
        curves=_curves(record.curves) if record.curves else [],
        throughput_cv=_figure(record.validation.throughput_cv),
        grade=record.validation.grade,
        warnings=_texts(record.validation.warnings),
    )


def _facts(record: RunRecord) -> list[list[str]]:
    facts = {
        "size": record.size,
        "scenario version": str(record.scenario_version),
        "harness version": str(record.harness_version),
        "support": f"{record.support.level} {record.support.reason}".strip(),
        **record.facts,
        **record.library_versions,
    }
    return [[key, value[:_TEXT_LIMIT]] for key, value in facts.items() if value]


def _sample(run: Run) -> RunSample:
    figures: dict[str, float | None] = {}
    for phase in run.phases:
        for name, value in phase.metrics.items():
            if figures.get(name) is None:
                figures[name] = _figure(value)
    return RunSample(
        variant=run.variant,
        round=run.round,
        outlier=run.outlier,
        warmup=run.warmup.verdict if run.warmup else "",
        figures=figures,
        warnings=_texts(run.warnings),
        lost=_total(phase.lost for phase in run.phases),
        doubled=_total(phase.doubled for phase in run.phases),
    )


def _total(counts: Iterable[int | None]) -> int | None:
    """Return the sum, None where nothing was counted."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _headlines(runs: Sequence[RunSample], units: Mapping[str, str]) -> list[Headline]:
    """Return the figures of `HEADLINES` that were measured, each as the median of the runs."""
    lines: list[Headline] = []
    for name in HEADLINES:
        values = [value for run in runs if (value := run.figures.get(name)) is not None]
        if values:
            lines.append(
                Headline(
                    name=name, title=metric_title(name), unit=units[name],
                    better=METRICS[name].better.value, value=number(median(values)),
                )
            )  # fmt: skip
    return lines


def _units(record: RunRecord, runs: Sequence[RunSample]) -> dict[str, str]:
    """Return the unit of each figure, in the order of the catalogue, then of the record."""
    names = dict.fromkeys(name for run in runs for name in run.figures)
    order = [name for name in METRICS if name in names]
    order += [name for name in names if name not in METRICS]
    known = RECORD_UNITS | {name: metric.unit for name, metric in METRICS.items()}
    stated = {name: samples.unit for name, samples in record.metrics.items()}
    return {name: stated.get(name, known.get(name, "")) for name in order}


def _distribution(histogram: Histogram | None) -> tuple[list[float], list[float]]:
    """Return quantiles and latencies of the ready-made percentile curve, ascending."""
    curve = dict(histogram.curve) if histogram else {}
    quantiles = sorted(quantile for quantile in curve if 0 <= quantile <= 1)
    return [_short(one) for one in quantiles], [_short(curve[one]) for one in quantiles]


def _histogram(quantiles: Sequence[float], latencies: Sequence[float]) -> Curve | None:
    """Return how densely tasks lie between each recorded latency and the one before; 0 at first.

    In percent of all tasks per millisecond: a share per second means nothing to a reader.
    """
    ends: list[float] = []
    shares: list[float] = []
    points = zip(quantiles, latencies, strict=True)
    for (low_q, low), (high_q, high) in pairwise(points):
        if high > low and high_q > low_q:
            if not ends:
                ends, shares = [_short(low)], [0.0]
            ends.append(_short(high))
            shares.append(_short((high_q - low_q) / (high - low) * _PERCENT_PER_MS))
    return _curve("tasks per millisecond of latency", "%", ends, shares)


def _curves(curves: Curves) -> list[Curve]:
    """Return each curve at the times at which it was sampled; they differ in their rates."""
    lines: list[Curve] = []
    for key, (name, unit) in CURVES.items():
        pairs = zip(curves.time_s, getattr(curves, key), strict=False)
        points = [(_short(time), _short(value)) for time, value in pairs if value is not None]
        points = _whole_intervals(points) if key in _RATES else points
        line = _curve(name, unit, [time for time, _ in points], [value for _, value in points])
        lines += [line] if line else []
    return lines


def _whole_intervals(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out the last point of a rate where the run ended within its interval."""
    times = [time for time, _ in points]
    steps = [after - before for before, after in pairwise(times)]
    return points[:-1] if len(steps) > 1 and steps[-1] < _WHOLE * median(steps) else points


def _curve(name: str, unit: str, x: list[float], y: list[float]) -> Curve | None:
    return Curve(name=name, unit=unit, x=x, y=list(y)) if x else None


def _short(value: float) -> float:
    return number(value) or 0.0


def _figure(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else number(value)


def _texts(texts: Iterable[str]) -> list[str]:
    return [text[:_TEXT_LIMIT] for text in texts]

"""From runs to numbers: the common metrics, one sample per run. Pure.

Names, units and directions are those of tracker/model/catalogue.py; a test compares them. Of
several bursts in a run the largest counts, and of its parts the median. A number that could not be
measured is None, never a guess.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median, stdev

import numpy as np

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.run_data import PhaseData, RunData
from benchmarks.harness.shared.spec import Pattern

type Number = float | None

FEWEST = 2
"""Values without which there is no difference, and no spread."""


def main_load(run: RunData, pattern: Pattern) -> PhaseData | None:
    """The largest phase of *pattern*, the first one of equals."""
    return next(iter(main_parts(run, pattern)), None)


def main_parts(run: RunData, pattern: Pattern) -> Sequence[PhaseData]:
    """The parts of the largest phase of *pattern*, the first one of equals."""
    loads = [data for data in run.phases if data.phase.pattern is pattern]
    largest = max((data.phase for data in loads), key=lambda phase: phase.tasks, default=None)
    return [data for data in loads if data.phase is largest]


def cpu_s(phase: PhaseData) -> Number:
    """CPU seconds of the worker tree during the phase, exact: the counter's two ends."""
    if len(phase.samples) < FEWEST:
        return None
    return max(phase.samples[-1].cpu_s - phase.samples[0].cpu_s, 0.0)


def _duration_s(phase: PhaseData) -> float:
    return (phase.samples[-1].at_ns - phase.samples[0].at_ns) / st.NS


def cpu_percent(phase: PhaseData) -> Number:
    """Mean CPU of the worker tree, in percent of one core."""
    used_s = cpu_s(phase)
    return None if used_s is None else 100.0 * used_s / _duration_s(phase)


def cpu_per_kilotask(phase: PhaseData) -> Number:
    """CPU seconds of the worker tree per 1,000 tasks."""
    used_s = cpu_s(phase)
    return None if used_s is None else 1000.0 * used_s / phase.tasks


def memory_mean(phase: PhaseData) -> Number:
    """Mean resident memory of the worker tree, in bytes."""
    return fmean(s.memory_bytes for s in phase.samples) if phase.samples else None


def memory_peak(phase: PhaseData) -> Number:
    """Largest resident memory of the worker tree that was seen, in bytes."""
    return max((s.memory_bytes for s in phase.samples), default=None)


def enqueue_cpu_per_kilotask(phase: PhaseData) -> Number:
    """CPU seconds of the producer per 1,000 tasks, where it says: the cost of sending."""
    return None if phase.sending_cpu_s is None else 1000.0 * phase.sending_cpu_s / phase.tasks


def broker_cpu_per_kilotask(phase: PhaseData) -> Number:
    """CPU seconds of the broker per 1,000 tasks, where it says."""
    ends = [s.broker_cpu_s for s in phase.samples if s.broker_cpu_s is not None]
    return 1000.0 * (ends[-1] - ends[0]) / phase.tasks if len(ends) >= FEWEST else None


def broker_memory_peak(phase: PhaseData) -> Number:
    """Largest resident memory of the broker that was seen, in bytes."""
    seen = [s.broker_memory_bytes for s in phase.samples if s.broker_memory_bytes is not None]
    return max(seen, default=None)


def foreign_cpu(phase: PhaseData) -> Number:
    """Cores that processes other than ours kept busy on average: 0 on a machine of one's own."""
    if len(phase.samples) < FEWEST:
        return None
    used_s = phase.samples[-1].foreign_cpu_s - phase.samples[0].foreign_cpu_s
    return max(used_s, 0.0) / _duration_s(phase)


def _latency(percent: float) -> Callable[[PhaseData], Number]:
    return lambda phase: st.percentile(st.latency_s(phase.stamps), percent)


BURST: Mapping[str, Callable[[PhaseData], Number]] = {
    "throughput": lambda p: st.throughput_per_s(p.stamps),
    "enqueue_rate": lambda p: st.enqueue_rate_per_s(p.stamps),
    "processing_rate": lambda p: st.processing_rate_per_s(p.stamps),
    "queue_depth_max": lambda p: float(st.depth_max(p.stamps)),
    "queue_age_max": lambda p: st.queue_age_max_s(p.stamps),
    "cpu_percent": cpu_percent,
    "cpu_per_kilotask": cpu_per_kilotask,
    "memory_mean": memory_mean,
    "memory_peak": memory_peak,
}

PACED: Mapping[str, Callable[[PhaseData], Number]] = {
    "latency_p50": _latency(50),
    "latency_p95": _latency(95),
    "latency_p99": _latency(99),
    "latency_p999": _latency(99.9),
    "wait_p50": lambda p: st.percentile(st.wait_s(p.stamps), 50),
    "execution_p50": lambda p: st.percentile(st.execution_s(p.stamps), 50),
}


AROUND: Mapping[str, Callable[[PhaseData], Number]] = {
    "enqueue_cpu_per_kilotask": enqueue_cpu_per_kilotask,
    "broker_cpu_per_kilotask": broker_cpu_per_kilotask,
    "broker_memory_peak": broker_memory_peak,
    "foreign_cpu": foreign_cpu,
}
"""What else happened during a phase of either pattern; in the record, not among asv's metrics."""


PEAKS = frozenset({"memory_peak", "broker_memory_peak"})
"""Of a load in parts these are those of the whole; everything else is the median part's."""


def failure_rate(run: RunData) -> Number:
    """Tasks that never ended well, over all tasks of all phases."""
    total = sum(len(p.stamps) for p in run.phases)
    bad = sum(st.lost(p.stamps) + st.failures(p.stamps) for p in run.phases)
    return bad / total if total else None


def of_phase(phase: PhaseData) -> dict[str, Number]:
    """The metrics that *phase* gives, by its pattern."""
    table = BURST if phase.phase.pattern is Pattern.BURST else PACED
    return {name: compute(phase) for name, compute in {**table, **AROUND}.items()}


def of_run(run: RunData) -> dict[str, Number]:
    """The common metrics of one run; those without a phase for them are left out."""
    numbers: dict[str, Number] = {}
    for pattern in (Pattern.BURST, Pattern.PACED):
        if parts := main_parts(run, pattern):
            numbers |= {n: v for n, v in of_load(parts).items() if n not in AROUND}
    rate = failure_rate(run)
    return numbers if rate is None else {**numbers, "failure_rate": rate}


def of_load(parts: Sequence[PhaseData]) -> dict[str, Number]:
    """The metrics of a load by those of its *parts*: medians, and the highest of peaks."""
    columns = [of_phase(part) for part in parts]
    return {name: _of_parts(name, [column[name] for column in columns]) for name in columns[0]}


def _of_parts(name: str, values: Sequence[Number]) -> Number:
    """None unless all have a value."""
    measured = [value for value in values if value is not None]
    if len(measured) < len(values):
        return None
    return max(measured) if name in PEAKS else float(median(measured))


def variation(values: Sequence[float]) -> Number:
    """Coefficient of variation: sample standard deviation (n - 1) over the mean."""
    if len(values) < FEWEST or fmean(values) <= 0:
        return None
    return stdev(values) / fmean(values)


def common(runs: Sequence[RunData]) -> dict[str, list[float]]:
    """Samples of every common metric that all *runs* could measure, in the order of the runs."""
    columns: dict[str, list[float]] = {}
    for run in runs:
        for name, value in of_run(run).items():
            if value is not None and np.isfinite(value):
                columns.setdefault(name, []).append(float(value))
    whole = {name: values for name, values in columns.items() if len(values) == len(runs)}
    cv = variation(whole.get("throughput", []))
    return whole if cv is None else {**whole, "throughput_cv": [cv]}

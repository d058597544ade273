"""The common metrics: names and units, as in tracker/model/catalogue.py. Standard library only."""

from benchmarks.harness.shared.spec import MetricSpec

_UNITS = {
    "throughput": "tasks/s",
    "latency_p50": "s",
    "latency_p95": "s",
    "latency_p99": "s",
    "latency_p999": "s",
    "throughput_cv": "ratio",
    "cpu_percent": "%",
    "cpu_per_kilotask": "s",
    "memory_mean": "B",
    "memory_peak": "B",
    "enqueue_rate": "tasks/s",
    "processing_rate": "tasks/s",
    "queue_depth_max": "tasks",
    "failure_rate": "ratio",
    "wait_p50": "s",
    "execution_p50": "s",
    "queue_age_max": "s",
}

COMMON = tuple(MetricSpec(name=name, unit=unit) for name, unit in _UNITS.items())
"""All of them: for scenarios with a burst and a paced load."""


def named(*names: str) -> tuple[MetricSpec, ...]:
    """The common metrics called *names*."""
    return tuple(MetricSpec(name=name, unit=_UNITS[name]) for name in names)

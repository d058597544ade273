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

COUNTED_UNITS = {
    "instructions_per_task": "instructions",
    "enqueue_instructions_per_task": "instructions",
    "lines_per_task": "lines",
    "enqueue_lines_per_task": "lines",
    "calls_per_task": "calls",
    "enqueue_calls_per_task": "calls",
    "all_lines_per_task": "lines",
    "enqueue_all_lines_per_task": "lines",
    "allocations_per_task": "allocations",
    "enqueue_allocations_per_task": "allocations",
    "broker_commands_per_task": "commands",
    "round_trips_per_task": "round trips",
    "bytes_sent_per_task": "B",
    "bytes_received_per_task": "B",
    "transactions_per_task": "transactions",
    "wal_bytes_per_task": "B",
    "start_lines": "lines",
    "start_modules": "modules",
    "start_instructions": "instructions",
}
"""What a counting run can tell of any scenario; a number that it cannot is absent."""

COUNTED = tuple(MetricSpec(name=name, unit=unit) for name, unit in COUNTED_UNITS.items())

COMMON = tuple(MetricSpec(name=name, unit=unit) for name, unit in _UNITS.items())
"""All of them: for scenarios with a burst and a paced load."""


def named(*names: str) -> tuple[MetricSpec, ...]:
    """The common metrics called *names*."""
    return tuple(MetricSpec(name=name, unit=_UNITS[name]) for name in names)

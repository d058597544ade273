"""The metrics we know: unit, direction, floor, and whether they gate.

A benchmark method `track_<name>` is looked up here by its name. Foreign benchmarks fall back on
what asv says of them (`history.direction`). A test compares this table with the benchmarks.
"""

from tracker.model import Better, Metric, Tier

_L, _H = Better.LOWER, Better.HIGHER
_P, _S, _D = Tier.PRIMARY, Tier.SECONDARY, Tier.DIAGNOSTIC

_ROWS = (
    # name, unit, better, floor, gates, tier, description
    ("throughput", "tasks/s", _H, 0.03, True, _P, "Tasks finished per second of a burst."),
    ("latency_p50", "s", _L, 0.05, True, _P, "Median time from due to finished, paced load."),
    ("latency_p95", "s", _L, 0.05, True, _P, "95th percentile of latency, paced load."),
    ("latency_p99", "s", _L, 0.10, False, _P, "99th percentile of latency, paced load."),
    ("latency_p999", "s", _L, 0.20, False, _P, "99.9th percentile of latency, paced load."),
    ("throughput_cv", "ratio", _L, 0.50, False, _P, "Coefficient of variation over the runs."),
    ("cpu_percent", "%", _L, 0.05, False, _P, "Mean worker CPU, percent of a core."),
    ("cpu_per_kilotask", "s", _L, 0.03, True, _P, "Worker CPU seconds per 1,000 tasks."),
    ("memory_mean", "B", _L, 0.03, True, _P, "Mean resident memory of the worker tree."),
    ("memory_peak", "B", _L, 0.03, True, _P, "Peak resident memory of the worker tree."),
    ("enqueue_rate", "tasks/s", _H, 0.03, True, _S, "Tasks sent per second of a burst."),
    ("processing_rate", "tasks/s", _H, 0.03, False, _S, "Tasks finished per second of work."),
    ("queue_depth_max", "tasks", _L, 0.10, False, _S, "Largest number of unfinished tasks."),
    ("failure_rate", "ratio", _L, 0.0, True, _S, "Failed tasks over all tasks."),
    ("wait_p50", "s", _L, 0.05, False, _D, "Median time from sent to started."),
    ("execution_p50", "s", _L, 0.05, False, _D, "Median time from started to finished."),
    ("queue_age_max", "s", _L, 0.10, False, _D, "Longest time that the oldest task waited."),
)

METRICS: dict[str, Metric] = {
    name: Metric(
        name=name,
        unit=unit,
        better=better,
        floor=floor,
        gates=gates,
        tier=tier,
        description=description,
    )
    for name, unit, better, floor, gates, tier, description in _ROWS
}


def find(method: str) -> Metric | None:
    """Return the metric of an asv method name such as `track_throughput`, if it is ours."""
    return METRICS.get(method.removeprefix("track_"))

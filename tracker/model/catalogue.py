"""The metrics we know: unit, direction, floor, and whether they gate.

A benchmark method `track_<name>` is looked up here by its name. Foreign benchmarks fall back on
what asv says of them (`history.direction`). A test compares this table with the benchmarks.
"""

from tracker.model import Better, Metric, Tier

_L, _H = Better.LOWER, Better.HIGHER
_P, _S, _D = Tier.PRIMARY, Tier.SECONDARY, Tier.DIAGNOSTIC

_METRICS = (
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
    ("enqueue_cpu_per_kilotask", "s", _L, 0.03, True, _S, "Producer CPU seconds per 1,000 tasks."),
    ("processing_rate", "tasks/s", _H, 0.03, False, _S, "Tasks finished per second of work."),
    ("queue_depth_max", "tasks", _L, 0.10, False, _S, "Largest number of unfinished tasks."),
    ("failure_rate", "ratio", _L, 0.0, True, _S, "Failed tasks over all tasks."),
    ("wait_p50", "s", _L, 0.05, False, _D, "Median time from sent to started."),
    ("execution_p50", "s", _L, 0.05, False, _D, "Median time from started to finished."),
    ("queue_age_max", "s", _L, 0.10, False, _D, "Longest time that the oldest task waited."),
    ("throughput_wide", "tasks/s", _H, 0.03, True, _P, "Throughput at a concurrency of 100."),
    ("concurrency_use", "ratio", _H, 0.03, False, _S, "Throughput as a share of the ideal."),
    ("throughput_threads", "tasks/s", _H, 0.05, False, _S, "Anti-pattern: CPU work on threads."),
    ("throughput_event_loop", "tasks/s", _H, 0.05, False, _S, "Anti-pattern: CPU in coroutines."),
    ("latency_io_p95", "s", _L, 0.05, False, _P, "95th percentile of latency, I/O tasks."),
    ("latency_light_p95", "s", _L, 0.05, True, _P, "95th percentile of latency, light tasks."),
    ("latency_heavy_p95", "s", _L, 0.05, False, _P, "95th percentile of latency, heavy tasks."),
    ("throughput_small", "tasks/s", _H, 0.03, True, _P, "Throughput with small arguments."),
    ("throughput_nested", "tasks/s", _H, 0.03, True, _P, "Throughput with nested arguments."),
    ("throughput_binary", "tasks/s", _H, 0.03, True, _P, "Throughput with 16 kB of bytes."),
    ("throughput_record", "tasks/s", _H, 0.03, True, _P, "Throughput with typed records."),
    ("bytes_per_task_small", "B", _L, 0.02, True, _S, "Broker memory of a waiting small task."),
    ("bytes_per_task_nested", "B", _L, 0.02, True, _S, "Broker memory of a waiting nested task."),
    ("bytes_per_task_binary", "B", _L, 0.02, True, _S, "Broker memory of a waiting binary task."),
    ("bytes_per_task_record", "B", _L, 0.02, True, _S, "Broker memory of a waiting record task."),
    ("throughput_smallest", "tasks/s", _H, 0.05, False, _S, "Throughput of the smallest burst."),
    ("throughput_largest", "tasks/s", _H, 0.03, True, _P, "Throughput of the largest burst."),
    ("growth_exponent", "exponent", _L, 0.05, True, _P, "Growth of time with tasks; 1 is linear."),
    ("order_latency_p50", "s", _L, 0.05, True, _P, "Median time from order due to last step."),
    ("order_latency_p95", "s", _L, 0.05, True, _P, "95th percentile of the time of an order."),
    ("order_latency_p99", "s", _L, 0.10, False, _P, "99th percentile of the time of an order."),
    ("retry_rate", "ratio", _L, 0.50, False, _D, "Steps that were tried again, over all steps."),
    ("time_to_first_task", "s", _L, 0.05, True, _P, "From starting workers to the first task."),
    ("time_to_ready", "s", _L, 0.05, True, _P, "From starting workers to full concurrency."),
    ("wait_high_p50", "s", _L, 0.10, False, _S, "Median wait, high priority, overload."),
    ("wait_high_p95", "s", _L, 0.10, True, _P, "95th percentile of wait, high priority."),
    ("wait_default_p50", "s", _L, 0.10, False, _S, "Median wait, default priority, overload."),
    ("wait_default_p95", "s", _L, 0.10, False, _S, "95th percentile of wait, default priority."),
    ("wait_low_p50", "s", _L, 0.10, False, _S, "Median wait, low priority, overload."),
    ("wait_low_p95", "s", _L, 0.10, False, _S, "95th percentile of wait, low priority."),
    ("queue_fairness", "ratio", _H, 0.10, False, _D, "Jain's index of the waits; 1 is even."),
    ("throughput_with_events", "tasks/s", _H, 0.03, True, _P, "Throughput with events on."),
    ("event_latency_p50", "s", _L, 0.10, False, _S, "Median time from event to its receipt."),
    ("event_latency_p99", "s", _L, 0.20, False, _S, "99th percentile of event delivery."),
    ("event_loss", "ratio", _L, 0.0, True, _P, "Ends of tasks that no event told of."),
    ("request_latency_p50", "s", _L, 0.05, True, _P, "Median latency of HTTP requests, paced."),
    ("request_latency_p99", "s", _L, 0.10, False, _P, "99th percentile of HTTP requests, paced."),
    ("request_rate", "requests/s", _H, 0.03, True, _S, "HTTP requests answered per second."),
)

# CPU time of tasks. A busy machine shows in it as it does in that of any other library, while what
# waits and what is done in a second depends on how a library takes turns with others.
CPU_TIMES = frozenset({"cpu_per_kilotask", "enqueue_cpu_per_kilotask"})

# Counted costs. The scatter is that between counts of equal code (docs/counting.md); a new round
# trip gates, two new lines of Python do not: they are evidence.
_COUNTED_METRICS = (
    # name, unit, floor, gates, tier, scatter, description
    ("instructions_per_task", "instructions", 0.01, True, _P, 0.002, "CPU instructions, worker."),
    ("broker_commands_per_task", "commands", 0.005, True, _P, 0.002, "Broker commands of a task."),
    ("round_trips_per_task", "round trips", 0.02, True, _P, 0.005, "Reads at the broker per task."),
    ("transactions_per_task", "transactions", 0.02, True, _P, 0.005, "Writing transactions."),
    ("enqueue_instructions_per_task", "instructions", 0.01, True, _S, 0.002,
     "CPU instructions, producer."),
    ("lines_per_task", "lines", 0.0, False, _S, 0.0, "Worker's own Python lines."),
    ("all_lines_per_task", "lines", 0.01, False, _S, 0.002, "Python lines, all packages."),
    ("allocations_per_task", "allocations", 0.02, True, _S, 0.001, "Memory allocations, worker."),
    ("bytes_sent_per_task", "B", 0.02, True, _S, 0.002, "Bytes of a task to the broker."),
    ("bytes_received_per_task", "B", 0.02, True, _S, 0.002, "Bytes of a task from the broker."),
    ("start_instructions", "instructions", 0.02, True, _S, 0.005, "CPU instructions of a start."),
    ("start_modules", "modules", 0.02, False, _S, 0.0, "Modules that a start imports."),
    ("start_lines", "lines", 0.02, False, _D, 0.001, "Python lines until the first task is done."),
    ("enqueue_lines_per_task", "lines", 0.0, False, _D, 0.0, "Own Python lines to send a task."),
    ("calls_per_task", "calls", 0.0, False, _D, 0.0, "Calls by the worker's own lines."),
    ("enqueue_calls_per_task", "calls", 0.0, False, _D, 0.0, "Calls by the producer's own lines."),
    ("enqueue_all_lines_per_task", "lines", 0.01, False, _D, 0.0005,
     "Python lines, producer, all packages."),
    ("enqueue_allocations_per_task", "allocations", 0.02, True, _D, 0.0005,
     "Memory allocations, producer."),
    ("wal_bytes_per_task", "B", 0.05, False, _D, 0.02, "Bytes of a task in PostgreSQL's log."),
)  # fmt: skip

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
    for name, unit, better, floor, gates, tier, description in _METRICS
} | {
    name: Metric(
        name=name,
        unit=unit,
        better=_L,
        floor=floor,
        gates=gates,
        tier=tier,
        description=description,
        count_scatter=scatter,
    )
    for name, unit, floor, gates, tier, scatter, description in _COUNTED_METRICS
}


COUNTED = frozenset(name for name, *_ in _COUNTED_METRICS)
"""Those that are counted, not timed (docs/counting.md)."""


def find(method: str) -> Metric | None:
    """Return the metric of an asv method name such as `track_throughput`, if it is ours."""
    return METRICS.get(method.removeprefix("track_"))

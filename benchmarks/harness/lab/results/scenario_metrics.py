"""The metrics that only one scenario has: functions of a library's runs, one sample per run. Pure.

A metric whose variant was not measured is left out. Names are those of tracker/model/catalogue.py.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.harness.lab.results import metrics
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.run_data import PhaseData, RunData
from benchmarks.harness.shared import load_schedule, payloads
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import Pattern

type Runs = Sequence[RunData]
type Samples = Mapping[str, list[float]]


def io_bound(runs: Runs) -> Samples:
    """Throughput at a concurrency of 100, and how much of a concurrency of ten is used."""
    main = import_spec("io_bound").variants[0]
    ideal_per_s = 1_000 * main.workers.concurrency / float(dict(main.options)["api_latency_ms"])
    return {
        "throughput_wide": _throughput(runs, "wide"),
        "concurrency_use": [rate / ideal_per_s for rate in _throughput(runs, "default")],
    }


def cpu_bound(runs: Runs) -> Samples:
    """Throughput of the two anti-patterns."""
    names = ("threads", "event_loop")
    return {f"throughput_{name}": _throughput(runs, name) for name in names}


def mixed_load(runs: Runs) -> Samples:
    """95th percentile of the latency of each class under the paced load."""
    phases = [p for run in runs if (p := metrics.main_load(run, Pattern.PACED))]
    return {
        f"latency_{name}_p95": [v for p in phases if (v := _latency_p95(p, index)) is not None]
        for index, name in enumerate(_classes("mixed_load"))
    }


def serialization(runs: Runs) -> Samples:
    """Throughput and memory on the broker for each kind of payload."""
    samples: dict[str, list[float]] = {}
    for kind in payloads.KINDS:
        samples[f"throughput_{kind}"] = _throughput(runs, kind)
        samples[f"bytes_per_task_{kind}"] = [
            run.queued["bytes_per_task"] for run in runs if run.variant == kind
        ]
    return samples


def scalability(runs: Runs) -> Samples:
    """Throughput of the smallest and largest load, and how time grows with their size."""
    return {
        "throughput_smallest": [rate for run in runs for rate in _rates(run.phases[0])],
        "throughput_largest": [rate for run in runs for rate in _rates(run.phases[-1])],
        "growth_exponent": [growth_exponent(run) for run in runs if all(map(_rates, run.phases))],
    }


def growth_exponent(run: RunData) -> float:
    """Slope of log(time) over log(tasks), least squares: 1 is linear, above is worse."""
    tasks = [phase.tasks for phase in run.phases]
    times_s = [phase.tasks / _rates(phase)[0] for phase in run.phases]
    slope, _ = np.polyfit(np.log(tasks), np.log(times_s), 1)
    return float(slope)


def order_pipeline(runs: Runs) -> Samples:
    """From when an order was due to the end of its last step; and the share of retried steps."""
    samples: dict[str, list[float]] = {f"order_latency_p{n}": [] for n in (50, 95, 99)}
    samples["retry_rate"] = []
    for run in runs:
        paced = metrics.main_load(run, Pattern.PACED)
        if paced is not None:
            latency_s = order_latency_s(paced.stamps)
            for percent in (50, 95, 99):
                if (value := st.percentile(latency_s, percent)) is not None:
                    samples[f"order_latency_p{percent}"].append(value)
        attempts = sum(int(p.stamps.attempts.sum()) for p in run.phases)
        steps = sum(len(p.stamps) for p in run.phases)
        samples["retry_rate"].append((attempts - steps) / steps)
    return samples


def order_latency_s(stamps: st.Stamps) -> st.Floats:
    """From due of the first step to finished of the last, of orders whose last step ended well."""
    starts = np.flatnonzero(stamps.kind < load_schedule.STEP_KIND)
    lasts = np.append(starts[1:], len(stamps)) - 1
    ended = stamps.done[lasts] > 0
    latency_s: st.Floats = (stamps.finished[lasts] - stamps.due[starts])[ended] / st.NS
    return latency_s


def cold_start(runs: Runs) -> Samples:
    """From spawning the workers until a task runs, and until they run as many as they can."""
    started = [run.canary.started - run.spawned_ns for run in runs]
    return {
        "time_to_first_task": [float(times.min()) / st.NS for times in started],
        "time_to_ready": [float(times.max()) / st.NS for times in started],
    }


def multi_queue(runs: Runs) -> Samples:
    """Waiting of each priority class in an overload, and how evenly it is spread."""
    samples: dict[str, list[float]] = {}
    names = _classes("multi_queue")
    for run in runs:
        stamps = run.phases[0].stamps
        waits = [st.wait_s(_of_class(stamps, index)) for index in range(len(names))]
        for name, wait_s in zip(names, waits, strict=True):
            for percent in (50, 95):
                key = f"wait_{name}_p{percent}"
                samples.setdefault(key, []).append(float(np.percentile(wait_s, percent)))
        samples.setdefault("queue_fairness", []).append(fairness([float(w.mean()) for w in waits]))
    return samples


def fairness(values: Sequence[float]) -> float:
    """Jain's index: 1 when all are equal, 1 / n when one has everything.

    Source: R. Jain, D. Chiu, W. Hawe, DEC Research Report TR-301 (1984).

    >>> fairness([1.0, 1.0]), fairness([1.0, 0.0])
    (1.0, 0.5)
    """
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 1.0


def event_streaming(runs: Runs) -> Samples:
    """Throughput with events on, and how late, and how many, they arrive."""
    on = [run.phases[0] for run in runs if run.variant == "on"]
    heard = [phase for phase in on if phase.probed.get("events")]
    return {
        "throughput_with_events": _throughput(runs, "on"),
        "event_latency_p50": [phase.probed["p50_s"] for phase in heard],
        "event_latency_p99": [phase.probed["p99_s"] for phase in heard],
        "event_loss": [max(0.0, 1 - phase.probed.get("events", 0) / phase.tasks) for phase in on],
    }


def fastapi_dispatch(runs: Runs) -> Samples:
    """Latency of requests under the paced load, and requests per second of the burst."""
    bursts = [p for run in runs if (p := metrics.main_load(run, Pattern.BURST))]
    paced = [p for run in runs if (p := metrics.main_load(run, Pattern.PACED))]
    return {
        "request_latency_p50": [phase.probed["p50_s"] for phase in paced],
        "request_latency_p99": [phase.probed["p99_s"] for phase in paced],
        "request_rate": [phase.probed["rate_per_s"] for phase in bursts],
    }


def _throughput(runs: Runs, variant: str) -> list[float]:
    found = (metrics.of_run(run).get("throughput") for run in runs if run.variant == variant)
    return [rate for rate in found if rate is not None]


def _rates(phase: PhaseData) -> list[float]:
    """Its throughput, or nothing where nothing ended well."""
    rate = st.throughput_per_s(phase.stamps)
    return [] if rate is None else [rate]


def _classes(scenario: str) -> list[str]:
    """Names of the classes of a scenario's tasks, in the order of their `kind`."""
    return [task.name for task in import_spec(scenario).variants[0].tasks]


def _of_class(stamps: st.Stamps, index: int) -> st.Stamps:
    return stamps.select(stamps.kind % load_schedule.STEP_KIND == index)


def _latency_p95(phase: PhaseData, index: int) -> float | None:
    return st.percentile(st.latency_s(_of_class(phase.stamps, index)), 95)

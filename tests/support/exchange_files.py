"""Small files of other tools, one of each kind, as their tools write them."""

from pathlib import Path
from typing import Any

SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER_SHA = "89abcdef0123456789abcdef0123456789abcdef"


def data_js(*values: float, sha: str = SHA, suite: str = "suite", unit: str = "ns") -> dict:
    """A data.js in which one benchmark was measured once per value, at commits in turn."""
    entries = [
        {
            "commit": {
                "id": f"{i:02x}{sha[2:]}",
                "timestamp": f"2024-01-{i % 28 + 1:02}T12:00:00+02:00",
                "message": f"Change {i}",
            },
            "date": 1_704_103_200_000 + i * 86_400_000,
            "tool": "customSmallerIsBetter",
            "benches": [{"name": "fib(10)", "value": value, "unit": unit, "range": "± 1"}],
        }
        for i, value in enumerate(values)
    ]
    return {"lastUpdate": 1, "repoUrl": "https://example.invalid", "entries": {suite: entries}}


def pytest_benchmark(*samples: float, sha: str = SHA, name: str = "test_x[1-a]") -> dict:
    """A file of pytest-benchmark with one benchmark; its repeats are kept."""
    ordered = sorted(samples)
    stats = {"data": list(samples), "median": ordered[len(ordered) // 2], "iterations": 1}
    return {
        "machine_info": {
            "system": "Linux",
            "machine": "x86_64",
            "python_implementation": "CPython",
            "python_version": "3.13.1",
        },
        "commit_info": {"id": sha, "author_time": "2024-03-01T10:00:00+00:00", "dirty": False},
        "benchmarks": [{"name": name, "fullname": f"tests/test_b.py::{name}", "stats": stats}],
        "datetime": "2024-03-01T11:00:00+00:00",
        "version": "5.1.0",
    }


def pyperf(*values: float) -> dict:
    """A suite of one benchmark."""
    runs = [{"values": [value], "warmups": [[1, value]]} for value in values]
    return {"version": "1.0", "benchmarks": [{"metadata": {"name": "telco"}, "runs": runs}]}


def hyperfine(*times: float) -> dict:
    """The times of one command."""
    usual = {"mean": sum(times) / len(times), "median": sorted(times)[len(times) // 2]}
    more = {"user": 0.1, "system": 0.2, "exit_codes": [0] * len(times)}
    return {"results": [{"command": "sleep 1", "times": list(times), **usual, **more}]}


def google_benchmark(*times_ns: float) -> dict:
    """The repetitions of one benchmark."""
    runs = [
        {"name": "BM_x/8", "iterations": 3, "real_time": time, "cpu_time": time, "time_unit": "ns"}
        for time in times_ns
    ]
    return {"context": {"num_cpus": 2, "library_build_type": "release"}, "benchmarks": runs}


def bencher(value_ns: float) -> dict:
    """One benchmark's latency, with its bounds."""
    bounds = {"lower_value": value_ns * 0.9, "upper_value": value_ns * 1.1}
    return {"bench::x": {"latency": {"value": value_ns, **bounds}}}


def cargo_criterion(value_ns: float) -> dict:
    """One message of cargo-criterion."""
    estimate = {"estimate": value_ns, "lower_bound": 1, "upper_bound": 2, "unit": "ns"}
    times = {"iteration_count": [1, 2], "measured_values": [value_ns, value_ns * 2], "unit": "ns"}
    return {"reason": "benchmark-complete", "id": "fib/20", "median": estimate, **times}


ALL: dict[str, Any] = {
    "github-action-benchmark": data_js(10, 20, 30),
    "pytest-benchmark": pytest_benchmark(0.1, 0.2, 0.3),
    "pyperf": pyperf(0.1, 0.2, 0.3),
    "hyperfine": hyperfine(1.0, 2.0, 3.0),
    "google-benchmark": google_benchmark(10, 20, 30),
    "bencher": bencher(88.0),
    "criterion": cargo_criterion(42.0),
}
"""Format to the content of a file of it."""


def criterion_folder(place: Path, value_ns: float) -> Path:
    """Write `target/criterion` with one benchmark, its last run and the one before."""
    for folder, factor in (("new", 1), ("base", 2)):
        target = place / "criterion" / "fib" / "20" / folder
        target.mkdir(parents=True)
        value = value_ns * factor
        (target / "benchmark.json").write_text('{"group_id": "fib", "full_id": "fib/20"}')
        (target / "estimates.json").write_text(
            f'{{"median": {{"point_estimate": {value}}}, "mean": {{"point_estimate": 1}}}}'
        )
        (target / "sample.json").write_text(
            f'{{"sampling_mode": "Flat", "iters": [2.0, 2.0], "times": [{value * 2}, {value * 2}]}}'
        )
    return place / "criterion"

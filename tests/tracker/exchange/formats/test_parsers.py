"""Each format: recognised by its contents, every value in its base unit, the rest counted."""

import json
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from tracker.exchange.formats.document import Document, read_document
from tracker.exchange.formats.recognition import NAMES, find_format
from tracker.exchange.measurement import Measurement, Parsed, UnreadableFileError
from tracker.model import Better

SHA = "0123456789abcdef0123456789abcdef01234567"


def parse(content: Any, name: str = "") -> Parsed:
    """Parse *content* as a file, after checking that it is recognised as *name*."""
    document = read_document("file", json.dumps(content).encode())
    known = find_format(document)
    assert known is not None
    assert known.name == (name or known.name)
    return known.parse(document)


def by_name(parsed: Parsed) -> dict[str, Measurement]:
    """The measurements of all runs; a name stands once."""
    measurements = [each for run in parsed.runs for each in run.measurements]
    assert len({each.benchmark for each in measurements}) == len(measurements)
    return {each.benchmark: each for each in measurements}


def counted(parsed: Parsed) -> dict[str, int]:
    """What was left out, by what it is."""
    counts: Counter[str] = Counter()
    for each in parsed.omissions:
        counts[each.what] += each.count
    return counts


def entry(benches: list[Any], tool: str = "customSmallerIsBetter", **commit: Any) -> dict[str, Any]:
    """One entry of github-action-benchmark."""
    fields = {"id": SHA, "timestamp": "2024-03-01T12:00:00+02:00", **commit}
    return {"commit": fields, "date": 1_709_290_000_000, "tool": tool, "benches": benches}


def history(*entries: Any, suite: str = "suite") -> dict[str, Any]:
    """A data.js of one suite."""
    return {"lastUpdate": 1, "repoUrl": "", "entries": {suite: list(entries)}}


@pytest.mark.parametrize(
    ("tool", "unit", "better"),
    [
        ("customBiggerIsBetter", "ms", Better.HIGHER),
        ("customSmallerIsBetter", "ops/s", Better.LOWER),
        ("pytest", "iter/sec", Better.HIGHER),
        ("pytest", "sec", Better.LOWER),
        ("benchmarkjs", "ns", Better.LOWER),
        ("customBiggerIsBetter", "sec", Better.HIGHER),
        ("benchmarkjs", "ops/sec", Better.HIGHER),
        ("cargo", "ns/iter", Better.LOWER),
        ("go", "B/op", Better.LOWER),
        ("go", "MB/s", Better.HIGHER),
        ("jmh", "ops/ms", Better.HIGHER),
        ("jmh", "us/op", Better.LOWER),
        ("a tool to come", "ns", Better.LOWER),
    ],
)
def test_the_author_of_a_benchmark_says_which_way_is_better_else_its_unit(tool, unit, better):
    """The custom tools are named after a direction; others have the one of the unit."""
    bench = {"name": "x", "value": 2, "unit": unit}
    (measurement,) = by_name(parse(history(entry([bench], tool)))).values()
    assert measurement.better is better


def test_data_js_keeps_commit_dates_and_suites_and_counts_the_rest():
    """A date with a zone is turned into UTC; `range` and `extra` have no place."""
    bench = {"name": "fib(10)", "value": 159.63, "unit": "ns/iter", "range": "± 3", "extra": "x"}
    parsed = parse(history(entry([bench])), "github-action-benchmark")
    (run,) = parsed.runs
    assert (run.commit, run.commit_ms, run.started_ms) == (
        SHA,
        1_709_287_200_000,
        1_709_290_000_000,
    )
    assert by_name(parsed)["suite.fib(10)"].value == 1.5963e-07
    assert counted(parsed) == {"range": 1, "extra": 1}


def test_entries_without_a_commit_are_counted_with_all_their_values():
    """A commit may stand in its address alone; where there is none, nothing is guessed."""
    bench = {"name": "x", "value": 1, "unit": "ns"}
    address = entry([bench], id=None, url=f"https://example.invalid/o/r/commit/{SHA.upper()}")
    parsed = parse(history(address, entry([bench, bench], id=""), entry([bench], id="main"), None))
    assert [run.commit for run in parsed.runs] == [SHA]
    assert sum(counted(parsed).values()) == 2 + 1 + 1


def test_several_measures_of_old_go_entries_are_found_in_their_units():
    """Older versions wrote `ns/op<tab>4 allocs/op` as the unit of one value."""
    old = {"name": "Fib", "value": 300, "unit": "ns/op\t 64.0 B/op\t 4 allocs/op"}
    new = [old, {"name": "Fib - B/op", "value": 64, "unit": "B/op"}]
    for benches in ([old], new):
        values = {
            name: m.value for name, m in by_name(parse(history(entry(benches, "go")))).items()
        }
        assert values == {"suite.Fib": 3e-07, "suite.Fib - B/op": 64, "suite.Fib - allocs/op": 4}


def test_benchmarks_of_one_name_in_several_groups_are_several():
    """In every entry, those that hold one of them included; another name stays as it is."""

    def bench(group: str, value: float, name: str = "block") -> dict[str, object]:
        return {"name": name, "value": value, "unit": "s", "group": "M", "plot_group": group}

    both = [bench("copy", 1), bench("set", 2), bench("copy", 3, "other")]
    parsed = parse(history(entry(both), entry([bench("set", 4)]), suite="S"))
    values = [{one.benchmark: one.value for one in run.measurements} for run in parsed.runs]
    assert values == [
        {"S.M.copy.block": 1.0, "S.M.set.block": 2.0, "S.other": 3.0},
        {"S.M.set.block": 4.0},
    ]


def test_odd_values_of_data_js_are_gaps_or_counted():
    """Numbers in quotes are numbers; NaN, null and texts are measurements without a value."""
    odd = [float("nan"), float("inf"), None, "fast", True, 10**400]
    benches = [{"name": f"b{i}", "value": v, "unit": "ns"} for i, v in enumerate([*odd, "12.5"])]
    parsed = parse(history(entry([*benches, {"value": 1}, "text", {"name": "none"}])))
    values = [m.value for m in by_name(parsed).values()]
    assert values == [None] * len(odd) + [1.25e-08]
    assert counted(parsed) == {"values": 3}


def test_a_list_of_values_is_a_run_without_commit():
    """What a tool writes for github-action-benchmark can come in by itself."""
    parsed = parse([{"name": "x", "value": 3, "unit": "MB", "range": 1}], "github-action-benchmark")
    assert parsed.runs[0].commit == ""
    assert by_name(parsed)["x"].value == 3e6


def pytest_file(**changes: Any) -> dict[str, Any]:
    """A file of pytest-benchmark."""
    stats = {"min": 1.0, "max": 4.0, "mean": 2.4, "stddev": 1.5, "median": 2.0, "iterations": 7,
             "q1": 1.5, "q3": 3.0, "rounds": 3}  # fmt: skip
    whole = {
        "machine_info": {
            "node": "runner-17", "system": "Linux", "release": "6.1", "machine": "x86_64",
            "cpu": {"brand_raw": "A CPU", "count": 4},
            "python_implementation": "CPython", "python_version": "3.13.1",
        },
        "commit_info": {"id": SHA, "time": "2024-03-01T10:00:00+00:00", "dirty": False},
        "benchmarks": [
            {
                "name": "test_x[1024-a]",
                "fullname": "tests/test_b.py::test_x[1024-a]",
                "params": {"size": 1024},
                "stats": {**stats, "data": [1.0, 2.0, 4.0]},
            }
        ],
        "datetime": "2024-03-01T11:00:00.5+00:00",
        "version": "5.1.0",
    }  # fmt: skip
    return whole | changes


def test_pytest_benchmark_gives_the_median_and_all_repeats():
    """The parameters stay in the name, as pytest writes them; the patch release is left out."""
    parsed = parse(pytest_file(), "pytest-benchmark")
    (run,) = parsed.runs
    (measurement,) = run.measurements
    assert measurement == Measurement(
        benchmark="tests/test_b.py::test_x[1024-a]", value=2.0, unit="s", better=Better.LOWER,
        samples=(1.0, 2.0, 4.0), loops=7, quartiles=(1.5, 3.0), rounds=3,
    )  # fmt: skip
    assert (run.commit, run.python, run.started_ms) == (SHA, "3.13", 1_709_290_800_500)
    assert run.machine == {"os": "Linux 6.1", "arch": "x86_64", "cpu": "A CPU", "num_cpu": "4"}
    assert parsed.omissions == ()


def test_pytest_benchmark_without_repeats_counts_the_statistics_that_are_lost():
    """Least, greatest, mean and deviation cannot be had again."""
    file = pytest_file(commit_info={"id": SHA, "dirty": True})
    del file["benchmarks"][0]["stats"]["data"]
    file["benchmarks"][0]["extra_info"] = {"memory": 3}
    parsed = parse(file)
    named = {"min", "max", "mean", "stddev", "extra_info", "uncommitted changes"}
    assert counted(parsed) == dict.fromkeys(named, 1)


def test_a_checkout_without_version_control_has_no_commit():
    """pytest-benchmark then writes `unversioned`."""
    assert parse(pytest_file(commit_info={"id": "unversioned"})).runs[0].commit == ""


def test_pyperf_joins_the_values_of_all_processes():
    """Warm-up values are counted, units are those of the metadata, common or own."""
    content = {
        "version": "1.0",
        "metadata": {"unit": "second", "python_version": "3.12.4 (64-bit)", "cpu_count": 2,
                     "python_implementation": "pypy", "commit_id": SHA},
        "benchmarks": [
            {
                "metadata": {"name": "telco", "loops": 8},
                "runs": [
                    {
                        "warmups": [[1, 0.5], [8, 0.4]],
                        "metadata": {"date": "2024-03-01 10:00:00.1"},
                    },
                    {"values": [0.1, 0.3], "warmups": [[8, 0.4]]},
                    {"values": [0.2]},
                ],
            },
            {"metadata": {"name": "memory", "unit": "byte"}, "runs": [{"values": [4096]}]},
        ],
    }  # fmt: skip
    parsed = parse(content, "pyperf")
    (run,) = parsed.runs
    telco, memory = run.measurements
    assert (telco.value, telco.samples, telco.loops) == (0.2, (0.1, 0.3, 0.2), 8)
    assert (memory.value, memory.unit) == (4096, "B")
    assert (run.commit, run.python, run.started_ms) == (SHA, "pypy3.12", 1_709_287_200_100)
    assert counted(parsed) == {"warm-up values": 3}


def test_hyperfine_keeps_parameters_in_the_name_and_times_of_failed_commands():
    """One command gives its time, user and system time, and memory where it is measured."""
    result = {
        "command": "sort 5", "mean": 0.4, "median": 0.3, "stddev": 0.1, "user": 0.2, "system": 0.1,
        "min": 0.2, "max": 0.7, "times": [0.2, 0.3, 0.7], "exit_codes": [0, 1, None],
        "memory_usage_byte": [10, 30, 20], "parameters": {"n": "5"},
    }  # fmt: skip
    parsed = parse({"results": [result]}, "hyperfine")
    values = {name: (m.value, m.unit, m.samples) for name, m in by_name(parsed).items()}
    assert values == {
        "sort 5 [n=5]": (0.3, "s", (0.2, 0.3, 0.7)),
        "sort 5 [n=5].user": (0.2, "s", ()),
        "sort 5 [n=5].system": (0.1, "s", ()),
        "sort 5 [n=5].memory": (20, "B", (10, 30, 20)),
    }
    assert counted(parsed) == {"failed commands": 2}


def google(**fields: Any) -> dict[str, Any]:
    """One benchmark of Google Benchmark's."""
    usual = {"name": "BM/8", "run_name": "BM/8", "run_type": "iteration", "iterations": 10,
             "real_time": 2.0, "cpu_time": 1.0, "time_unit": "us"}  # fmt: skip
    return usual | fields


def google_file(*benchmarks: Any) -> dict[str, Any]:
    """A file of Google Benchmark's."""
    context = {"date": "2024-03-01T12:00:00+02:00", "num_cpus": 8, "library_build_type": "release"}
    return {"context": context, "benchmarks": list(benchmarks)}


def test_google_benchmark_takes_repetitions_as_samples_and_counters_as_measures():
    """Aggregates beside their repetitions say nothing new."""
    mean = {"name": "BM/8_mean", "run_type": "aggregate", "aggregate_name": "mean"}
    parsed = parse(
        google_file(
            google(bytes_per_second=1e6, hits=3),
            google(real_time=4.0, bytes_per_second=3e6, hits=5, repetition_index=1),
            google(**mean, real_time=3.0),
        ),
        "google-benchmark",
    )
    values = {n: (m.value, m.unit, m.better, m.samples) for n, m in by_name(parsed).items()}
    assert values == {
        "BM/8": (3e-06, "s", Better.LOWER, (2e-06, 4e-06)),
        "BM/8.cpu_time": (1e-06, "s", Better.LOWER, (1e-06, 1e-06)),
        "BM/8.bytes_per_second": (2e6, "B/s", Better.HIGHER, (1e6, 3e6)),
        "BM/8.hits": (4, "unit", Better.LOWER, (3, 5)),
    }
    assert parsed.omissions == ()
    assert parsed.runs[0].started_ms == 1_709_287_200_000


def test_google_benchmark_with_aggregates_only_gives_their_median():
    """The others are counted; a benchmark that failed is a gap with its reason."""
    kinds = {"mean": 9.0, "median": 8.0, "stddev": 0.5}
    aggregates = [
        google(name=f"BM/8_{kind}", run_type="aggregate", aggregate_name=kind, real_time=value)
        for kind, value in kinds.items()
    ]
    failed = google(name="BM/9", run_name="BM/9", error_occurred=True, error_message="no memory")
    parsed = parse(google_file(*aggregates, failed))
    values = {name: m.value for name, m in by_name(parsed).items()}
    assert values == {"BM/8": 8e-06, "BM/8.cpu_time": 1e-06, "BM/9": None}
    assert counted(parsed) == {"aggregates": 2, "values": 1}
    assert "no memory" in parsed.omissions[1].why


def test_criterion_divides_each_time_by_its_calls():
    """The estimate of the median is the value; times are ns."""
    content = {
        "benchmark": {"full_id": "group/fib/20", "throughput": {"Bytes": 8}},
        "estimates": {"mean": {"point_estimate": 30.0}, "median": {"point_estimate": 20.0}},
        "sample": {"sampling_mode": "Linear", "iters": [1.0, 2.0], "times": [10.0, 60.0]},
    }
    parsed = parse(content, "criterion")
    (measurement,) = by_name(parsed).values()
    assert measurement.benchmark == "group/fib/20"
    assert (measurement.value, measurement.samples) == (2e-08, (1e-08, 3e-08))
    assert counted(parsed) == {"throughput": 1}


def test_criterion_of_before_0_3_is_read():
    """Capital letters, counts and times as two lists, the name from the folder alone."""
    content = {"estimates": {"Median": {"point_estimate": 5.0}}, "sample": [[2.0], [10.0]]}
    document = Document(name="x", content=content, title="fib")
    known = find_format(document)
    assert known is not None
    (measurement,) = known.parse(document).runs[0].measurements
    assert (measurement.benchmark, measurement.value) == ("fib", 5e-09)
    assert measurement.samples == (5e-09,)


def test_messages_of_cargo_criterion_are_read_between_other_lines():
    """Each has its own unit; messages on groups are no benchmarks; line ends may be Windows'."""
    message = {
        "reason": "benchmark-complete", "id": "norm", "unit": "us", "iteration_count": [2, 4],
        "measured_values": [6.0, 8.0], "median": {"estimate": 2.5, "unit": "us"},
        "typical": {"estimate": 2.6, "unit": "us"},
    }  # fmt: skip
    lines = ["   Compiling x", json.dumps(message), json.dumps({"reason": "group-complete"}), ""]
    document = read_document("file", "\r\n".join(lines).encode())
    known = find_format(document)
    assert known is not None
    (measurement,) = known.parse(document).runs[0].measurements
    assert (measurement.value, measurement.samples) == (2.5e-06, (3e-06, 2e-06))


def test_bencher_has_units_for_its_own_measures_and_words_for_others():
    """Bounds become the interval."""
    content = {
        "a": {"latency": {"value": 88.0, "lower_value": 87.42, "upper_value": 88.88}},
        "b": {"throughput": {"value": 5}, "file-size": {"value": 42}, "cache-rate": {"value": 0.5}},
    }
    measurements = by_name(parse(content, "bencher"))
    a = measurements["a"]
    assert (a.value, a.low, a.high, a.unit) == (8.8e-08, 8.742e-08, 8.888e-08, "s")
    directions = {name: (m.value, m.unit, m.better) for name, m in measurements.items()}
    assert directions["b.throughput"] == (5, "ops/s", Better.HIGHER)
    assert directions["b.file-size"] == (42, "B", Better.LOWER)
    assert directions["b.cache-rate"] == (0.5, "cache-rate", Better.HIGHER)


def test_measures_of_somebodys_own_have_the_unit_that_their_name_ends_with():
    """A rate has none: nobody knows what `ops_ms` is divided by."""
    measures = {"latency_p50_ns": 412.0, "throughput_ops_ms": 8123.4, "rss-mib": 3, "params": 2}
    content = {"a": {name: {"value": value} for name, value in measures.items()}}
    found = {n: (m.value, m.unit, m.better.value) for n, m in by_name(parse(content)).items()}
    assert found == {
        "a.latency_p50_ns": (4.12e-07, "s", "lower"),
        "a.throughput_ops_ms": (8123.4, "throughput_ops_ms", "higher"),
        "a.rss-mib": (3 * 2**20, "B", "lower"),
        "a.params": (2, "params", "lower"),
    }


def test_bencher_of_version_1_has_parameters_and_any_metrics():
    """Entries with the same parameters are one; a metric that stands twice has the last value."""
    read = {"size": 16, "op": "read"}
    content = {
        "a": [
            {"parameters": read, "measures": {"latency": {"value": 42, "p99": 97}}},
            {"parameters": dict(reversed(read.items())), "measures": {"latency": {"p99": 98}}},
            {"measures": {"throughput": {"p50": 7}}},
        ]
    }
    values = {name: m.value for name, m in by_name(parse(content, "bencher")).items()}
    assert values == {
        "a [op=read, size=16]": 4.2e-08,
        "a [op=read, size=16].p99": 9.8e-08,
        "a.throughput.p50": 7,
    }


def test_what_google_benchmark_fits_to_the_times_is_no_benchmark():
    """The order of growth and its error are counted."""
    fits = [
        {"name": f"BM_{kind}", "run_name": "BM", "run_type": "aggregate", "aggregate_name": kind,
         "cpu_coefficient": 1.0, "real_coefficient": 1.0, "time_unit": "ns"}
        for kind in ("BigO", "RMS")
    ]  # fmt: skip
    parsed = parse(google_file(google(), *fits))
    assert set(by_name(parsed)) == {"BM/8", "BM/8.cpu_time"}
    assert counted(parsed) == {"aggregates": 2}


def test_aggregates_of_old_google_benchmark_are_told_by_their_names():
    """`BM_mean` is one where there is a BM, and a benchmark by itself."""
    plain = {"iterations": 3, "real_time": 5.0, "cpu_time": 5.0, "time_unit": "ns"}
    names = ["BM", "BM", "BM_mean", "BM_stddev", "other_mean"]
    parsed = parse(google_file(*({"name": name, **plain} for name in names)), "google-benchmark")
    assert set(by_name(parsed)) == {"BM", "BM.cpu_time", "other_mean", "other_mean.cpu_time"}
    assert by_name(parsed)["BM"].samples == (5e-09, 5e-09)


@pytest.mark.parametrize("content", [{}, [], 3, None, {"a": 1}, [1], {"benchmarks": []}, "x"])
def test_what_is_of_no_format_is_not_recognised(content):
    """Least of all an empty file."""
    assert find_format(Document(name="x", content=content)) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content", [{}, [], 3, None, {"a": 1}, [1, None], {"benchmarks": [None, 1]}, {"results": [2]}]
)
def test_a_forced_format_ends_in_a_result_or_a_refusal(name, content):
    """Never in another error."""
    document = Document(name="x", content=content, source=json.dumps(content))
    known = find_format(document, name)
    assert known is not None
    with suppress(UnreadableFileError):
        assert isinstance(known.parse(document), Parsed)

"""`tracker report` on a history that was counted, as the harness and asv leave it."""

from pathlib import Path

import msgspec
import pytest

from tests.support.asv_tree import make_repository, write_benchmarks, write_result
from tests.support.run_records import counts, run_record, store_record
from tracker.cli import run
from tracker.errors import ExitCode
from tracker.model.catalogue import METRICS
from tracker.report.history.json_document import Document

LIBRARY = [["'asynctasq'"]]
BENCHMARK = "basic_throughput.BasicThroughput.track_{}"
# Per task of a no-op task, as releases of AsyncTasQ were counted; lines of an event loop dither.
COUNTED = {
    "round_trips_per_task": (5.0, 5.0, 3.0),
    "enqueue_lines_per_task": (230.0, 230.0, 370.0),
    "all_lines_per_task": (2898.0, 2884.0, 2901.0),
    "allocations_per_task": (1018.2, 1018.3, 1030.0),
}
SPREADS = {"all_lines_per_task": 28.0}


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Options that name a tree of three commits, counted in turn on two machines."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    results, repo = tmp_path / "results", tmp_path / "repo.git"
    entries = {
        BENCHMARK.format(name): {
            "params": LIBRARY, "param_names": ["library"], "type": "track",
            "unit": METRICS[name].unit,
        }
        for name in COUNTED
    }  # fmt: skip
    write_benchmarks(results, entries)
    for i, (sha, machine) in enumerate(
        zip(make_repository(repo, 3), ("amd", "intel", "amd"), strict=True)
    ):
        rows = {BENCHMARK.format(n): [[each[i]], LIBRARY, "1"] for n, each in COUNTED.items()}
        write_result(results, sha, rows, machine=machine, env="uv-py3.13")
        own = counts(**{name: SPREADS.get(name, 0.0) for name in COUNTED})
        record = run_record(
            "asynctasq", commit=sha, machine=machine, environment="uv-py3.13", outcome="counted",
            tracked=True, counts=own,
        )  # fmt: skip
        store_record(results, record)
    return ["--results", str(results), "--repo", str(repo), "--config", str(tmp_path / "none")]


def test_the_newest_commit_is_judged_at_once(
    counted: list[str], capsys: pytest.CaptureFixture[str]
):
    """Three commits: what moved is told with its size, as counted; dither and scatter are not."""
    code = run(["report", "--quiet", *counted])

    said = capsys.readouterr().out
    assert code == ExitCode.FINE  # lines do not gate
    assert "1 worse, 1 better, 2 no change (of 4 series)" in said
    assert "better: -40.0 % in 1 series" in said
    assert "5.00 round trips -> 3.00 round trips (-40.0 %)" in said
    assert "worse: +60.9 % in 1 series" in said
    assert said.count("     counted, no clock involved\n") == 2
    assert "and 1 change below the floor of the metric" in said
    assert "cannot tell" not in said
    assert "No control" not in said


def test_the_document_says_that_no_test_was_made(
    counted: list[str], capsys: pytest.CaptureFixture[str]
):
    """Confirmed by one commit, without a p-value, and no false one is expected."""
    run(["report", "--quiet", "--format", "json", *counted])

    document = msgspec.json.decode(capsys.readouterr().out, type=Document)
    told = {change.metric: change for change in document.changes}
    assert set(told) == {"round_trips_per_task", "enqueue_lines_per_task", "allocations_per_task"}
    trips = told["round_trips_per_task"]
    assert (trips.verdict, trips.status, trips.p_value) == ("better", "confirmed", None)
    assert document.expected_false_alarms == 0.0


def test_every_change_is_listed_with_how_it_is_known(
    counted: list[str], capsys: pytest.CaptureFixture[str]
):
    """An exact one without an interval, a scattering one with that of equal code."""
    run(["detect", "--quiet", *counted])

    said = capsys.readouterr().out
    assert "370 lines  +60.9 % worse, counted" in said
    assert "+1.2 % (+0.7 % .. +1.6 %) below the floor of 2.0 %, counted" in said

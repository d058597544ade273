"""`tracker export`: what leaves comes back as the same series."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.support.asv_tree import load, make_repository, write_benchmarks, write_result
from tests.support.history_cells import cells
from tracker.cli import run
from tracker.errors import ExitCode
from tracker.exchange.bencher_documents import bencher_documents
from tracker.exchange.formats import bencher
from tracker.exchange.formats.document import read_document
from tracker.model import Better, Commit, History, Metric, Series, SeriesKey, Tier

NAN = float("nan")
INFINITY = float("inf")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where a tree of every kind of cell is: parameters, failures, repeats, two machines."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    shas = make_repository(tmp_path / "repo.git", 4)
    results = tmp_path / "results"
    params = [["1", "'a, b'"], ["None", "2"]]
    write_benchmarks(
        results,
        {
            "m.time_grid": {"params": params, "param_names": ["n", "k"]},
            "m.time_ends": {"params": [["x", "y"]], "param_names": ["which"]},
            "m.track_rate": {"unit": "jobs/s", "type": "track"},
            "m.mem_x": {"unit": "bytes", "type": "memory"},
            "m.track_hits": {"unit": "%", "type": "track", "higher_is_better": True},
        },
    )
    for number, sha in enumerate(shas):
        grid = [1.5 + number, None, NAN, 0.1]
        low = [value and value * 0.9 for value in grid[:2]] + [None, 0.05]
        rows = {
            "m.time_grid": [grid, params, "1", 5, 1.0, low, None, None, None, None, None,
                            [[1.5, 1.6], None, None, [0.1]]],
            "m.time_ends": [[0.5, 7.0], [["x", "y"]], "1", 5, 1.0,
                            [0.4, -INFINITY], [0.6, INFINITY], [0.45, 7.0], [0.55, 7.0],
                            [100 >> number, 1], [10, 1]],
            "m.track_rate": [[100.0 / (number + 1)], [], "1"],
        }  # fmt: skip
        if number != 1:
            rows["m.mem_x"] = [[2.0**20], [], "1"]
            rows["m.track_hits"] = [[99.5], [], "1"]
        date = {
            "date_ms": 1_700_000_000_000 + number * 1000,
            "requirements": {"numpy": f"2.{number}"},
        }
        write_result(results, sha, rows, machine="one", **date)
        if number % 2:
            write_result(results, sha, {"m.track_rate": [None, [], "1"]}, machine="two")
    return ["--results", "results", "--repo", "repo.git"]


def test_asv_comes_back_as_the_same_series(source: list[str]):
    """Values, intervals, repeats, failures, units, directions, facts of the environment."""
    assert run(["export", *source, "--format", "asv", "--out", "copy"]) == ExitCode.FINE
    before, after = load(Path("results"), Path("repo.git")), load(Path("copy"), Path("repo.git"))
    assert cells(after) == cells(before)
    assert len(cells(before)) > 20
    assert after.environments == before.environments
    assert not after.excluded


def test_a_synthetic_tree_comes_back_as_the_same_series(tmp_path: Path):
    """Two machines, parameters and repeats at many commits; again from the copy, byte by byte."""
    write_tree(tmp_path, Shape(commits=12, benchmarks=4, params=3, machines=2, samples=3))
    repo = tmp_path / "repo.git"
    for source, copy in (("results", "copy"), ("copy", "again")):
        where = ["--results", str(tmp_path / source), "--repo", str(repo), "--quiet"]
        assert run(["export", *where, "--format", "asv", "--out", str(tmp_path / copy)]) == 0
    assert cells(load(tmp_path / "copy", repo)) == cells(load(tmp_path / "results", repo))
    for path in (tmp_path / "copy").rglob("*.json"):
        assert (tmp_path / "again" / path.relative_to(tmp_path / "copy")).read_bytes() == (
            path.read_bytes()
        )


def test_csv_has_a_row_per_series_and_commit(source: list[str]):
    """Numbers as they are, samples as JSON, unknown as nothing; failures with their reason."""
    assert run(["export", *source, "--out", "h.csv"]) == ExitCode.FINE
    history = load(Path("results"), Path("repo.git"))
    with Path("h.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(series.positions) for series in history.series)
    first = next(row for row in rows if row["benchmark"] == "m.time_grid")
    assert json.loads(first["params"]) == {"n": "1", "k": "None"}
    assert (first["value"], first["unit"], first["better"]) == ("1.5", "s", "lower")
    assert json.loads(first["samples"]) == [1.5, 1.6]
    assert (first["high"], first["outcome"]) == ("", "measured")
    assert first["commit"] == history.commits[0].sha
    failed = next(row for row in rows if row["outcome"] == "failed")
    assert failed["value"] == ""
    assert "failed" in failed["reason"]


def test_parquet_has_the_rows_of_csv(source: list[str]):
    """With types: floats, a time zone, lists."""
    for form in ("csv", "parquet"):
        assert run(["export", *source, "--format", form, "--out", f"h.{form}"]) == ExitCode.FINE
    table = pq.read_table("h.parquet")
    with Path("h.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert table.column_names == list(rows[0])
    for row, typed in zip(rows, table.to_pylist(), strict=True):
        assert (float(row["value"]) if row["value"] else None) == typed["value"]
        assert (json.loads(row["samples"]) if row["samples"] else []) == typed["samples"]
        assert row["date"] == typed["date"].isoformat()
        assert row["reason"] == typed["reason"]


def test_parquet_without_its_library_says_what_to_install(
    source: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["export", *source, "--format", "parquet", "--out", "h"]) == ExitCode.USAGE
    assert "asynctasq-tracker[parquet]" in capsys.readouterr().err
    assert not Path("h").exists()


def test_bencher_comes_back_with_the_same_values(source: list[str]):
    """One file per commit and machine; imported again, each value is there to the bit."""
    assert run(["export", *source, "--format", "bmf", "--out", "bmf"]) == ExitCode.FINE
    for machine in ("one", "two"):
        if Path("bmf", machine).exists():
            command = ["import", f"bmf/{machine}", "--results", "back", "--machine", machine]
            assert run([*command, "--repo", "repo.git"]) == ExitCode.FINE
    before, after = load(Path("results"), Path("repo.git")), load(Path("back"), Path("repo.git"))
    measured = sorted(
        (sha, key.machine, values[0])
        for (key, *_, sha), (values, *_) in cells(before).items()
        if values[0] is not None
    )
    returned = sorted(
        (sha, key.machine, values[0]) for (key, *_, sha), (values, *_) in cells(after).items()
    )
    assert returned == measured
    assert {c.date_ms for c in after.commits} == {c.date_ms for c in before.commits}


def one_point(value: float, low: float, unit: str) -> History:
    """A history of one value."""
    series = Series(
        key=SeriesKey(benchmark="b", params=(), machine="m", environment="e"),
        metric=Metric(name="time", unit=unit, better=Better.LOWER, floor=0, gates=True,
                      tier=Tier.PRIMARY, description=""),
        scenario="b", library="", version="1", positions=np.array([0]), values=np.array([value]),
        low=np.array([low]), high=np.array([NAN]), samples=np.zeros(0), offsets=np.zeros(2, int),
    )  # fmt: skip
    commit = Commit(sha="a" * 40, date_ms=0, author="", subject="", tags=())
    return History(
        project="", commits=(commit,), series=(series,), environments=(), excluded=(),
        show_commit_url="",
    )  # fmt: skip


@given(
    st.floats(-1e290, 1e290),  # beyond it nanoseconds are no floats
    st.floats(-1e290, 1e290),
    st.sampled_from(["s", "B", "jobs/s", "%", "", "ratio"]),
)
def test_bencher_keeps_every_bit_of_a_number(value: float, low: float, unit: str):
    """Seconds are nanoseconds there and come back by a shift of the point."""
    ((_, content),) = bencher_documents(one_point(value, low, unit))
    (measurement,) = bencher.parse(read_document("x", content)).runs[0].measurements
    assert (measurement.value, measurement.low) == (value, low)


@pytest.mark.parametrize("form", ["asv", "bmf"])
def test_a_folder_that_is_there_is_not_written_into(source: list[str], form: str):
    """It may be the history itself."""
    before = sorted(Path("results").rglob("*"))
    assert run(["export", *source, "--format", form, "--out", "results"]) == ExitCode.USAGE
    assert sorted(Path("results").rglob("*")) == before

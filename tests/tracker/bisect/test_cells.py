"""Cells of our suite that a search measures, kept as results; a few lines stand in for the harness.

The real one is asked in test_bisect_counting.py.
"""

import json
import sys
from pathlib import Path

import pytest

from tests.support.git import commit, git
from tests.support.harness_command import benchmarks_of, set_costs, stand_in_bench
from tracker.asv.builds import Build
from tracker.asv.command import AsvProject
from tracker.bisect.cells import COUNTS, TIMES
from tracker.bisect.measuring import HarnessCommits
from tracker.model import Outcome
from tracker.model.catalogue import METRICS

UNITS = {"round_trips_per_task": "round trips", "cpu_per_kilotask": "s"}


def costs_of(
    trips: float, cpu_s: float
) -> dict[str, dict[str, dict[str, tuple[str, list[float]]]]]:
    """What the only commit costs."""
    return {
        "counts": {"s": {"round_trips_per_task": ("round trips", [trips])}},
        "times": {"s": {"cpu_per_kilotask": ("s", [cpu_s])}},
    }


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A commit that is built."""
    repository = tmp_path / "library"
    repository.mkdir()
    git(repository, "init", "--quiet")
    (repository / "a").touch()
    return Build(
        sha=commit(repository, "One"), subject="One", remark="", python=sys.executable, env_vars={},
        packages={}, repository=str(repository), failure=None, environment="uv-py3.13",
        python_version="3.13",
    )  # fmt: skip


def commits_of(folder: Path, only: str, kept: frozenset[str]) -> HarnessCommits:
    """What measures, with results in *folder*."""
    bench = stand_in_bench(folder, ("s",))
    return HarnessCommits(
        bench=bench,
        project=AsvProject(
            config=folder / "asv.conf.json", results=bench.results, machine="m", overrides={}
        ),
        describe=lambda name, _unit: METRICS[name.rpartition("track_")[2]],
        size="quick",
        kept=kept,
        only=only,
        found=dict(benchmarks_of(("s",), UNITS)),
    )


def stored(folder: Path) -> tuple[dict[str, list[object]], dict[str, object]]:
    """The rows of the only result file, and the only run record."""
    (file,) = (folder / "results" / "m").glob("*-uv-py3.13.json")
    (record,) = (folder / "results" / "m" / "records").glob("*/s.asynctasq.record")
    return json.loads(file.read_text())["results"], json.loads(record.read_text())


def test_what_was_timed_and_counted_is_kept_and_nothing_overwritten(tmp_path: Path, build: Build):
    """Two rounds and two counts of one commit: all samples, in asv's file and in the record."""
    kept = frozenset({build.sha})
    timed, counted = (commits_of(tmp_path, only, kept) for only in (TIMES, COUNTS))
    for trips, cpu_s in ((3.0, 5.0), (3.5, 7.0)):
        set_costs(tmp_path, costs_of(trips, cpu_s))
        found = [each.samples for each in timed.measure(build, "s", 1).readings]
        assert found == [(cpu_s, cpu_s), (0.5,)]
        assert [each.value for each in counted.measure(build, "s", 0).readings] == [trips]

    rows, record = stored(tmp_path)
    assert rows["s.S.track_cpu_per_kilotask"][0][0] == 6
    assert rows["s.S.track_cpu_per_kilotask"][-1][0] == [5, 5, 7, 7]
    assert rows["s.S.track_round_trips_per_task"][-1][0] == [3, 3.5]
    assert record["metrics"]["cpu_per_kilotask"]["samples"] == [5, 5, 7, 7]
    trips = record["counts"]["metrics"]["round_trips_per_task"]
    assert (trips["samples"], trips["value"]) == ([3, 3.5], 3)
    assert len(record["runs"]) == 2


def test_results_without_their_record_are_added_to(tmp_path: Path, build: Build):
    """Somebody removed the records: asv's samples are all that is left of those runs."""
    commits = commits_of(tmp_path, TIMES, frozenset({build.sha}))
    set_costs(tmp_path, costs_of(3, 5))
    commits.measure(build, "s", 1)
    (record,) = (tmp_path / "results" / "m" / "records").glob("*/*.record")
    record.unlink()
    set_costs(tmp_path, costs_of(3, 7))
    commits.measure(build, "s", 2)
    assert stored(tmp_path)[0]["s.S.track_cpu_per_kilotask"][-1][0] == [5, 5, 7, 7]


def test_a_measurement_that_fails_costs_no_result(tmp_path: Path, build: Build):
    """What was recorded stays as it was; the reason is that of the harness."""
    commits = commits_of(tmp_path, TIMES, frozenset({build.sha}))
    set_costs(tmp_path, costs_of(3, 5))
    commits.measure(build, "s", 1)
    before = stored(tmp_path)
    set_costs(tmp_path, {"times": {}})
    answer = commits.measure(build, "s", 2)
    assert answer.outcome is Outcome.FAILED
    assert answer.reason == "the harness ended: it fell over"
    assert stored(tmp_path) == before


def test_a_commit_of_no_branch_leaves_no_result(tmp_path: Path, build: Build):
    """The bad end with the culprit reverted is measured and forgotten."""
    commits = commits_of(tmp_path, COUNTS, frozenset())
    set_costs(tmp_path, costs_of(3, 5))
    assert commits.measure(build, "s", 0).outcome is Outcome.MEASURED
    assert not list((tmp_path / "results").rglob("*.*"))


def test_a_metric_that_was_not_counted_is_named_with_its_reason(tmp_path: Path, build: Build):
    """The commit is passed over; nobody reads a number of another metric."""
    commits = commits_of(tmp_path, COUNTS, frozenset()).wanting("lines_per_task")
    set_costs(tmp_path, costs_of(3, 5))
    answer = commits.measure(build, "s", 0)
    assert answer.outcome is Outcome.FAILED
    assert answer.reason == "s does not count lines_per_task"

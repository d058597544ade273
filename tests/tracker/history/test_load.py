"""Reading whole trees: keys, order, formats, directions."""

import json
from pathlib import Path

import fsspec
import numpy as np
import pytest

from tests.support.asv_tree import (
    load,
    make_repository,
    only,
    why,
    write_benchmarks,
    write_document,
    write_result,
)
from tracker.history import Source, read_history
from tracker.model import Better, Outcome

INF, NAN = float("inf"), float("nan")


def test_a_series_has_its_points_in_the_order_of_the_branch(tree):
    """Files are read in the order of their names and land in the order of the commits."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for number in (4, 1, 3):
        write_result(results, shas[number], {"a.time_x": [[float(number)], [], "1"]})

    history = load(results, repo)

    assert [commit.sha for commit in history.commits] == shas[1:]
    assert only(history).positions.tolist() == [0, 2, 3]
    assert only(history).values.tolist() == [1.0, 3.0, 4.0]


def test_null_is_failed_and_nan_is_not_supported(tree):
    """Null is what asv writes for a failure, NaN what it skipped; both stay, as gaps."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "b.time_works": {}})
    for sha, result in zip(shas, ([1.0], [None], [NAN], None, [2.0]), strict=True):
        rows = {"a.time_x": [result, [], "1"], "b.time_works": [[1.0], [], "1"]}
        write_result(results, sha, rows)

    series, _ = load(results, repo).series

    assert np.isnan(series.values).tolist() == [False, True, True, True, False]
    assert dict(series.outcomes) == {
        1: Outcome.FAILED,
        2: Outcome.UNSUPPORTED,
        3: Outcome.FAILED,
    }
    assert "asv keeps no reason" in series.reasons[1]


def test_two_environments_of_one_commit_are_two_series(tree):
    """Environments that were measured side by side stay apart under their full names."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for version, value in (("1.0", 1.0), ("2.0", 2.0)):
        write_result(
            results,
            shas[0],
            {"a.time_x": [[value], [], "1"]},
            env=f"virtualenv-py3.13-numpy{version}",
            requirements={"numpy": version},
        )

    history = load(results, repo)

    assert [series.key.environment for series in history.series] == [
        "virtualenv-py3.13-numpy1.0",
        "virtualenv-py3.13-numpy2.0",
    ]


def test_a_new_pin_does_not_split_a_series_but_is_a_fact(tree):
    """A requirement that got a new version goes on in the same series; the fact is kept."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for sha, version in zip(shas, ("1.0", "1.0", "2.0"), strict=False):
        write_result(
            results,
            sha,
            {"a.time_x": [[1.0], [], "1"]},
            env=f"virtualenv-py3.13-numpy{version}",
            requirements={"numpy": version},
        )

    history = load(results, repo)

    assert only(history).key.environment == "virtualenv-py3.13-numpy"
    assert [dict(e.facts)["numpy"] for e in history.environments] == ["1.0", "1.0", "2.0"]


def test_format_one_says_the_same_as_format_two(tree):
    """The old format reads as what `asv update` would make of it."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {"params": [["1", "2"]]}, "a.track_y": {}})
    document = {
        "commit_hash": shas[0],
        "date": 0,
        "params": {"machine": "m", "python": "3.13"},
        "python": "3.13",
        "requirements": {},
        "version": 1,
        "benchmark_version": {"a.time_x": "1"},
        "results": {
            "a.time_x": {
                "result": [1.5, None],
                "params": [["1", "2"]],
                "stats": [{"ci_99": [1.0, 2.0], "q_25": 1.2}, None],
                "samples": [[1.4, 1.6], None],
            },
            "a.track_y": 7,
        },
    }
    write_document(results, document, f"{shas[0][:8]}-py3.13.json")

    series = {s.key.params or s.key.benchmark: s for s in load(results, repo).series}

    first = series[("param1", "1"),]
    assert (first.values[0], first.low[0], first.high[0]) == (1.5, 1.0, 2.0)
    assert first.samples_at(0).tolist() == [1.4, 1.6]
    assert dict(series[("param1", "2"),].outcomes) == {0: Outcome.FAILED}
    assert series["a.track_y"].values.tolist() == [7.0]


def test_samples_and_intervals_belong_to_their_points(tree):
    """Repeats of unequal number stay with their commit; an infinite interval is unknown."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {"params": [["1", "2"]]}})
    stats = [[-INF, 0.5], [INF, 1.5], None, None, None, None]
    for number, samples in enumerate(([[1.0], [2.0, 3.0]], [None, [4.0]], [[5.0, INF], None])):
        row = [[1.0, 1.0], [["1", "2"]], "1", 0, 1.0, *stats, samples]
        write_result(results, shas[number], {"a.time_x": row})

    history = load(results, repo)

    one, two = history.series
    assert [one.samples_at(i).tolist() for i in range(3)] == [[1.0], [], [5.0]]
    assert [two.samples_at(i).tolist() for i in range(3)] == [[2.0, 3.0], [4.0], []]
    assert np.isnan(one.low).all()
    assert two.low.tolist() == [0.5] * 3
    assert why(history) == {"not finite numbers": 1}


def test_without_a_repository_the_dates_order_the_commits(tree):
    """No git, no branch: the order is by author date, and the history says so."""
    results, _, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for number in (0, 1, 2):
        write_result(
            results, shas[number], {"a.time_x": [[float(number)], [], "1"]}, date_ms=100 - number
        )

    history = load(results, None)

    assert only(history).values.tolist() == [2.0, 1.0, 0.0]
    assert "No git repository" in history.notes[0]


def test_a_tree_reads_the_same_from_memory_and_from_a_folder(tree):
    """Any fsspec address gives the same history as the folder it was copied from."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {"params": [["1", "2"]]}})
    for number, sha in enumerate(shas):
        row = [[number + 0.5, NAN], [["1", "2"]], "1"]
        write_result(results, sha, {"a.time_x": row})
    memory = fsspec.filesystem("memory")
    for path in results.rglob("*.json"):
        memory.pipe(f"/trees/h4/{path.relative_to(results)}", path.read_bytes())

    near = load(results, repo)
    far = read_history(Source(results="memory://trees/h4", repo=repo))
    file = read_history(Source(results=results.as_uri(), repo=repo))

    for other in (far, file):
        assert [s.values.tolist() for s in other.series] == [s.values.tolist() for s in near.series]
        assert other.excluded == near.excluded


def test_direction_comes_from_the_attribute_the_unit_and_the_rules(tree):
    """`higher_is_better` wins over the unit and the words in it, a unit over the name."""
    results, repo, shas = tree
    write_benchmarks(
        results,
        {
            "a.track_rate": {"unit": "jobs/s"},
            "a.track_flops": {"unit": "gflopss"},
            "a.track_points": {"unit": "GPointss"},
            "a.track_said": {"unit": "unit", "higher_is_better": True},
            "a.track_low": {"unit": "Seconds (lower is better)"},
            "a.track_high": {"unit": "points, higher is better"},
            "a.track_plain": {"unit": "unit"},
            "a.track_write_speed": {"unit": "unit"},
            "Accuracy.track_accuracyLoss": {"unit": "unit"},
            "a.track_speed": {"unit": "ms"},
            "a.track_cacheHits": {"unit": "%"},
            "a.track_miss_share": {"unit": "percent"},
            "a.time_x": {},
        },
    )
    names = json.loads((results / "benchmarks.json").read_text())
    write_result(results, shas[0], {name: [[1.0], [], "1"] for name in names if "." in name})

    metrics = {s.key.benchmark: s.metric for s in load(results, repo).series}

    assert {name for name, one in metrics.items() if one.better is Better.HIGHER} == {
        "a.track_rate", "a.track_flops", "a.track_points", "a.track_said", "a.track_high",
        "a.track_write_speed", "a.track_cacheHits",
    }  # fmt: skip
    assert len(metrics) == 13
    assert metrics["a.track_low"].unit == "s"
    assert metrics["a.track_high"].unit == "points"


def test_a_commit_where_nothing_was_measured_says_so(tree):
    """All null at one commit is one cause: not built, or nothing could run."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "a.time_y": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"], "a.time_y": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [None, [], "1"], "a.time_y": [None, [], "1"]})

    for series in load(results, repo).series:
        assert "nothing was measured at this commit" in series.reasons[1]


@pytest.mark.parametrize("commit", ["?", "", "--all", "{'a': None}", "HEAD", "main"])
def test_a_file_of_no_commit_costs_itself_alone(tmp_path: Path, commit: str):
    """What is written where the commit belongs never reaches git: the other file is read."""
    (sha,) = make_repository(tmp_path / "repo.git", 1)
    results = tmp_path / "results"
    write_benchmarks(results, {"a.time_b": {}})
    write_result(results, sha, {"a.time_b": [[1.0]]})
    document = {"version": 2, "commit_hash": commit, "date": 1, "params": {}, "python": "3.13"}
    rows = {"result_columns": ["result"], "results": {}, "durations": {}, "env_name": "e"}
    write_document(results, document | rows, "00000000-e.json")
    source = Source(results=str(results), repo=tmp_path / "repo.git", skip_damaged=True)
    history = read_history(source)
    assert [one.sha for one in history.commits] == [sha]
    assert [one.values.tolist() for one in history.series] == [[1.0]]


@pytest.mark.parametrize("params", [3.5, None, "ab", [1, 2], [None], [["x"], 2.5]])
def test_parameters_that_are_no_lists_cost_their_benchmark_alone(tmp_path: Path, params: object):
    """An entry of benchmarks.json is spoilt: the others are read."""
    (sha,) = make_repository(tmp_path / "repo.git", 1)
    results = tmp_path / "results"
    write_benchmarks(results, {"a.time_b": {}, "a.time_c": {"params": params}})
    write_result(results, sha, {"a.time_b": [[1.0]], "a.time_c": [[2.0], [["x"]]]})
    history = read_history(Source(results=str(results), repo=tmp_path / "repo.git"))
    assert {one.key.benchmark: one.values.tolist() for one in history.series}["a.time_b"] == [1.0]

"""Reading whole trees: keys, order, and everything that is left out."""

import json
import shutil
from pathlib import Path

import fsspec
import numpy as np
import pytest

from tests.asv_tree import make_repository, write_benchmarks, write_document, write_result
from tracker.errors import DataError
from tracker.history import Source, load_history, read_run_records
from tracker.history.columns import GONE, NO_PARAMETER, OLDER, TWICE
from tracker.model import Better, History, Outcome, Series

INF, NAN = float("inf"), float("nan")


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, Path, list[str]]:
    """An empty results folder, a repository of five commits, and their shas."""
    return tmp_path / "results", tmp_path / "repo.git", make_repository(tmp_path / "repo.git", 5)


def load(results: Path, repo: Path | None, **more) -> History:
    """Read *results* against *repo*."""
    return load_history(Source(results=str(results), repo=repo, **more))


def only(history: History) -> Series:
    """The one series of *history*."""
    assert len(history.series) == 1
    return history.series[0]


def why(history: History) -> dict[str, int]:
    """Reason to count of all exclusions."""
    return {exclusion.why: exclusion.count for exclusion in history.excluded}


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
    """Null is what asv writes for a failure , NaN what it skipped; both stay, as gaps."""
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


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1.5", "not a number"),
        ([1.5], "not a number"),
        ({"a": 1}, "not a number"),
        (True, "true or false"),
        (INF, "infinite"),
        (-INF, "infinite"),
        (1e300, "beyond 1e150"),
        (10**400, "beyond 1e150"),
    ],
)
def test_a_hostile_value_is_left_out_counted_and_named(tree, value: object, reason: str):
    """What breaks asv (a string, an infinite value) costs one point and is named."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for sha, result in zip(shas, (1.0, 2.0, value, 3.0, -4), strict=True):
        write_result(results, sha, {"a.time_x": [[result], [], "1"]})

    history = load(results, repo)

    assert only(history).values[[0, 1, 3, 4]].tolist() == [1.0, 2.0, 3.0, -4.0]
    assert np.isnan(only(history).values[2])
    assert [(e.what, e.count) for e in history.excluded] == [("a.time_x", 1)]
    assert reason in history.excluded[0].why
    assert shas[2][:8] in history.excluded[0].example


def test_values_of_another_version_and_of_gone_benchmarks_are_counted(tree):
    """A changed version breaks the series openly; a renamed benchmark is named."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {"version": "2", "params": [["1", "2"]]}})
    rows = [[1.0, 2.0], [["1", "2"]]]
    write_result(results, shas[0], {"a.time_x": [*rows, "1"], "a.time_gone": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [*rows, "2"]})
    write_result(results, shas[2], {"a.time_x": [[1.0, 9.0], [["1", "3"]], "2"]})

    history = load(results, repo)

    assert [series.values.tolist() for series in history.series] == [[1.0, 1.0], [2.0]]
    assert why(history) == {OLDER: 2, GONE: 1, NO_PARAMETER: 1}


def test_results_of_commits_off_the_branch_are_named(tree):
    """A commit that git does not know and one beside the branch are told apart."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    write_result(results, "f" * 40, {"a.time_x": [[1.0], [], "1"]})

    history = load(results, repo)

    assert why(history) == {"commit is not in the repository": 1}
    assert "ffffffffffff" in history.excluded[0].example


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


def test_a_cell_measured_twice_keeps_the_first_and_says_so(tree):
    """The same commit, machine and environment in two files cannot both be the point."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    path = write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    shutil.copy(path, path.with_name("zz.json"))

    history = load(results, repo)

    assert only(history).values.tolist() == [1.0]
    assert why(history) == {TWICE: 1}


def test_a_benchmark_that_is_always_skipped_gives_no_series(tree):
    """Nothing but n/a is no history; a note counts and names it, and nobody is alarmed."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "a.time_y": {}})
    write_result(results, shas[0], {"a.time_x": [[NAN], [], "1"], "a.time_y": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [None, [], "1"], "a.time_y": [None, [], "1"]})

    history = load(results, repo)

    assert only(history).key.benchmark == "a.time_y"
    assert why(history) == {}
    assert history.notes[0].startswith("1 cell is n/a at every commit")
    assert "a.time_x" in history.notes[0]


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


def test_a_half_written_file_is_an_error_that_names_it(tree):
    """A file that was cut short stops the reading, unless it may be skipped; then it is counted."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    path = write_result(results, shas[1], {"a.time_x": [[1.0], [], "1"]})
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(DataError, match=path.name) as caught:
        load(results, repo)
    history = load(results, repo, skip_damaged=True)

    assert "--skip-damaged" in caught.value.next_step
    assert [e.what for e in history.excluded] == [f"m/{path.name}"]
    assert len(only(history).values) == 1


@pytest.mark.parametrize("missing", ["tree", "benchmarks.json", "files", "branch"])
def test_nothing_to_read_is_one_line_with_a_next_step(tree, missing: str):
    """Each way of having no results names what is missing."""
    results, repo, shas = tree
    if missing != "tree":
        results.mkdir()
    if missing not in {"tree", "benchmarks.json"}:
        write_benchmarks(results, {"a.time_x": {}})
    if missing == "branch":
        write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})

    with pytest.raises(DataError) as caught:
        load(results, repo, branch="nowhere")

    assert "\n" not in caught.value.message
    assert caught.value.next_step


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
    far = load_history(Source(results="memory://trees/h4", repo=repo))
    file = load_history(Source(results=results.as_uri(), repo=repo))

    for other in (far, file):
        assert [s.values.tolist() for s in other.series] == [s.values.tolist() for s in near.series]
        assert other.excluded == near.excluded


def test_direction_comes_from_the_attribute_the_unit_and_the_rules(tree):
    """`higher_is_better` wins over the unit, the user's rule over both."""
    results, repo, shas = tree
    write_benchmarks(
        results,
        {
            "a.track_rate": {"unit": "jobs/s"},
            "a.track_said": {"unit": "unit", "higher_is_better": True},
            "a.track_plain": {"unit": "unit"},
            "a.time_x": {},
        },
    )
    names = ("track_rate", "track_said", "track_plain", "time_x")
    write_result(results, shas[0], {f"a.{name}": [[1.0], [], "1"] for name in names})

    history = load(results, repo)

    assert [s.metric.better for s in history.series] == [
        Better.HIGHER,
        Better.HIGHER,
        Better.LOWER,
        Better.LOWER,
    ]


def record(sha: str, **more: object) -> dict[str, object]:
    """A run record as far as a history reads it."""
    head = {
        "schema": 1,
        "library": "celery",
        "library_versions": {"celery": "5.6", "redis": "6.0"},
        "scenario": "a",
        "tracked": False,
        "commit": sha,
        "environment": "virtualenv-py3.13",
        "machine": "m",
        "facts": {"broker": "redis 8.0"},
        "outcome": "failed",
        "reason": "the broker died",
        "runs": [],
    }
    return head | more


def write_record(results: Path, name: str, content: object) -> None:
    """Write one run record."""
    folder = results / "m" / "records" / "x"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))


def test_run_records_give_reasons_and_facts(tree):
    """A failed cell says why, and what is around it is known; a damaged record is named."""
    results, repo, shas = tree
    params = {"params": [["'celery'", "'rq'"]], "param_names": ["library"]}
    write_benchmarks(results, {"a.A.track_throughput": {**params, "unit": "tasks/s"}})
    for sha, celery in zip(shas[:2], (5.0, None), strict=True):
        row = [[celery, 1.0], params["params"], "1"]
        write_result(results, sha, {"a.A.track_throughput": row})
    write_record(results, "a.celery.record", record(shas[1]))
    write_record(results, "a.rq.record", record(shas[1], schema=99))

    history = load(results, repo)

    celery, rq = history.series
    assert (celery.library, celery.metric.better, rq.library) == ("celery", Better.HIGHER, "rq")
    assert dict(celery.reasons) == {1: "the broker died"}
    facts = dict(history.environments[1].facts)
    assert (facts["broker"], facts["celery: redis"]) == ("redis 8.0", "6.0")
    assert why(history) == {"damaged run record: schema 99, expected 1": 1}
    assert [r["scenario"] for r in read_run_records(str(results))] == ["a"]


def test_a_commit_that_does_not_build_says_why_in_every_failed_cell(tree):
    """The record of the build is the reason of each null, unless a cell has its own."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "a.time_y": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"], "a.time_y": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [None, [], "1"], "a.time_y": [[NAN], [], "1"]})
    head = record(shas[1], scenario="build", library="project", reason="no such file: setup.py")
    write_record(results, "build.record", head)

    failed, skipped = load(results, repo).series

    assert dict(failed.reasons) == {1: "no such file: setup.py"}
    assert "n/a" in skipped.reasons[1]


def test_a_commit_where_nothing_was_measured_says_so(tree):
    """All null at one commit is one cause: not built, or nothing could run."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "a.time_y": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"], "a.time_y": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [None, [], "1"], "a.time_y": [None, [], "1"]})

    for series in load(results, repo).series:
        assert "nothing was measured at this commit" in series.reasons[1]

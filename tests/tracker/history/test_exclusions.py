"""What is left out of a history: counted, named, and never in the way of the rest."""

import shutil
import subprocess

import numpy as np
import pytest

from tests.support.asv_tree import load, only, why, write_benchmarks, write_result
from tracker.errors import DataError
from tracker.history.asv.columns import GONE, NO_PARAMETER, OLDER, TWICE

INF, NAN = float("inf"), float("nan")


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


def test_a_tree_whose_benchmarks_are_others_says_so(tree):
    """Where benchmarks.json was written anew, no value of the old results is taken; as OpenMC's."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {"version": "2"}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    history = load(results, repo)
    assert not history.series
    assert any("nothing was taken from 1 result file: benchmarks.json" in n for n in history.notes)

    write_result(results, shas[1], {"a.time_x": [[1.0], [], "2"]})
    assert not any("nothing was taken" in note for note in load(results, repo).notes)


def test_results_of_commits_off_the_branch_are_named(tree):
    """A commit that git does not know and one beside the branch are told apart."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"]})
    write_result(results, "f" * 40, {"a.time_x": [[1.0], [], "1"]})

    history = load(results, repo)

    assert why(history) == {"commit is not in the repository": 1}
    assert "ffffffffffff" in history.excluded[0].example


@pytest.mark.parametrize("depth", [1, 3])
def test_a_shallow_clone_is_named_with_what_it_lacks(tree, depth: int):
    """The default checkout of a CI job has one commit: its history is no shorter history."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}})
    for sha in shas[:3]:
        write_result(results, sha, {"a.time_x": [[1.0], [], "1"]})
    clone = repo.with_name("shallow")
    command = ["git", "clone", "--quiet", "--depth", str(depth), repo.as_uri(), str(clone)]
    subprocess.run(command, check=True)

    if depth == 1:
        with pytest.raises(DataError, match="of 3 commits with results none") as caught:
            load(results, clone)
        assert "--unshallow" in caught.value.next_step
    else:
        assert "without 2 of the commits" in load(results, clone).notes[0]


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
    assert history.notes[0].startswith("1 combination has no result at any commit")
    assert "a.time_x" in history.notes[0]


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


@pytest.mark.parametrize("content", ["[]", "{", "3"])
def test_a_list_of_benchmarks_that_is_none_is_named(tree, content: str):
    """It cannot be read, in words and with the way to write it anew."""
    results, repo, _ = tree
    results.mkdir()
    (results / "benchmarks.json").write_text(content)

    with pytest.raises(DataError, match=r"benchmarks\.json cannot be read: (?!'list')") as caught:
        load(results, repo)
    assert "just-discover" in caught.value.next_step

"""What run records add to a history: the reasons of failed cells, and facts."""

import numpy as np

from tests.support.asv_tree import load, why, write_benchmarks, write_result
from tests.support.run_records import counts, run_record, store_record
from tracker.history.asv.tree import open_tree
from tracker.model import Better

NAN = float("nan")


def record(sha: str, library: str = "celery", **more: object) -> dict[str, object]:
    """A record of a cell that failed."""
    failed = {
        "library_versions": {"celery": "5.6", "redis": "6.0"},
        "scenario": "a",
        "commit": sha,
        "environment": "virtualenv-py3.13",
        "facts": {"broker": "redis 8.0"},
        "outcome": "failed",
        "reason": "the broker died",
    }
    return run_record(library, **{**failed, **more})


def test_run_records_give_reasons_and_facts(tree):
    """A failed cell says why, and what is around it is known; a damaged record is named."""
    results, repo, shas = tree
    params = {"params": [["'celery'", "'rq'"]], "param_names": ["library"]}
    write_benchmarks(results, {"a.A.track_throughput": {**params, "unit": "tasks/s"}})
    for sha, celery in zip(shas[:2], (5.0, None), strict=True):
        row = [[celery, 1.0], params["params"], "1"]
        write_result(results, sha, {"a.A.track_throughput": row})
    store_record(results, record(shas[1]))
    store_record(results, record(shas[1], library="rq", schema=99))

    history = load(results, repo)

    celery, rq = history.series
    assert (celery.library, celery.metric.better, rq.library) == ("celery", Better.HIGHER, "rq")
    assert dict(celery.reasons) == {1: "the broker died"}
    facts = dict(history.environments[1].facts)
    assert (facts["broker"], facts["celery: redis"]) == ("redis 8.0", "6.0")
    assert why(history) == {"damaged run record: schema 99, expected 1": 1}
    assert [record.library for record in history.records] == ["celery"]


def test_a_count_has_the_spread_that_its_run_record_tells(tree):
    """By commit; NaN where the record is lost, and nothing for what is timed."""
    results, repo, shas = tree
    params = {"params": [["'p'"]], "param_names": ["library"]}
    lines, rate = "a.A.track_lines_per_task", "a.A.track_throughput"
    write_benchmarks(
        results, {lines: {**params, "unit": "lines"}, rate: {**params, "unit": "tasks/s"}}
    )
    for sha in shas[:3]:
        row = [[396.0], params["params"], "1"]
        write_result(results, sha, {lines: row, rate: row})
    for sha, spread in zip(shas[:2], (0.0, 2.5), strict=True):
        store_record(
            results,
            record(
                sha,
                library="p",
                outcome="measured",
                reason="",
                counts=counts(lines_per_task=spread),
            ),
        )

    by_name = {one.metric.name: one for one in load(results, repo).series}

    spreads = by_name["lines_per_task"].spreads
    assert np.array_equal(spreads, [0.0, 2.5, NAN], equal_nan=True)
    assert by_name["throughput"].spreads.size == 0


def test_a_commit_that_does_not_build_says_why_in_every_failed_cell(tree):
    """The record of the build is the reason of each null, unless a cell has its own."""
    results, repo, shas = tree
    write_benchmarks(results, {"a.time_x": {}, "a.time_y": {}})
    write_result(results, shas[0], {"a.time_x": [[1.0], [], "1"], "a.time_y": [[1.0], [], "1"]})
    write_result(results, shas[1], {"a.time_x": [None, [], "1"], "a.time_y": [[NAN], [], "1"]})
    head = record(shas[1], scenario="build", library="project", reason="no such file: setup.py")
    store_record(results, head)

    failed, skipped = load(results, repo).series

    assert dict(failed.reasons) == {1: "no such file: setup.py"}
    assert "n/a" in skipped.reasons[1]


def test_both_kinds_of_tree_take_the_same_files(tmp_path):
    """Stray files of other kinds are neither results nor records, wherever the tree lives."""
    record = tmp_path / "m" / "records" / "aaaaaaaa-e"
    record.mkdir(parents=True)
    for path in ("m/a.json", "m/b.record", "benchmarks.json"):
        (tmp_path / path).write_text("{}")
    for name in ("s.celery.record", "notes.txt"):
        (record / name).write_text("{}")
    local, remote = open_tree(str(tmp_path)), open_tree(f"file://{tmp_path}")
    for tree in (local, remote):
        assert [stamp.path for stamp in tree.list_files()] == ["benchmarks.json", "m/a.json"]
        assert [s.path for s in tree.list_records()] == ["m/records/aaaaaaaa-e/s.celery.record"]

"""What run records add to a history: the reasons of failed cells, and facts."""

import json
from pathlib import Path

from tests.asv_tree import load, why, write_benchmarks, write_result
from tracker.history import read_run_records
from tracker.model import Better

NAN = float("nan")


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

"""asv's own reader as the oracle: the same values, intervals and repeats come out of its files."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from asv.results import Results

from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.support.asv_tree import write_document
from tracker.history import Source, read_history
from tracker.history.asv.benchmarks import parse_result_file
from tracker.history.asv.cells import Code, Entries

SHAPE = Shape(commits=4, benchmarks=3, params=2, machines=2, samples=5)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic tree with repeats."""
    folder = tmp_path_factory.mktemp("oracle")
    write_tree(folder, SHAPE)
    return folder


def test_every_value_is_what_asv_reads(tree: Path):
    """Values to the bit, the stored interval, and the repeats in their order."""
    history = read_history(Source(results=str(tree / "results"), repo=tree / "repo.git"))
    theirs = {}
    for path in (tree / "results").glob("*/*-virtualenv*.json"):
        loaded = Results.load(str(path))
        theirs[path.parent.name, loaded.commit_hash] = loaded

    for series in history.series:
        benchmark, params = series.key.benchmark, [["0", "1"]]
        number = params[0].index(series.key.params[0][1])
        for i, position in enumerate(series.positions.tolist()):
            loaded = theirs[series.key.machine, history.commits[position].sha]
            stats = loaded.get_result_stats(benchmark, params)[number]
            assert series.values[i] == loaded.get_result_value(benchmark, params)[number]
            assert (series.low[i], series.high[i]) == (stats["ci_99_a"], stats["ci_99_b"])
            samples = loaded.get_result_samples(benchmark, params)[number]
            assert series.samples_at(i).tolist() == samples
    assert len(history.series) == 3 * 2 * 2


def test_a_file_of_format_one_reads_as_what_asv_makes_of_it(tmp_path: Path):
    """`asv update` and our reader give the same cells, nulls and lone values included."""
    document = {
        "commit_hash": "a" * 40,
        "date": 1,
        "params": {"machine": "m", "python": "3.6"},
        "python": "3.6",
        "requirements": {"numpy": "1.12"},
        "version": 1,
        "benchmark_version": {"a.time_x": "v", "a.time_failed": "v"},
        "results": {
            "a.time_failed": {"result": None, "params": [["1", "2"]]},
            "a.time_x": {
                "result": [1.5, None, float("nan")],
                "params": [["1", "2", "3"]],
                "stats": [{"ci_99": [1.0, 2.0], "q_25": 1, "q_75": 2}, None, None],
                "samples": [[1.0, 2.0], None, None],
            },
            "a.track_null": None,
            "a.track_plain": 7.0,
        },
    }
    path = write_document(tmp_path, document, "aaaaaaaa-py3.6-numpy1.12.json")
    updated = Path(shutil.copy(path, path.with_name("updated.json")))
    Results.update(str(updated))
    assert json.loads(updated.read_text())["version"] == 2

    old, new = (
        parse_result_file(f"m/{each.name}", each.read_bytes(), Entries())
        for each in (path, updated)
    )

    for name in ("codes", "values", "low", "high", "samples", "counts"):
        np.testing.assert_array_equal(getattr(old.cells, name), getattr(new.cells, name))
    assert old.facts.environment == new.facts.environment == "py3.6-numpy1.12"
    assert old.cells.codes.tolist() == [
        *[Code.FAILED] * 2,
        *[Code.MEASURED, Code.FAILED, Code.SKIPPED],
        *[Code.FAILED, Code.MEASURED],
    ]

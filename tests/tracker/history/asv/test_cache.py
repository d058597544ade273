"""The cache of parsed files: the same history with it, without it, and with a broken one."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.asv_tree import make_repository, write_benchmarks, write_result
from tracker.history import Source, read_history
from tracker.history.asv import benchmarks as asv_results
from tracker.history.asv import files
from tracker.model import History

NAN = float("nan")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A tree of four commits with samples, gaps and something left out."""
    shas = make_repository(tmp_path / "repo.git", 6)
    results = tmp_path / "results"
    write_benchmarks(results, {"a.time_x": {"params": [["1", "NaN"]]}, "a.time_y": {}})
    for number, sha in enumerate(shas[:4]):
        rows = {
            "a.time_x": [
                [number + 1.5, NAN],
                [["1", "NaN"]],
                "1",
                0,
                1.0,
                *([None] * 6),
                [[number, number + 3.0], None],
            ],
            "a.time_y": [[None if number % 2 else 2.0], [], "1"],
            "a.time_gone": [["text"], [], "1"],
        }
        write_result(results, sha, rows)
    return Source(results=str(results), repo=tmp_path / "repo.git")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are parsed from now on."""
    seen: list[str] = []

    def recording(path: str, *rest: object) -> object:
        seen.append(path)
        return asv_results.parse_result_file(path, *rest)

    monkeypatch.setattr(files, "parse_result_file", recording)
    return seen


def facts(history: History) -> list[object]:
    """Everything in a history that can be compared with ==."""
    rows: list[object] = [history.commits, history.environments, history.excluded]
    for series in history.series:
        arrays = (series.positions, series.values, series.low, series.samples, series.offsets)
        rows += [series.key, series.metric, *(array.tobytes() for array in arrays)]
        rows += [dict(series.outcomes), dict(series.reasons)]
    return rows


def test_a_second_reading_parses_nothing_and_is_the_same_to_the_bit(
    source: Source, tmp_path: Path, parsed: list[str]
):
    """What comes from the cache is what came from the files."""
    plain = read_history(source)
    first = read_history(source, tmp_path / "cache")
    parsed.clear()

    second = read_history(source, tmp_path / "cache")

    assert parsed == []
    assert facts(plain) == facts(first) == facts(second)


def test_only_new_and_changed_files_are_parsed(source: Source, tmp_path: Path, parsed: list[str]):
    """A new file, a changed one and a vanished one: the cache follows."""
    read_history(source, tmp_path / "cache")
    parsed.clear()
    old = sorted(Path(source.results).glob("m/*-virtualenv*"))
    old[0].write_text(old[0].read_text().replace("1.5", "9.5"))
    os.utime(old[0], ns=(1, 1))
    old[1].unlink()
    write_result(Path(source.results), "e" * 40, {"a.time_y": [[2.0], [], "1"]})

    history = read_history(source, tmp_path / "cache")

    assert sorted(parsed) == sorted([f"m/{old[0].name}", "m/eeeeeeee-virtualenv-py3.13.json"])
    assert facts(history) == facts(read_history(source))


def test_a_tree_is_the_same_wherever_it_is_named_from(
    source: Source, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Projects that all call it `results` do not push one another out of the cache."""
    cache = tmp_path / "cache"
    read_history(source, cache)
    other = tmp_path / "other"
    shutil.copytree(source.results, other / "results", copy_function=shutil.copyfile)
    monkeypatch.chdir(other)
    read_history(Source(results="results", repo=source.repo), cache)
    parsed.clear()
    monkeypatch.chdir(tmp_path)
    read_history(Source(results="results", repo=source.repo), cache)
    assert parsed == []
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:0],
        lambda content: content[:100],
        lambda content: content[:-8],
        lambda content: content[:-9] + bytes([content[-9] ^ 255]) + content[-8:],
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: content.replace(b'"version":', b'"varsion":'),
    ],
    ids=["empty", "head only", "cut", "flipped bit", "endless head", "another header"],
)
def test_a_damaged_cache_is_ignored_and_mended(
    source: Source, tmp_path: Path, parsed: list[str], spoil
):
    """Whatever is in the file, the history is right, and the next reading is quick again."""
    expected = facts(read_history(source, tmp_path / "cache"))
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(spoil(path.read_bytes()))

    again = read_history(source, tmp_path / "cache")
    parsed.clear()
    third = read_history(source, tmp_path / "cache")

    assert facts(again) == facts(third) == expected
    assert parsed == []
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [path.name]


def test_a_cache_that_cannot_be_written_is_done_without(source: Source, tmp_path: Path):
    """A file where the folder should be is no reason to fail."""
    (tmp_path / "cache").write_text("in the way")

    assert facts(read_history(source, tmp_path / "cache")) == facts(read_history(source))

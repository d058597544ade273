"""`tracker import` as a whole command: what is in the tree afterwards, and what is said."""

import copy
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asv.benchmarks import Benchmarks
from asv.results import Results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import exchange_files as files
from tests.support.asv_tree import load, make_repository, only, write_benchmarks, write_result
from tracker.cli import run
from tracker.errors import ExitCode
from tracker.model import Better, Series


@pytest.fixture(autouse=True)
def away_from_any_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """No configuration, no repository and no cache but those of the test."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def write(name: str, content: Any) -> str:
    """Write a file as JSON; return its name."""
    Path(name).write_text(json.dumps(content))
    return name


def bring_in(*arguments: str, commit: str = files.SHA) -> int:
    """Import into `history`."""
    return run(["import", *arguments, "--results", "history", "--commit", commit, "--repo", "none"])


def tree(folder: str = "history") -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    root = Path(folder)
    paths = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def series() -> list[Series]:
    """What the tracker reads of `history`."""
    return list(load(Path("history"), None).series)


@pytest.mark.parametrize("form", files.ALL)
def test_each_format_becomes_a_history_with_its_samples(form: str):
    """The tracker's own reader finds the value, the unit and the repeats."""
    assert bring_in(write("file.json", files.ALL[form])) == ExitCode.FINE
    read = {each.key.benchmark: each for each in series()}
    expected = {
        "github-action-benchmark": ("suite.fib[10]", [1e-08, 2e-08, 3e-08], []),
        "pytest-benchmark": ("tests/test_b.py::test_x[1-a]", [0.2], [0.1, 0.2, 0.3]),
        "pyperf": ("telco", [0.2], [0.1, 0.2, 0.3]),
        "hyperfine": ("sleep 1", [2.0], [1.0, 2.0, 3.0]),
        "google-benchmark": ("BM_x/8", [2e-08], [1e-08, 2e-08, 3e-08]),
        "bencher": ("bench::x", [8.8e-08], []),
        "criterion": ("fib/20", [4.2e-08], [4.2e-08, 4.2e-08]),
    }[form]
    found = read[expected[0]]
    assert (found.values.tolist(), found.samples.tolist()) == expected[1:]
    assert (found.metric.unit, found.metric.better) == ("s", Better.LOWER)


@pytest.mark.parametrize("form", files.ALL)
def test_importing_again_changes_no_byte(form: str, capsys: pytest.CaptureFixture[str]):
    """The second call says that everything was there."""
    file = write("file.json", files.ALL[form])
    bring_in(file)
    before = tree()
    capsys.readouterr()
    assert bring_in(file) == ExitCode.FINE
    assert tree() == before
    assert capsys.readouterr().out.startswith("0 values")


def test_a_history_that_has_grown_adds_what_is_new():
    """In any order of calls the same values stand in the tree."""
    whole = files.data_js(10, 20, 30)
    part = copy.deepcopy(whole)
    del part["entries"]["suite"][1:]
    bring_in(write("part.json", part))
    bring_in(write("whole.json", whole))
    assert only(load(Path("history"), None)).values.tolist() == [1e-08, 2e-08, 3e-08]


def test_what_one_commit_has_twice_becomes_its_samples():
    """Three runs, one commit: no value is lost, the median stands for them; file by file too."""
    runs = files.data_js(10, 20, 60)
    for entry in runs["entries"]["suite"]:
        entry["commit"]["id"] = files.SHA
    bring_in(write("all.json", runs))
    together = only(load(Path("history"), None))
    assert (together.values.tolist(), together.samples.tolist()) == ([2e-08], [1e-08, 2e-08, 6e-08])

    for i, entry in enumerate(runs["entries"]["suite"]):
        one = {"entries": {"suite": [entry]}}
        run(["import", write(f"{i}.json", one), "--results", "history2"])
    assert only(load(Path("history2"), None)).samples.tolist() == together.samples.tolist()


def test_commits_that_begin_alike_have_files_of_their_own():
    """Asv names files after eight digits; made up ids often share them."""
    runs = files.data_js(10, 20, 30)
    for number, entry in enumerate(runs["entries"]["suite"]):
        entry["commit"]["id"] = f"{number:040x}"
    file = write("a.json", runs)
    assert bring_in(file) == ExitCode.FINE
    before = tree()
    assert bring_in(file) == ExitCode.FINE
    assert tree() == before
    assert only(load(Path("history"), None)).values.tolist() == [1e-08, 2e-08, 3e-08]


def test_statistics_that_asv_has_a_place_for_are_kept():
    """Of repeats that pytest-benchmark did not store: quartiles, rounds and iterations."""
    file = files.pytest_benchmark(0.1, 0.2, 0.3)
    stats = file["benchmarks"][0]["stats"]
    del stats["data"]
    stats |= {"q1": 0.15, "q3": 0.25, "rounds": 3, "iterations": 7}
    bring_in(write("a.json", file))
    (path,) = Path("history").glob("*/*-*.json")
    kept = Results.load(str(path)).get_result_stats("tests/test_b.py::test_x[1-a]", [])
    assert kept == [{"q_25": 0.15, "q_75": 0.25, "repeat": 3, "number": 7}]


def test_scripts_of_a_site_are_passed_over():
    """A gh-pages folder holds the page's own scripts beside data.js."""
    Path("bench").mkdir()
    Path("bench/app.js").write_text("const x = {")
    text = json.dumps(files.data_js(10))
    Path("bench/data.js").write_text(f"window.BENCHMARK_DATA = {text}")
    assert bring_in("bench") == ExitCode.FINE
    Path("bench/data.js").write_text("window.BENCHMARK_DATA = {")
    assert bring_in("bench") == ExitCode.DATA


def test_numbers_at_the_end_of_all_numbers_are_kept():
    """The formulas of asv overflow on them."""
    bring_in(write("a.json", files.pyperf(1e308, -1e308, 1e300)))
    (path,) = Path("history").glob("*/*-*.json")
    loaded = Results.load(str(path))
    assert loaded.get_result_value("telco", []) == [1e300]
    assert loaded.get_result_samples("telco", []) == [[1e308, -1e308, 1e300]]


def test_repeats_can_be_limited(capsys: pytest.CaptureFixture[str]):
    """The value stays the median of all; what is not kept is counted."""
    file = write("a.json", files.pytest_benchmark(*(i / 10 for i in range(1, 102))))
    assert bring_in(file, "--samples", "5") == ExitCode.FINE
    found = only(load(Path("history"), None))
    assert found.values.tolist() == [5.1]
    assert found.samples.tolist() == [0.1, 2.1, 4.1, 6.1, 8.1]
    assert "96 x repeats: more than --samples" in capsys.readouterr().err


def test_a_unit_that_changes_makes_another_benchmark():
    """Ns and us are one unit, bytes another; a word in brackets says which."""
    first, second, third = files.data_js(5, 6, 7)["entries"]["suite"]
    second["benches"][0]["unit"] = "us"
    third["benches"][0]["unit"] = "KB"
    bring_in(write("file.json", {"entries": {"suite": [first, second, third]}}))
    values = {each.key.benchmark: each.values.tolist() for each in series()}
    assert values == {"suite.fib[10]": [5e-09, 6e-06], "suite.fib[10] [B]": [7000]}


def test_the_last_word_of_the_author_on_the_direction_counts():
    """The tool of a suite can be corrected; the series goes on."""
    runs = files.data_js(10, 20, 30)
    for entry, tool in zip(runs["entries"]["suite"], ["Bigger", "Smaller", "Bigger"], strict=True):
        entry["tool"] = f"custom{tool}IsBetter"
    file = write("a.json", runs)
    bring_in(file)
    before = tree()
    assert only(load(Path("history"), None)).metric.better is Better.HIGHER
    bring_in(file)
    assert tree() == before


def test_names_that_asv_would_take_for_the_same_stay_two():
    """fib(10) and fib[10], `version`, control characters, and names beyond any file's."""
    long = "x" * 300
    names = ["fib(10)", "fib[10]", "version", "two\nlines", long + "1", long + "2", "\ud800"]
    content = {name: {"latency": {"value": i + 1}} for i, name in enumerate(names)}
    assert bring_in(write("bmf.json", content)) == ExitCode.FINE
    assert sorted(each.values[0] for each in series()) == [(i + 1) / 1e9 for i in range(len(names))]
    stored = json.loads(Path("history/benchmarks.json").read_text())
    assert stored["version"] == 2
    assert max(len(name.encode()) for name in stored) <= 200
    assert stored["fib[10]"]["pretty_name"] == "fib(10)"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace(",", ",\r\n").encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: b"window.BENCHMARK_DATA = " + text.encode() + b";\r\n",
        lambda text: b"\xef\xbb\xbfwindow.BENCHMARK_DATA={" + text[1:].encode(),
    ],
    ids=["BOM", "UTF-16", "UTF-16 without BOM", "CRLF", "gzip", "script", "script with BOM"],
)
def test_a_file_is_read_however_it_was_stored(encode):
    """Byte order marks, line ends, packing and the script around the data."""
    Path("data.js").write_bytes(encode(json.dumps(files.data_js(10, 20), ensure_ascii=False)))
    assert bring_in("data.js") == ExitCode.FINE
    assert only(load(Path("history"), None)).values.tolist() == [1e-08, 2e-08]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"a": 1}', b"\xff\xfe\xfa", gzip.compress(b"{}")[:-9], b"[" * 100_000, b"null"],
    ids=["empty", "cut", "unknown", "no text", "cut archive", "deep", "null"],
)
def test_a_damaged_file_costs_itself(content: bytes, capsys: pytest.CaptureFixture[str]):
    """It is named with exit code 3; what stands beside it on the command line is imported."""
    Path("bad.json").write_bytes(content)
    good = write("good.json", files.data_js(10))
    assert bring_in("bad.json", good) == ExitCode.DATA
    said = capsys.readouterr()
    assert "bad.json was not imported" in said.err
    assert "--from" in said.err
    assert "other files were imported" in said.err
    assert said.out.startswith("1 value of 1 benchmark at 1 commit imported")
    assert only(load(Path("history"), None)).values.tolist() == [1e-08]


def test_nothing_else_was_imported_where_there_was_nothing_else(
    capsys: pytest.CaptureFixture[str],
):
    """A damaged file alone: nothing is claimed of others."""
    Path("bad.json").write_bytes(b"{")
    assert bring_in("bad.json") == ExitCode.DATA
    assert "other files" not in capsys.readouterr().err


def test_a_folder_stands_for_its_files(capsys: pytest.CaptureFixture[str]):
    """As pytest-benchmark stores them; what is no result is counted, and links are not followed."""
    place = Path("store/Linux-CPython-3.13-64bit")
    place.mkdir(parents=True)
    for number, sha in enumerate((files.SHA, files.OTHER_SHA)):
        file = files.pytest_benchmark(0.1 + number, sha=sha)
        del file["commit_info"]
        (place / f"000{number}_{sha}_20240301_100000.json").write_text(json.dumps(file))
    (place / "package.json").write_text('{"name": "x"}')
    (place / "loop").symlink_to(Path("..").absolute())
    (place / "endless.json").symlink_to("/dev/zero")
    (place / "self.json").symlink_to("self.json")
    assert bring_in("store", "--quiet") == ExitCode.FINE
    (path_a, path_b) = sorted(path for path in tree() if "pytest" in path)
    assert path_a == "Linux-x86_64/01234567-pytest-benchmark-py3.13.json"
    assert path_b == "Linux-x86_64/89abcdef-pytest-benchmark-py3.13.json"
    bring_in("store")
    assert "note: 1 x files: its format is not known" in capsys.readouterr().err


def test_a_folder_without_results_is_an_error(capsys: pytest.CaptureFixture[str]):
    """Whoever names one expects something in it."""
    Path("empty").mkdir()
    Path("empty/package.json").write_text("{}")
    assert bring_in("empty") == ExitCode.DATA
    assert "empty contains no results in a known format" in capsys.readouterr().err
    assert not Path("history").exists()


def test_the_newest_run_of_each_benchmark_of_criterion_is_taken():
    """The folder holds the run before as well."""
    folder = files.criterion_folder(Path("target"), 40)
    assert bring_in(str(folder)) == ExitCode.FINE
    found = only(load(Path("history"), None))
    assert (found.key.benchmark, found.values.tolist()) == ("fib/20", [4e-08])
    assert bring_in(str(folder / "fib/20/new/estimates.json")) == ExitCode.FINE
    assert len(load(Path("history"), None).series) == 1


def test_files_without_a_commit_belong_to_head():
    """With the date of the commit; without a repository the next step is said."""
    shas = make_repository(Path("repo.git"), 3)
    file = write("file.json", files.ALL["hyperfine"])
    assert run(["import", file, "--results", "history", "--repo", "repo.git"]) == ExitCode.FINE
    history = load(Path("history"), Path("repo.git"))
    assert [commit.sha for commit in history.commits] == [shas[-1]]
    stored = json.loads(Path(f"history/unknown/{shas[-1][:8]}-hyperfine.json").read_text())
    assert stored["date"] == 1_700_000_002_000


def test_without_repository_and_commit_the_next_step_is_said(capsys: pytest.CaptureFixture[str]):
    """Nothing is written then."""
    file = write("file.json", files.ALL["hyperfine"])
    assert run(["import", file, "--results", "history"]) == ExitCode.DATA
    assert "--commit" in capsys.readouterr().err
    assert run(["import", file, "--results", "history", "--commit", "v1"]) == ExitCode.USAGE
    assert not Path("history").exists()


def test_files_of_asv_stay_as_they_are(capsys: pytest.CaptureFixture[str]):
    """A benchmark and a result file that no import wrote are left alone, and that is counted."""
    history = Path("history")
    write_benchmarks(history, {"suite.fib[10]": {}, "mine.time_x": {}})
    name = f"00{files.SHA[2:]}"
    write_result(
        history, name, {"mine.time_x": [[1.0], [], "1"]}, env="hyperfine", machine="unknown"
    )
    before = tree()
    bring_in(
        write("a.json", files.data_js(10)), write("b.json", files.ALL["hyperfine"]), commit=name
    )
    after = tree()
    assert {path: after[path] for path in before if path != "benchmarks.json"} == {
        path: content for path, content in before.items() if path != "benchmarks.json"
    }
    listed = json.loads(after["benchmarks.json"])
    assert {n: listed[n] for n in ("suite.fib[10]", "mine.time_x")} == {
        n: entry for n, entry in json.loads(before["benchmarks.json"]).items() if n != "version"
    }
    said = capsys.readouterr().err
    assert "1 x values: benchmarks.json has a benchmark of that name" in said
    assert "3 x values: another program wrote the result file" in said


def test_a_damaged_tree_is_named_and_not_written(capsys: pytest.CaptureFixture[str]):
    """benchmarks.json cut short holds names that nobody else knows."""
    Path("history").mkdir()
    Path("history/benchmarks.json").write_text("{")
    assert bring_in(write("a.json", files.data_js(10))) == ExitCode.DATA
    assert "history/benchmarks.json cannot be read" in capsys.readouterr().err
    assert tree() == {"benchmarks.json": b"{"}


def test_a_damaged_result_file_costs_its_commit(capsys: pytest.CaptureFixture[str]):
    """It is named and left as it is; the other commits come in."""
    file = write("a.json", files.data_js(10, 20, 30))
    bring_in(file)
    damaged, *others = sorted(Path("history/unknown").glob("*-github*.json"))
    damaged.write_text("{")
    for path in others:
        path.unlink()
    assert bring_in(file) == ExitCode.DATA
    assert f"{damaged} cannot be read" in capsys.readouterr().err
    assert damaged.read_text() == "{"
    assert all(path.exists() for path in others)


def test_benchmarks_that_asv_has_forgotten_are_listed_again():
    """`asv run` writes benchmarks.json anew."""
    file = write("a.json", files.data_js(10))
    bring_in(file)
    before = tree()
    Path("history/benchmarks.json").write_text('{"version": 2}')
    bring_in(file)
    assert tree() == before


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "x\n"])
def test_a_machine_is_a_folder_of_the_tree(name: str):
    """Never one outside of it."""
    assert bring_in(write("a.json", files.data_js(10)), "--machine", name) == ExitCode.USAGE
    assert not Path("history").exists()


def test_standard_input_is_a_file(monkeypatch: pytest.MonkeyPatch):
    """A benchmark's output can be piped in."""
    command = [sys.executable, "-m", "tracker", "import", "-", "--results", "history"]
    content = json.dumps(files.data_js(10)).encode()
    subprocess.run(command, input=content, check=True, capture_output=True)
    assert only(load(Path("history"), None)).values.tolist() == [1e-08]


@pytest.mark.parametrize("form", files.ALL)
def test_asv_reads_what_was_imported(form: str):
    """Its own classes load every file, and find the value and the repeats."""
    bring_in(write("file.json", files.ALL[form]))
    listed = json.loads(Path("history/benchmarks.json").read_text())
    names = {name for name in listed if name != "version"}
    ours = {each.key.benchmark: each for each in series()}
    assert names == set(ours)
    for path in Path("history").glob("*/*-*.json"):
        loaded = Results.load(str(path), machine_name=path.parent.name)
        for name in loaded.get_all_result_keys():
            assert loaded.get_result_value(name, [])[0] in ours[name].values
            assert loaded.get_result_samples(name, []) == [ours[name].samples.tolist() or None]
    assert Benchmarks.api_version == listed["version"]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["\ud800", "x" * 400, "../..", 10**400, -1, "1e999", "NaN", "2024", "version"]),
    st.lists(st.none() | st.floats(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in *content*."""
    below = content.items() if isinstance(content, dict) else enumerate(content)
    found = [path] if path else []
    if isinstance(content, dict | list):
        for key, value in below:
            more = places(value, (*path, key)) if isinstance(value, dict | list) else []
            found += more or [(*path, key)]
    return found


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.data())
def test_a_file_with_any_value_in_any_place_is_imported_or_refused(data: st.DataObject):
    """Nothing is unforeseen, and what is written can be read by asv and by us."""
    form = data.draw(st.sampled_from(sorted(files.ALL)))
    content = copy.deepcopy(files.ALL[form])
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(places(content)))
        holder = content
        for key in parents:
            holder = holder[key]
        holder[last] = data.draw(ODD)
    shutil.rmtree("history", ignore_errors=True)
    forced = ["--from", form] if data.draw(st.booleans()) else []
    assert bring_in(write("file.json", content), "--quiet", *forced) in {
        ExitCode.FINE,
        ExitCode.DATA,
    }
    for path in Path("history").glob("*/*-*.json"):
        Results.load(str(path), machine_name=path.parent.name)
    if Path("history").exists():
        reasons = {each.why for each in load(Path("history"), None).excluded}
        assert all("finite" in why or "1e150" in why for why in reasons)

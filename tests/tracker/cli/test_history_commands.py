"""`tracker report` and `tracker detect` as whole commands, on real trees."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.evaluation.synthetic_tree import Shape, add_commit, write_tree
from tests.support.asv_tree import write_result
from tracker.cli import run
from tracker.errors import ExitCode, NetworkError
from tracker.execution.parallel import open_mapper
from tracker.report.history.json_document import Document

SHAPE = Shape(commits=60, benchmarks=6, params=2, machines=2, seed=3)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic tree with true steps; not to be changed."""
    folder = tmp_path_factory.mktemp("tree")
    write_tree(folder, SHAPE)
    return folder


@pytest.fixture
def tree(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may change, and a cache of its own."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    return Path(shutil.copytree(original, tmp_path / "tree"))


def detect(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Document]:
    """The exit code and the document of `tracker detect`."""
    code = run(["detect", "--format", "json", *arguments])
    return code, msgspec.json.decode(capsys.readouterr().out, type=Document)


def test_large_true_steps_are_found(tree: Path, capsys: pytest.CaptureFixture[str]):
    """Most steps of 15 % or more with room on both sides are found within two commits."""
    code, document = detect(capsys, "--config", str(tree / "asv.conf.json"))

    places = {c.sha: i for i, c in enumerate(_commits(tree))}
    found = {(c.benchmark, c.params["n"], places[c.commit.sha]) for c in document.changes}
    truth = [
        (step["benchmark"], step["param"], step["index"])
        for step in json.loads((tree / "truth.json").read_text())
        if abs(step["ratio"] - 1) > 0.15 and 10 < step["index"] < 50
    ]
    hits = [
        step
        for step in truth
        if any((step[0], step[1], step[2] + off) in found for off in (-2, -1, 0, 1, 2))
    ]
    assert truth
    assert len(hits) >= 0.6 * len(truth)
    assert code == (ExitCode.REGRESSION if document.regressions else ExitCode.FINE)


def _commits(tree: Path) -> list:
    """The commits of the tree's repository as its history has them."""
    from tracker.history.commits import read_branch

    return list(read_branch(tree / "repo.git", "main"))


def test_results_alone_are_enough(tree: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Without any configuration the results and the repository can be named on their own."""
    arguments = ["--results", str(tree / "results"), "--repo", str(tree / "repo.git")]

    _, named = detect(capsys, *arguments, "--config", str(tmp_path / "none.json"))
    _, configured = detect(capsys, "--config", str(tree / "asv.conf.json"))

    assert named.changes == configured.changes


def test_the_results_name_one_of_several_configurations(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Where several suites lie below, the one whose results are asked for gives all else."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/asv.conf.json").write_text("{}")
    monkeypatch.chdir(tmp_path)

    assert run(["report"]) == ExitCode.USAGE
    assert "several configurations of asv: other/asv.conf.json" in capsys.readouterr().err
    assert detect(capsys, "--results", "tree/results") == detect(
        capsys, "--config", str(tree / "asv.conf.json")
    )


def test_results_of_another_folder_are_not_those_of_projects_that_lie_below(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """One or several: outside of a repository nothing says that they belong together."""
    shutil.copytree(tree / "results", tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    for others in (("one",), ("two", "three")):
        for name in others:
            (tmp_path / name).mkdir()
            (tmp_path / name / "asv.conf.json").write_text('{"project": "another"}')
        _, document = detect(capsys, "--results", "moved")
        assert document.project != "another"


def test_a_second_call_says_the_same(tree: Path, capsys: pytest.CaptureFixture[str]):
    """Answers that were kept are the answers that would be given."""
    config = ["--config", str(tree / "asv.conf.json")]

    assert detect(capsys, *config) == detect(capsys, *config)


def test_kept_answers_are_those_of_a_fresh_judgement_after_a_new_commit(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """With one commit more, what the caches give is what an empty cache gives."""
    config = ["--config", str(tree / "asv.conf.json")]
    detect(capsys, *config)
    add_commit(tree, SHAPE)

    kept = detect(capsys, *config)
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "empty"))

    assert kept == detect(capsys, *config)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_report_has_a_form_for_everyone(tree: Path, capsys: pytest.CaptureFixture[str], form: str):
    """Each form goes to stdout alone; notes go to stderr and can be silenced."""
    code = run(["report", "--config", str(tree / "asv.conf.json"), "--format", form, "--quiet"])

    said = capsys.readouterr()
    assert code in {ExitCode.FINE, ExitCode.REGRESSION}
    assert "synthetic" in said.out
    assert said.err == ""


def test_a_hostile_value_costs_one_point(tree: Path, capsys: pytest.CaptureFixture[str]):
    """One infinite value and one string, which stop asv for ever, are named in the report."""
    sha = _commits(tree)[-1].sha
    write_result(
        tree / "results",
        sha,
        {
            "suite_0.Suite.time_job_0": [[float("inf"), "text"], [["0", "1"]], "1"],
            "suite_0.Suite.time_job_1": [[1.0, 2.0], [["0", "1"]], "1"],
        },
        machine="machine0",
        env="virtualenv-py3.11",
        python="3.11",
    )

    run(["report", "--config", str(tree / "asv.conf.json")])

    out = capsys.readouterr().out
    assert "suite_0.Suite.time_job_0: 1 x the value is infinite" in out
    assert "suite_0.Suite.time_job_0: 1 x the value is not a number" in out


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lambda t: shutil.rmtree(t / "results"), ExitCode.DATA, "no results here"),
        (lambda t: (t / "asv.conf.json").write_text("{"), ExitCode.DATA, "asv.conf.json"),
        (lambda t: (t / "asv.conf.json").unlink(), ExitCode.USAGE, "no configuration file"),
        (lambda t: (t / "results/benchmarks.json").write_text("{"), ExitCode.DATA, "benchmarks"),
        (lambda t: (t / "tracker.toml").write_text("metrics = 1"), ExitCode.DATA, "metrics"),
    ],
    ids=["no results", "broken conf", "no conf", "benchmarks.json", "settings"],
)
def test_bad_input_is_one_line_and_a_next_step(
    tree: Path, capsys: pytest.CaptureFixture[str], spoil, code: ExitCode, words: str
):
    """Each names the thing, says what to do, and has the exit code of its kind."""
    spoil(tree)

    assert run(["report", "--config", str(tree / "asv.conf.json")]) == code

    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert said.out == ""
    assert words in lines[0]
    assert lines[1].strip().startswith("try:")
    assert len(lines) == 2


def test_a_damaged_file_is_told_by_the_text_and_by_the_exit_code(
    tree: Path, capsys: pytest.CaptureFixture[str]
):
    """Everything else is reported; `--skip-damaged` accepts the loss, which stays counted."""
    config = ["--config", str(tree / "asv.conf.json")]
    path = next((tree / "results/machine0").glob("*-*"))
    path.write_text('{"ver')

    assert run(["report", *config]) == ExitCode.DATA

    said = capsys.readouterr()
    assert "of 24 series" in said.out
    assert "result files: 1 x damaged" in said.out
    assert path.name in said.err
    assert "--skip-damaged" in said.err
    assert run(["report", *config, "--skip-damaged"]) in {ExitCode.FINE, ExitCode.REGRESSION}


def _set(tree: Path, **settings: object) -> list[str]:
    """Write *settings* into asv's configuration; return the options that name it."""
    path = tree / "asv.conf.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))
    return ["--config", str(path)]


def test_regressions_are_looked_for_from_where_asv_was_told(
    tree: Path, capsys: pytest.CaptureFixture[str]
):
    """From a commit on, or never: for the benchmarks whose names match, and for no others."""

    def changes(setting: dict[str, str | None]) -> list:
        _, document = detect(capsys, *_set(tree, regressions_first_commits=setting))
        return list(document.changes)

    places = {c.sha: i for i, c in enumerate(_commits(tree))}
    everything = changes({})
    last = max(everything, key=lambda change: places[change.commit.sha])
    middle = places[last.commit.sha] - 12
    pattern = "suite_0"

    late = changes({pattern: next(sha for sha, i in places.items() if i == middle)[:10]})
    assert 0 < len(late) < len(everything)
    assert all(places[change.commit.sha] > middle for change in late)
    assert changes({pattern: None}) == []
    other = changes({last.benchmark: None})
    assert {change.benchmark for change in other} == (
        {change.benchmark for change in everything} - {last.benchmark}
    )


def test_a_threshold_of_asv_is_the_size_that_matters(
    tree: Path, capsys: pytest.CaptureFixture[str]
):
    """The largest that matches counts, and our own rule comes before it."""

    def verdicts(**settings: object) -> set[str]:
        _, document = detect(capsys, *_set(tree, **settings))
        return {change.verdict for change in document.changes}

    thresholds = {"suite_0": 9.0, "suite_0.*main": 0.01}
    assert verdicts() >= {"worse", "better"}
    assert verdicts(regressions_thresholds=thresholds) == {"no_change"}
    (tree / "tracker.toml").write_text('[[metrics]]\npattern = "*"\nfloor = 0.05\n')
    assert verdicts(regressions_thresholds=thresholds) >= {"worse", "better"}


def test_a_setting_of_asv_that_does_not_hold_is_named_once(
    tree: Path, capsys: pytest.CaptureFixture[str]
):
    """Further branches, a commit that is nowhere, a broken expression: a line each."""
    conf = json.loads((tree / "asv.conf.json").read_text())
    conf |= {
        "branches": ["main", "dev", "old"],
        "regressions_first_commits": {".*": "feedbeef"},
        "regressions_thresholds": {"(": 1},
    }
    (tree / "asv.conf.json").write_text(json.dumps(conf))

    run(["report", "--config", str(tree / "asv.conf.json")])

    notes = capsys.readouterr().err
    for word in ("dev, old", "feedbeef", "regressions_thresholds"):
        assert notes.count(word) == 1


def test_the_user_says_what_is_better(tree: Path, capsys: pytest.CaptureFixture[str]):
    """A pattern in tracker.toml turns the direction of what it matches, and of nothing else."""
    config = ["--config", str(tree / "asv.conf.json")]
    _, before = detect(capsys, *config)
    (tree / "tracker.toml").write_text(
        '[[metrics]]\npattern = "suite_0.*"\nbetter = "higher"\nfloor = 0.0\n'
    )

    _, after = detect(capsys, *config)

    assert {change.better for change in before.changes} == {"lower"}
    assert {change.better for change in after.changes} == {"higher"}
    assert [c.ratio for c in before.changes] == [c.ratio for c in after.changes]


@pytest.mark.slow
def test_local_processes_judge_the_same_to_the_bit(
    tree: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    """Two processes and this one give one document."""
    config = ["--config", str(tree / "asv.conf.json")]
    here = detect(capsys, *config)
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "other"))

    assert detect(capsys, *config, "--processes", "2") == here


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A real Dask scheduler with two worker processes on loopback; gives its address."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"temporary-directory": str(tmp_path)}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.mark.slow
def test_a_dask_cluster_judges_the_same_to_the_bit(
    tree: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    scheduler: str,
):
    """Two workers behind a scheduler and this process give one document."""
    config = ["--config", str(tree / "asv.conf.json")]
    here = detect(capsys, *config)
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "other"))

    assert detect(capsys, *config, "--scheduler", scheduler) == here


def test_a_scheduler_that_is_not_there_is_a_network_error(monkeypatch: pytest.MonkeyPatch):
    """Nobody listens: one line after a bounded wait."""
    monkeypatch.setattr("tracker.execution.parallel._TIMEOUT_S", 1)
    started = time.monotonic()

    with (
        pytest.raises(NetworkError, match=r"127\.0\.0\.1:9"),
        open_mapper("tcp://127.0.0.1:9", 1),
    ):
        pass

    assert time.monotonic() - started < 30


def test_reading_a_history_loads_neither_asv_nor_scipy():
    """Start-up is most of the time of a small report: heavy packages stay out of it."""
    code = (
        "import sys, tracker.cli.report;"
        "print([m for m in ('asv', 'scipy', 'fsspec', 'distributed') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_command_starts_no_threads_for_matrices_and_leaves_no_trace_of_it():
    """One thread after loading, whatever the machine; the environment of what is measured stays."""
    code = (
        "import os, psutil, tracker.cli;"
        "before = dict(os.environ);"
        "tracker.cli.group.get_command(None, 'report');"
        "print(psutil.Process().num_threads(), dict(os.environ) == before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "1 True"

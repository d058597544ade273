"""`tracker bisect` in our own suite, by counting."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psutil
import pytest

from tests.support.planted_commits import ROUND_TRIP, make_commits
from tests.support.spine import ROOT, SHORT_RUN, make_project
from tracker import cli
from tracker.model.run_record import decode_run_record
from tracker.system.git import commit_of

ROW = "basic_throughput.BasicThroughput"
TRIPS = "basic_throughput.round_trips_per_task"


def arguments(folder: Path, good: str, bad: str, metric: str) -> list[str]:
    """Of a search in *folder*."""
    return [
        "bisect", good, bad, "--metric", metric, "--machine", "m",
        "--config", str(folder / "project" / "asv.conf.json"), "--repo", str(folder / "library"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("basic_throughput.round_trips", "no metric 'round_trips'"),
        ("basic_throughput", "no metric 'basic_throughput'"),
        ("no_such.round_trips_per_task", "no scenario 'no_such'"),
        ("basic_throughput.x;y\x1b[31m", "no metric"),
    ],
)
def test_a_metric_that_there_is_not_is_refused_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], metric: str, said: str
):
    """What is near to it is named."""
    make_project(tmp_path / "project")
    assert cli.run(arguments(tmp_path, "c0", "c1", metric)) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "round_trips_per_task" in told or "basic_throughput" in told
    assert "\x1b" not in told
    assert not (tmp_path / "project" / ".asv" / "bisect").exists()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_planted_round_trip_is_found_by_counting_real_workers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Stopped by Ctrl-C it goes on; no clock is read; equal ends are said to be equal.

    What it counted stands beside what was timed before, as if `tracker run` had counted it.
    """
    project = make_project(tmp_path / "project")
    repository = make_commits(tmp_path / "library", 4, {3: ROUND_TRIP}, {2})
    timed = [sys.executable, "-m", "tracker", "run", "c4^!", "--only", "times", "--quiet"]
    timed += ["--scenarios", "basic_throughput", "--libraries", "asynctasq"]
    timed += ["--repo", str(repository), "--machine", "m"]
    subprocess.run(timed, cwd=project, env=SHORT_RUN, check=True)
    before = results_of(project, repository, "c4")
    command = arguments(tmp_path, "c0", "c4", TRIPS)
    capsys.readouterr()
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *command],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    limit_s = time.monotonic() + 900
    while time.monotonic() < limit_s and not list((project / ".asv/bisect").glob("*-*.json")):
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert not [p for p in psutil.process_iter(["cwd", "cmdline"]) if _is_of(p, project)]

    assert cli.run(command) == 0

    printed = capsys.readouterr().out
    assert re.match(r"The culprit is one of these 2, .* \(counted, equal within 0\.\d+ r", printed)
    assert re.findall(r"Commit (\d)", printed) == ["2", "3"]
    assert re.search(r"_per_task [23]\S* round trips -> [34]\S* round trips \(\+3", printed)
    (state,) = (project / ".asv" / "bisect").glob("*-*.json")
    kept = json.loads(state.read_text(encoding="utf-8"))
    assert sorted(each["positions"] for each in kept["rounds"]) == [[0, 4], [1], [1, 3], [3]]
    assert list(kept["unusable"]) == ["2"]
    assert all(metric["count_scatter"] is not None for metric in kept["metrics"].values())
    after = results_of(project, repository, "c4")
    assert before.items() <= after.items()
    assert after[f"{ROW}.track_round_trips_per_task"] > 2
    assert results_of(project, repository, "c1")[f"{ROW}.track_round_trips_per_task"] > 2
    report = ["report", "--config", command[-3], "--repo", str(repository), "--format", "json"]
    assert cli.run(report) in {0, 1}
    told = json.loads(capsys.readouterr().out)
    assert f"{ROW}.track_round_trips_per_task" in json.dumps(told)
    assert not told["excluded"]

    assert cli.run(arguments(tmp_path, "c0", "c1", TRIPS)) == 0

    printed = capsys.readouterr().out
    assert re.match(r"Nothing to find: (both ends count the same|the ends differ by no m)", printed)


def results_of(project: Path, repository: Path, commit: str) -> dict[str, float]:
    """Benchmark to AsyncTasQ's value at *commit*, by asv's file and our record, which agree."""
    sha = commit_of(repository, commit)
    folder = project / ".asv" / "results" / "m"
    (file,) = folder.glob(f"{sha[:8]}-*.json")
    content = json.loads(file.read_text(encoding="utf-8"))
    (path,) = (folder / "records").glob(f"{sha[:8]}-*/basic_throughput.asynctasq.record")
    record = decode_run_record(path.read_bytes())
    assert (content["commit_hash"], record.commit) == (sha, sha)
    values = {}
    for name, (results, params, *_) in content["results"].items():
        value = results[params[0].index("'asynctasq'")]
        if isinstance(value, float) and not math.isnan(value):
            values[name] = value
            assert value == pytest.approx(median(record.samples_of(name.rpartition("track_")[2])))
    return values


def _is_of(process: psutil.Process, project: Path) -> bool:
    told = [process.info["cwd"] or "", *(process.info["cmdline"] or ())]
    return process.pid != os.getpid() and any(str(project) in text for text in told)

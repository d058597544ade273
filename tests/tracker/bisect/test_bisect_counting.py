"""`tracker bisect` in our own suite, by counting."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.planted_commits import ROUND_TRIP, make_commits
from tests.support.spine import ROOT, make_project
from tracker import cli

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
    """Stopped by Ctrl-C it goes on; no clock is read; equal ends are said to be equal."""
    project = make_project(tmp_path / "project")
    make_commits(tmp_path / "library", 4, {3: ROUND_TRIP}, {2})
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

    assert cli.run(arguments(tmp_path, "c0", "c1", TRIPS)) == 0

    printed = capsys.readouterr().out
    assert re.match(r"Nothing to find: (both ends count the same|the ends differ by no m)", printed)


def _is_of(process: psutil.Process, project: Path) -> bool:
    told = [process.info["cwd"] or "", *(process.info["cmdline"] or ())]
    return process.pid != os.getpid() and any(str(project) in text for text in told)

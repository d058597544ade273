"""`python -m benchmarks.harness.count`, with real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.harness.shared.environments import REPOSITORY

COUNT = (sys.executable, "-m", "benchmarks.harness.count")


def start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    """The command, in a session of its own; its temporary files go to *folder*."""
    return subprocess.Popen(
        [*COUNT, *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TRACKER_TMP": str(folder)},
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no_such_scenario", "--library", "huey"), "no_such_scenario"),
        (("basic_throughput", "--library", "nobody"), "nobody"),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(tmp_path, arguments, said):
    """Exit code 2 and two lines, before anything is started."""
    process = start(*arguments, folder=tmp_path)
    _, error = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said in error
    assert "Traceback" not in error


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_no_process_is_left(tmp_path, number):
    """Neither a frozen worker nor a broker, and no folder: the watchdog cleans up."""
    process = start("basic_throughput", "--library", "huey", folder=tmp_path)
    family: dict[int, psutil.Process] = {}
    limit_s = time.monotonic() + 60
    while not any("huey_consumer" in " ".join(p.cmdline()) for p in _alive(family.values())):
        assert time.monotonic() < limit_s, "no worker was started"
        family |= {p.pid: p for p in psutil.Process(process.pid).children(recursive=True)}
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(number)
    process.communicate(timeout=30)
    psutil.wait_procs(family.values(), timeout=15)

    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(number, -9)
    assert not list(_alive(family.values()))
    while list(tmp_path.iterdir()):
        assert time.monotonic() < limit_s + 30, "the private folder is still there"
        time.sleep(0.05)


def _alive(processes):
    for process in processes:
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            yield process


@pytest.mark.slow
def test_answers_are_written_per_cell(tmp_path):
    """What was counted stands in a file that a tool can read, and in a table for people."""
    out = tmp_path / "out"
    process = start(
        "cold_start", "--library", "huey", "--instrument", "functions", "--out", str(out),
        folder=tmp_path,
    )  # fmt: skip
    table, error = process.communicate(timeout=120)

    assert process.returncode == 0, error
    answer = json.loads((out / "cold_start.huey.json").read_text())
    assert answer["outcome"] == "counted"
    assert answer["counts"]["metrics"]["start_modules"]["value"] > 50
    assert "start_modules" in table

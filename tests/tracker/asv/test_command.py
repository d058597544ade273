"""What asv leaves when it is killed, and that nothing of it stays."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tracker.asv import command as asv_command
from tracker.asv.command import AsvProject, end_fork_servers, run_asv

SERVE = """
import os, signal, socket, sys, time
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.fork()
time.sleep(600)
"""

DYING_ASV = f"""
import os, pathlib, signal, subprocess, sys, tempfile
folder = pathlib.Path(tempfile.mkdtemp(prefix="asv-forkserver-"))
command = [sys.executable, "-S", "-c", {SERVE!r}, str(folder / "socket")]
quiet = subprocess.DEVNULL
server = subprocess.Popen(command, stdout=quiet, stderr=quiet, process_group=0)
while not (folder / "socket").exists():
    pass
print(server.pid, folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""

INTERRUPTED_ASV = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from tracker.asv import entry as asv_entry
asv_entry.main.main = lambda: signal.raise_signal(signal.SIGINT)
asv_entry.run()
"""

PATIENT_ASV = """
import time
from tracker.asv import entry as asv_entry

def main():
    try:
        print("ready", flush=True)
        time.sleep(600)
    finally:
        print("interrupted", flush=True)

asv_entry.main.main = main
asv_entry.run()
"""

CHOOSING_ASV = """
import sys
from asv.commands import run
from tracker.asv import entry as asv_entry

run.Setup.perform_setup = lambda *_, **__: None
run.Benchmarks.discover = lambda _conf, _repo, _envs, commits, regex: sys.exit(" ".join(commits))
sys.argv[1:] = ["run", "TAGS", "--machine", "m", *sys.argv[2:]]
asv_entry.run()
"""


@pytest.fixture
def project(tmp_path):
    """A project with a configuration file; nothing reads it."""
    config = tmp_path / "asv.conf.json"
    config.write_text("{}")
    return AsvProject(config=config, results=tmp_path / "results", machine="m", overrides={})


def test_a_killed_asv_leaves_neither_fork_server_nor_folder(project, monkeypatch):
    """The server that outlives asv is killed with its forks, and its folder is removed."""
    monkeypatch.setattr(asv_command, "ASV", (sys.executable, "-c", DYING_ASV))
    lines: list[str] = []
    code = run_asv(project, ["run"], environment={}, on_line=lines.append)
    pid, folder = lines[0].split()

    assert code < 0
    group = [p for p in psutil.process_iter() if _group(p.pid) == int(pid)]
    psutil.wait_procs(group, timeout=5)
    assert not [p for p in group if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert not Path(folder).parent.exists()


def test_asv_can_be_interrupted_where_sigint_was_ignored(project, monkeypatch):
    """What a shell starts in the background ignores SIGINT; asv must not, for we stop it so."""
    monkeypatch.setattr(asv_command, "ASV", (sys.executable, "-c", INTERRUPTED_ASV))
    assert run_asv(project, ["run"], environment={}, on_line=lambda _: None) == -signal.SIGINT


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_when_we_are_killed_asv_is_interrupted(tmp_path):
    """Nobody is left to end it: it would measure to its end, for hours."""
    settings = {"overrides": {}, "machine_file": "", "records": str(tmp_path), "scenarios": []}
    settings["failures"] = ""
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {PATIENT_ASV!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", start],
        env={**os.environ, "TRACKER_ASV": json.dumps(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as tracker:
        assert tracker.stdout is not None
        assert tracker.stdout.readline() == "ready\n"
        (asv,) = psutil.Process(tracker.pid).children()
        tracker.kill()
        try:
            asv.wait(10)
        finally:
            if asv.is_running():
                asv.kill()
        assert tracker.stdout.read() == "interrupted\n"


def test_asv_finds_the_machine_described_and_nothing_beside_the_results(project, monkeypatch):
    """The description is for this one call: another project's folders gain no file of ours."""
    script = (
        "import json, os; print(open(json.loads(os.environ['TRACKER_ASV'])['machine_file']).read())"
    )
    monkeypatch.setattr(asv_command, "ASV", (sys.executable, "-c", script))
    lines: list[str] = []
    assert run_asv(project, ["run"], environment={}, on_line=lines.append) == 0
    assert json.loads("".join(lines))["m"]["num_cpu"]
    assert [path.name for path in project.config.parent.iterdir()] == ["asv.conf.json"]


def test_other_processes_are_left_alone(tmp_path):
    """A process that names another socket lives on."""
    (tmp_path / "asv-forkserver-a").mkdir()
    other = str(tmp_path / "asv-forkserver-b" / "socket")
    command = [sys.executable, "-S", "-c", "import time; time.sleep(600)", other]
    with subprocess.Popen(command, process_group=0) as process:
        end_fork_servers(tmp_path)
        assert process.poll() is None
        process.kill()


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def test_tags_are_measured_as_their_commits(project, monkeypatch):
    """Results that asv stores under the name of a tag belong to no commit of the branch."""
    folder = project.config.parent
    folder.joinpath("benchmarks").mkdir()
    conf = {"version": 1, "project": "p", "repo": ".", "branches": ["main"], "pythons": ["3.13"]}
    project.config.write_text(json.dumps({**conf, "environment_type": "uv"}))
    for command in (
        ("init", "-q", "-b", "main"),
        ("-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "c"),
        ("tag", "v1"),
        ("-c", "user.name=a", "-c", "user.email=b", "tag", "-m", "annotated", "v1.0"),
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    asked = ["git", "rev-parse", "HEAD"]
    sha = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout

    monkeypatch.setattr(asv_command, "ASV", (sys.executable, "-c", CHOOSING_ASV))
    lines: list[str] = []
    run_asv(project, ["run"], environment={}, on_line=lines.append)
    assert lines[-1] == sha
